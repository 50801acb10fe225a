//! Where git refuses, or has nothing to say: never a clean result for a comparison that was not made.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Output};

use crate::project::{GROUP, binary, code, commit, copy, edit, expect, git, project, rename, said};

fn run_with(dir: &Path, args: &[&str], environment: &[(&str, &str)]) -> Output {
    let mut command = Command::new(binary());
    command.current_dir(dir).args(args).envs(environment.iter().copied());
    command.output().expect("the binary runs")
}

/// Every way to ask for a comparison ends in 3, and says why.
fn refuses(dir: &Path, environment: &[(&str, &str)], why: &str) {
    for args in [&["check"][..], &["check", "--base", "main"], &["check", "--against", "main"], &["diff"]] {
        let output = run_with(dir, args, environment);
        let text = said(&output);
        assert_eq!(code(&output), 3, "{args:?}: {text}");
        assert!(text.contains(why) && text.contains("this is no clean result"), "{args:?}: {text}");
    }
}

#[test]
fn a_repository_that_git_refuses_is_no_clean_result() {
    let project = project();
    let dir = project.path();
    rename(dir);
    refuses(dir, &[("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")], "dubious ownership");
    refuses(dir, &[("PATH", "/no/such/folder")], "cannot run git");
    // A repository of another user, as a container sees a mounted checkout; only root can make one.
    let owned = Command::new("chown").args(["-R", "12345", "."]).current_dir(dir).output().expect("chown");
    let trusts = Command::new("git").args(["config", "--get-all", "safe.directory"]).output().expect("git");
    if owned.status.success() && trusts.stdout.is_empty() {
        refuses(dir, &[], "dubious ownership");
    }
}

#[test]
fn a_broken_repository_is_no_clean_result() {
    for (file, text) in [(".git/HEAD", ""), (".git/refs/heads/work", "no hash\n"), (".git/config", "[core\n")] {
        let project = project();
        let dir = project.path();
        rename(dir);
        std::fs::write(dir.join(file), text).expect("a file");
        refuses(dir, &[], "git");
    }
    // The commits are there, and what they hold is not.
    let project = project();
    let dir = project.path();
    let blob = git(dir, &["rev-parse", "HEAD:schema/schema.toml"]);
    let (folder, name) = blob.split_at(2);
    std::fs::remove_file(dir.join(".git/objects").join(folder).join(name)).expect("an object");
    refuses(dir, &[], "schema.toml");
}

#[test]
fn outside_of_a_repository_releases_are_compared_and_it_is_said() {
    let project = project();
    let dir = project.path();
    std::fs::remove_dir_all(dir.join(".git")).expect("a repository");
    for environment in [&[][..], &[("PATH", "/no/such/folder")]] {
        let output = run_with(dir, &["check"], environment);
        let text = said(&output);
        assert_eq!(code(&output), 0, "{text}");
        assert!(text.contains("notice: there is no git repository here: compared with releases only"), "{text}");
        for args in [["check", "--base", "main"], ["check", "--against", "main"]] {
            let output = run_with(dir, &args, environment);
            assert_eq!(code(&output), 3, "{args:?}: {}", said(&output));
        }
    }
    // A repository that the environment names, and that is not around the definition.
    refuses(dir, &[("GIT_DIR", "/no/such/repository")], "");
    let waiver = "[[waiver]]\nfingerprint = \"0\"\nreason = \"r\"\nowner = \"o\"\nexpires = \"2026-12-31\"\n";
    std::fs::write(dir.join("schema/waivers.toml"), waiver).expect("a file");
    assert!(expect(dir, &["check"], 3).contains("no date is known"), "a waiver without a date never expires");
}

#[test]
fn a_repository_without_a_commit_has_nothing_to_compare() {
    let project = project();
    let dir = project.path();
    std::fs::remove_dir_all(dir.join(".git")).expect("a repository");
    git(dir, &["init", "-q"]);
    assert!(expect(dir, &["check"], 0).contains("has no commit: compared with releases only"));
    expect(dir, &["check", "--base", "main"], 3);
    expect(dir, &["check", "--against", "main"], 3);
    // A branch without a commit beside others that have some.
    commit(dir, "one");
    git(dir, &["checkout", "-q", "--orphan", "empty"]);
    refuses(dir, &[], "");
}

#[test]
fn a_folder_that_git_ignores_is_in_no_revision() {
    let project = project();
    let dir = project.path();
    copy(&dir.join("schema"), &dir.join("private/schema"));
    std::fs::write(dir.join(".gitignore"), "private/\n").expect("a file");
    let place = ["check", "--schema", "private/schema"];
    assert!(expect(dir, &place, 0).contains("git ignores the folder of the definition"));
    let text = expect(dir, &[&place[..], &["--base", "main"]].concat(), 3);
    assert!(text.contains("git ignores the folder"), "{text}");
    expect(dir, &[&place[..], &["--against", "main"]].concat(), 3);
}

