//! Where git itself starts the binary: as a diff driver, and in a hook before a commit.

use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;

use crate::project::{GROUP, binary, code, commit, edit, executable, expect, git, project, rename, repository, said};

const MODEL: &str = "generated/model.json";
/// Another place for which the attributes name the driver.
const FROZEN: &str = "schema/released/model.json";

/// A project whose model is committed and shown by the driver, with a change that is not committed.
fn with_driver() -> TempDir {
    let project = project();
    let dir = project.path();
    expect(dir, &["codegen", "--target", "model"], 0);
    std::fs::copy(repository(".gitattributes"), dir.join(".gitattributes")).expect("the attributes of this repository");
    commit(dir, "a model");
    git(dir, &["config", "diff.unified-event.command", &format!("{} diff --git-driver", binary().display())]);
    rename(dir);
    expect(dir, &["codegen", "--target", "model"], 0);
    project
}

#[test]
fn git_shows_models_as_changes() {
    let project = with_driver();
    let dir = project.path();
    let shown = |args: &[&str]| {
        let text = git(dir, args);
        assert!(text.contains("unified-event diff generated/model.json\n"), "{args:?}: {text}");
        assert!(text.contains("breaking[UE-C06]"), "{args:?}: {text}");
        assert!(!text.contains("was_sampled\","), "no lines of JSON: {text}");
    };
    shown(&["diff", "--", MODEL]);
    git(dir, &["add", "."]);
    shown(&["diff", "--cached", "--", MODEL]);
    git(dir, &["commit", "-q", "-m", "a rename"]);
    shown(&["log", "-1", "-p", "--ext-diff", "--", MODEL]);
    shown(&["show", "--ext-diff", "HEAD", "--", MODEL]);
}

#[test]
fn the_driver_takes_every_call_that_git_makes() {
    let project = with_driver();
    let dir = project.path();
    commit(dir, "a rename");
    let last = ["diff", "HEAD~1", "HEAD", "--", MODEL];
    git(dir, &["rm", "-q", MODEL]);
    git(dir, &["commit", "-q", "-m", "no model"]);
    assert!(git(dir, &last).contains("a model with 2 tables is gone"));
    git(dir, &["revert", "--no-edit", "HEAD"]);
    assert!(git(dir, &last).contains("a new model with 2 tables"));
    // A renamed file comes with two further arguments.
    git(dir, &["mv", MODEL, FROZEN]);
    edit(dir, FROZEN, "Whether it was sampled.", "Whether a sampler let it through.");
    commit(dir, "another place");
    let moved = git(dir, &["diff", "-M", "HEAD~1", "HEAD"]);
    assert!(moved.contains("unified-event diff generated/model.json\n") && moved.contains("UE-C"), "{moved}");
    std::fs::write(dir.join(FROZEN), "{").expect("a file");
    commit(dir, "half a model");
    assert!(git(dir, &["diff", "HEAD~1", "HEAD"]).contains("this is no model: EOF while parsing"));
    // A file in conflict comes as its path alone.
    git(dir, &["checkout", "-q", "-b", "other", "HEAD~1"]);
    std::fs::write(dir.join(FROZEN), "[").expect("a file");
    commit(dir, "another half");
    let merge = Command::new("git").current_dir(dir).args(["merge", "-q", "work"]).output().expect("git");
    assert_ne!(code(&merge), 0, "{}", said(&merge));
    assert!(git(dir, &["diff", "--cached"]).contains("schema/released/model.json is in conflict"));
}

/// The driver for all files at once, as a reviewer may ask for it: what is no model is said to be none.
#[test]
fn the_driver_may_come_from_the_environment() {
    let project = with_driver();
    let wrapper = project.path().join("driver");
    let script = format!("#!/bin/sh\nexec '{}' diff --git-driver \"$@\"\n", binary().display());
    std::fs::write(&wrapper, script).expect("a file");
    executable(&wrapper);
    let mut command = Command::new("git");
    command.current_dir(project.path()).env("GIT_EXTERNAL_DIFF", &wrapper).args(["-c", "core.pager=cat", "diff"]);
    let output = command.output().expect("git");
    assert_eq!(code(&output), 0, "{}", said(&output));
    assert!(said(&output).contains("breaking[UE-C06]"), "{}", said(&output));
    assert!(said(&output).contains(&format!("unified-event diff {GROUP}\nthis is no model")), "{}", said(&output));
}