#[test]
fn worktrees_and_submodules_are_repositories() {
    let project = project();
    let dir = project.path();
    rename(dir);
    commit(dir, "a rename");
    git(dir, &["worktree", "add", "-q", "--detach", "linked", "work"]);
    let linked = dir.join("linked");
    assert!(expect(&linked, &["check", "--base", "main"], 1).contains("breaking[UE-C06]"));
    let parent = tempfile::tempdir().expect("a folder");
    git(parent.path(), &["init", "-q"]);
    let url = dir.display().to_string();
    git(parent.path(), &["-c", "protocol.file.allow=always", "submodule", "--quiet", "add", "-b", "work", &url, "sub"]);
    let text = expect(&parent.path().join("sub"), &["check", "--base", "origin/main"], 1);
    assert!(text.contains("breaking[UE-C06]") && text.contains("in a submodule"), "{text}");
    // The administration of the linked work tree goes, and its folder stays.
    std::fs::remove_dir_all(dir.join(".git/worktrees")).expect("a folder");
    refuses(&linked, &[], "git");
    // A folder inside of the repository itself has no work tree.
    copy(&dir.join("schema"), &dir.join(".git/schema"));
    refuses(&dir.join(".git"), &[], "");
}

#[test]
fn the_environment_names_the_repository() {
    let project = project();
    let dir = project.path();
    rename(dir);
    let elsewhere = tempfile::tempdir().expect("a folder");
    let repository = elsewhere.path().join("repository");
    std::fs::rename(dir.join(".git"), &repository).expect("a move");
    let repository = repository.display().to_string();
    for tree in [dir.display().to_string(), ".".to_owned()] {
        let environment = [("GIT_DIR", repository.as_str()), ("GIT_WORK_TREE", tree.as_str())];
        let output = run_with(dir, &["check", "--base", "main"], &environment);
        assert_eq!(code(&output), 1, "{}", said(&output));
        assert!(said(&output).contains("breaking[UE-C06]"), "{}", said(&output));
    }
    refuses(dir, &[("GIT_DIR", &repository)], "");
}

#[test]
fn a_name_that_is_two_things_is_never_the_wrong_one() {
    let project = project();
    let dir = project.path();
    git(dir, &["branch", "schema", "main"]);
    rename(dir);
    for against in ["schema", "schema:schema"] {
        assert!(expect(dir, &["check", "--against", against], 1).contains("breaking[UE-C06]"), "{against}");
    }
    git(dir, &["branch", "-q", "-D", "schema"]);
    for against in ["schema", ".", "./schema"] {
        let text = expect(dir, &["check", "--against", against], 3);
        assert!(text.contains("compared with itself"), "{against}: {text}");
    }
    copy(&dir.join("schema"), &dir.join("other"));
    git(dir, &["branch", "other", "main"]);
    let text = expect(dir, &["check", "--against", "other"], 2);
    assert!(text.contains("`./other` for the folder") && text.contains("`other^0` for the revision"), "{text}");
    expect(dir, &["check", "--against", "./other"], 0);
    expect(dir, &["check", "--against", "other^0"], 1);
    // A branch and a tag of one name; `--base` takes the branch.
    commit(dir, "a rename");
    git(dir, &["tag", "main"]);
    let text = expect(dir, &["check", "--against", "main"], 2);
    assert!(text.contains("`refs/heads/main`") && text.contains("`refs/tags/main`"), "{text}");
    assert!(expect(dir, &["check", "--base", "main"], 1).contains("breaking[UE-C06]"));
    // What is gone is shown where it was, under a name that people can read.
    edit(dir, GROUP, "[column.was_sampled]\nid = 10\nrenamed_from = \"sampled\"\n", "[column.other]\nid = 10\n");
    let text = expect(dir, &["check", "--base", "main"], 1);
    let hash = |word: &str| word.len() >= 40 && word.bytes().all(|b| b.is_ascii_hexdigit());
    assert!(!text.split(|c: char| !c.is_ascii_alphanumeric()).any(hash), "{text}");
}

#[test]
fn what_cannot_be_read_is_not_absent() {
    let project = project();
    let dir = project.path();
    // A folder where a file belongs stops everybody, the superuser of a container included.
    for name in ["policy.toml", "waivers.toml"] {
        let path = dir.join("schema").join(name);
        std::fs::create_dir(&path).expect("a folder");
        assert!(expect(dir, &["check"], 3).contains(&format!("cannot read `schema/{name}`")));
        std::fs::remove_dir(&path).expect("a folder");
    }
    std::fs::remove_dir_all(dir.join("schema/consumers")).unwrap_or_default();
    let consumers = dir.join("schema/consumers");
    std::fs::create_dir_all(&consumers).expect("a folder");
    std::fs::set_permissions(&consumers, std::fs::Permissions::from_mode(0o000)).expect("a mode");
    if std::fs::read_dir(&consumers).is_err() {
        assert!(expect(dir, &["check"], 3).contains("cannot read `schema/consumers`"));
    }
    std::fs::set_permissions(&consumers, std::fs::Permissions::from_mode(0o755)).expect("a mode");
}