/// Installs what `.pre-commit-hooks.yaml` declares as the hook of a repository: every entry is run
/// when a staged file matches, and all of them before the verdict, as pre-commit does.
fn install_hooks(dir: &Path) {
    let declared = std::fs::read_to_string(repository(".pre-commit-hooks.yaml")).expect("the hooks");
    let hooks: serde_json::Value = serde_norway::from_str(&declared).expect("YAML");
    let mut script = "#!/bin/sh\nfailed=0\n".to_owned();
    for hook in hooks.as_array().expect("a list") {
        assert_eq!((&hook["language"], &hook["pass_filenames"]), (&"system".into(), &false.into()));
        let text = |key: &str| hook[key].as_str().expect(key);
        let staged = format!("git diff --cached --name-only | grep -qE '{}'", text("files"));
        script += &format!("if {staged}; then echo 'hook {}'; {} || failed=1; fi\n", text("id"), text("entry"));
    }
    script += "exit $failed\n";
    let path = dir.join(git(dir, &["rev-parse", "--git-path", "hooks"])).join("pre-commit");
    std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
    std::fs::write(&path, script).expect("a file");
    executable(&path);
}

/// Commits everything with the hooks in place and the binary on the path.
fn try_commit(dir: &Path, args: &[&str]) -> Output {
    let folder = binary().parent().expect("a folder").to_owned();
    let path = std::env::var("PATH").unwrap_or_default();
    let mut command = Command::new("git");
    command.current_dir(dir).env("PATH", format!("{}:{path}", folder.display()));
    command.args(["-c", "user.name=test", "-c", "user.email=test@example.com", "commit", "-m", "work"]).args(args);
    command.output().expect("git")
}

#[test]
fn the_hooks_refuse_a_commit_that_breaks_or_is_stale() {
    let project = project();
    let dir = project.path();
    expect(dir, &["codegen"], 0);
    commit(dir, "generated files");
    install_hooks(dir);
    rename(dir);
    git(dir, &["add", "."]);
    let refused = try_commit(dir, &[]);
    assert_ne!(code(&refused), 0, "{}", said(&refused));
    for part in ["hook unified-event-check", "breaking[UE-C06]", "hook unified-event-codegen", "stale generated/"] {
        assert!(said(&refused).contains(part), "{part}: {}", said(&refused));
    }
    expect(dir, &["release"], 0);
    git(dir, &["add", "."]);
    let stale = try_commit(dir, &[]);
    assert!(code(&stale) != 0 && said(&stale).contains("(released)"), "{}", said(&stale));
    expect(dir, &["codegen"], 0);
    git(dir, &["add", "."]);
    let taken = try_commit(dir, &[]);
    assert_eq!(code(&taken), 0, "{}", said(&taken));
    std::fs::write(dir.join("notes.txt"), "nothing of the schema\n").expect("a file");
    git(dir, &["add", "."]);
    let other = try_commit(dir, &[]);
    assert!(code(&other) == 0 && !said(&other).contains("hook "), "{}", said(&other));
}

/// There git hands its own folders to hooks in the environment, and means another work tree by them.
#[test]
fn the_hooks_compare_with_the_merge_base_in_a_linked_work_tree_too() {
    let project = project();
    let dir = project.path();
    install_hooks(dir);
    git(dir, &["worktree", "add", "-q", "-b", "linked", "linked"]);
    let linked = dir.join("linked");
    rename(&linked);
    for args in [&["-a"][..], &["--", "schema"]] {
        let refused = try_commit(&linked, args);
        assert_ne!(code(&refused), 0, "{}", said(&refused));
        assert!(said(&refused).contains("compared with the merge base with main"), "{}", said(&refused));
    }
}
