//! `diff`, `check` and `release` as a team runs them, in real git repositories.

#![allow(clippy::expect_used, clippy::panic, reason = "a test may panic")]

use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;

fn run(dir: &Path, args: &[&str]) -> Output {
    let binary = env!("CARGO_BIN_EXE_unified-event");
    Command::new(binary).current_dir(dir).args(args).output().expect("the binary runs")
}

fn code(output: &Output) -> i32 {
    output.status.code().expect("an exit code")
}

fn said(output: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    text(&output.stdout) + &text(&output.stderr)
}

/// Runs a command and says everything when the exit code is another than expected.
fn expect(dir: &Path, args: &[&str], exit: i32) -> String {
    let output = run(dir, args);
    assert_eq!(code(&output), exit, "{args:?}: {}", said(&output));
    said(&output)
}

fn git(dir: &Path, args: &[&str]) -> String {
    let identity = ["-c", "user.name=test", "-c", "user.email=test@example.com", "-c", "init.defaultBranch=main"];
    let mut command = Command::new("git");
    command.current_dir(dir).args(identity).args(args);
    for name in ["GIT_AUTHOR_DATE", "GIT_COMMITTER_DATE"] {
        command.env(name, "2026-11-21T12:00:00Z");
    }
    let output = command.output().expect("git");
    assert!(output.status.success(), "{args:?}: {}", said(&output));
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

/// A repository with a released definition on its branch `main`, and a branch `work` off it.
fn project() -> TempDir {
    let dir = tempfile::tempdir().expect("a folder");
    let base = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/evolution/base");
    copy(&base, &dir.path().join("schema"));
    git(dir.path(), &["init", "-q"]);
    expect(dir.path(), &["release"], 0);
    commit(dir.path(), "release v1");
    git(dir.path(), &["checkout", "-q", "-b", "work"]);
    dir
}

fn commit(dir: &Path, message: &str) {
    git(dir, &["add", "."]);
    git(dir, &["commit", "-q", "-m", message]);
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).expect("a copy");
        }
    }
}

fn edit(dir: &Path, file: &str, old: &str, new: &str) {
    let path = dir.join(file);
    let text = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(old.is_empty() || text.contains(old), "{file} has no `{old}`");
    let text = if old.is_empty() { text + new } else { text.replacen(old, new, 1) };
    std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
    std::fs::write(path, text).expect("a file");
}

const GROUP: &str = "schema/groups/everything.toml";
const NEW_COLUMN: &str =
    "\n[column.route]\nid = 17\ntype = \"string\"\ndoc = \"Route that was taken.\"\nexample = \"/users\"\n";

/// Renames a column, which is a break.
fn rename(dir: &Path) {
    edit(dir, GROUP, "[column.sampled]\nid = 10\n", "[column.was_sampled]\nid = 10\nrenamed_from = \"sampled\"\n");
}

#[test]
fn a_clean_branch_is_clean() {
    let project = project();
    let text = expect(project.path(), &["check"], 0);
    assert!(text.contains("compared with the merge base with main") && text.contains("release v1"), "{text}");
    assert!(text.contains("as of 2026-11-21"), "{text}");
    assert!(text.starts_with("NO OPEN FINDINGS"), "{text}");
}

#[test]
fn a_break_is_refused_until_it_is_released() {
    let project = project();
    let dir = project.path();
    rename(dir);
    let text = expect(dir, &["check"], 1);
    assert!(text.contains("breaking[UE-C06]") && text.contains("schema/groups/everything.toml:51"), "{text}");
    assert!(expect(dir, &["diff"], 0).contains("breaking[UE-C06]"), "diff describes and never fails");
    assert!(expect(dir, &["check", "--fail-on", "error"], 0).contains("1 breaking"));
    // Raising the version by hand is no release.
    edit(dir, "schema/tables/tiny_events.toml", "version = 1\n", "version = 2\n");
    assert!(expect(dir, &["check"], 1).contains("breaking[UE-C06]"));
    edit(dir, "schema/tables/tiny_events.toml", "version = 2\n", "version = 1\n");
    let text = expect(dir, &["release", "--dry-run"], 0);
    assert!(
        text.contains("tiny_events 1.0.0 -> 2.0.0") && text.contains("would write schema/released/v2.json"),
        "{text}"
    );
    assert!(!dir.join("schema/released/v2.json").exists());
    expect(dir, &["release"], 0);
    let text = expect(dir, &["check"], 0);
    assert!(text.contains("breaking[UE-C06] COLUMN_SAME_NAME (released)"), "{text}");
    let lock = std::fs::read_to_string(dir.join("schema/schema.lock")).expect("a lock");
    for line in [
        "table tiny_events 1.0.0 release 1 live",
        "table tiny_events 2.0.0 release 2 live",
        "table notes 2.0.0 release 1 live",
        "column tiny_events 10 was_sampled bool optional live",
        "former tiny_events 10 sampled",
    ] {
        assert!(lock.lines().any(|l| l == line), "{line}: {lock}");
    }
    assert!(expect(dir, &["release"], 0).contains("nothing to release"));
    // What comes after the release is measured against it.
    edit(dir, GROUP, "", NEW_COLUMN);
    assert!(expect(dir, &["release"], 0).contains("tiny_events 2.0.0 -> 2.1.0"));
    expect(dir, &["release", "--retire", "tiny_events@1"], 0);
    let lock = std::fs::read_to_string(dir.join("schema/schema.lock")).expect("a lock");
    for line in ["1.0.0 release 1 retired", "2.0.0 release 2 superseded", "2.1.0 release 3 live"] {
        assert!(lock.contains(&format!("table tiny_events {line}")), "{line}: {lock}");
    }
    assert!(expect(dir, &["release", "--retire", "tiny_events@2"], 2).contains("only version"));
    let text = expect(dir, &["check"], 0);
    assert!(!text.contains("release v1, release v2"), "a retired version is no baseline: {text}");
}

#[test]
fn additions_and_patches_get_their_numbers() {
    let project = project();
    let dir = project.path();
    edit(dir, GROUP, "Whether it was sampled.", "Whether a sampler let it through.");
    assert!(expect(dir, &["release"], 0).contains("tiny_events 1.0.0 -> 1.0.1"));
    edit(dir, GROUP, "", NEW_COLUMN);
    assert!(expect(dir, &["check"], 0).contains("warning[UE-C08]"));
    assert!(expect(dir, &["check", "--fail-on", "warning"], 1).contains("warning[UE-C08]"));
    assert!(expect(dir, &["release"], 0).contains("tiny_events 1.0.1 -> 1.1.0"));
    expect(dir, &["check", "--fail-on", "note"], 0);
    assert!(expect(dir, &["release", "--new-version", "notes"], 0).contains("notes 2.0.0 -> 3.0.0"));
    assert!(expect(dir, &["release", "--new-version", "notes"], 0).contains("notes 3.0.0 -> 4.0.0"));
    expect(dir, &["check", "--fail-on", "note"], 0);
    assert!(expect(dir, &["release", "--new-version", "note"], 2).contains("did you mean `notes`?"));
}

#[test]
fn what_was_there_before_does_not_count_against_a_change() {
    let project = project();
    let dir = project.path();
    git(dir, &["checkout", "-q", "main"]);
    rename(dir);
    commit(dir, "a break that got in");
    git(dir, &["checkout", "-q", "-b", "later"]);
    edit(dir, GROUP, "Share of what was sent.", "Share of what was sent, from 0 to 1.");
    let text = expect(dir, &["check"], 0);
    assert!(text.contains("breaking[UE-C06] COLUMN_SAME_NAME (before)"), "{text}");
    assert!(text.contains("1 note, 1 there before"), "{text}");
}

#[test]
fn baselines_are_found_in_every_form() {
    let project = project();
    let dir = project.path();
    git(dir, &["tag", "start"]);
    copy(&dir.join("schema"), &dir.join("elsewhere/schema"));
    rename(dir);
    commit(dir, "a rename");
    for against in [
        "start",
        "main",
        "HEAD~1",
        "main:schema",
        "main:schema/released/v1.json",
        "elsewhere",
        "schema/released/v1.json",
    ] {
        let text = expect(dir, &["check", "--against", against], 1);
        assert!(text.contains(&format!("compared with {against}, as of")), "{against}: {text}");
        assert!(text.contains("1 finding: 1 breaking"), "{against}: {text}");
    }
    expect(dir, &["check", "--against", "HEAD"], 0);
    let text = expect(dir, &["check", "--base", "main", "--format", "json"], 1);
    assert!(text.contains("\"fail_on\": \"breaking\""), "{text}");
}

#[test]
fn what_cannot_be_compared_is_never_clean() {
    let project = project();
    let dir = project.path();
    for (against, expected) in [
        ("no-such-tag", "there is no revision `no-such-tag`"),
        ("main:schema/released/v9.json", "there is no such file there"),
        ("main:elsewhere", "no definition in `main:elsewhere`"),
        ("schema/schema.toml", "schema/schema.toml:1: the baseline is no model"),
    ] {
        for command in ["check", "diff"] {
            for format in ["text", "json", "sarif", "github", "junit", "markdown"] {
                let output = run(dir, &[command, "--against", against, "--format", format]);
                assert_eq!((code(&output), output.stdout.len()), (3, 0), "{against}: {}", said(&output));
                let text = said(&output);
                assert!(text.contains(expected), "{against}: {text}");
                assert!(text.contains("this is no clean result"), "{text}");
            }
        }
    }
    edit(dir, GROUP, "type = \"bool\"", "type = \"boolean\"");
    commit(dir, "a broken definition");
    assert!(expect(dir, &["check"], 2).contains("error[UE-D05]"), "one's own definition is the user's to mend");
    edit(dir, GROUP, "type = \"boolean\"", "type = \"bool\"");
    let text = expect(dir, &["check", "--against", "HEAD"], 3);
    assert!(text.contains("the baseline `HEAD` does not load") && text.contains("everything.toml:51"), "{text}");
    for args in
        [&["check", "--fail-on", "everything"][..], &["check", "--format", "xml"], &["check", "--today", "soon"]]
    {
        expect(dir, args, 2);
    }
}

#[test]
fn a_shallow_clone_is_told_what_to_fetch() {
    let project = project();
    let dir = project.path();
    edit(dir, GROUP, "", NEW_COLUMN);
    commit(dir, "a column");
    git(dir, &["checkout", "-q", "main"]);
    let clone = tempfile::tempdir().expect("a folder");
    let url = format!("file://{}", dir.display());
    git(clone.path(), &["clone", "-q", "--depth", "1", "--branch", "work", &url, "shallow"]);
    let shallow = clone.path().join("shallow");
    let text = expect(&shallow, &["check"], 3);
    assert!(text.contains("`fetch-depth: 0`") && text.contains("git fetch --unshallow"), "{text}");
    let text = expect(&shallow, &["check", "--against", "main"], 3);
    assert!(text.contains("`fetch-depth: 0`"), "{text}");
    git(clone.path(), &["clone", "-q", "--branch", "work", &url, "deep"]);
    assert!(expect(&clone.path().join("deep"), &["check"], 0).contains("origin/"));
}

#[test]
fn a_broken_lock_names_its_line() {
    let project = project();
    let dir = project.path();
    let path = dir.join("schema/schema.lock");
    let good = std::fs::read_to_string(&path).expect("a lock");
    let line = |text: &str| good.lines().position(|l| l.starts_with(text)).expect("a line") + 1;
    let (last, column) = (line("last tiny_events"), line("column tiny_events 9 "));
    let conflict = "<<<<<<< HEAD\ncolumn tiny_events 17 a string optional live\n=======\ncolumn tiny_events 17 b string optional live\n>>>>>>> work\n";
    for (text, at, expected) in [
        (format!("{good}{conflict}"), good.lines().count() + 1, "a merge conflict stands here"),
        (
            good.replace("column tiny_events 10 ", "column tiny_events 9 "),
            column + 1,
            "column id 9 of `tiny_events` is taken twice",
        ),
        (good.replace(" 9 ratio ", " 9 sampled "), column + 1, "column name `tiny_events.sampled` is taken twice"),
        (
            good.replace("column 16 partition", "column 12 partition"),
            last,
            "the last column id of `tiny_events` is 16, not 12",
        ),
        (good.replace(" float64 optional live", " float64 optional alive"), column, "is no line of a lock"),
        (good.replace("format 1", "format 2"), 3, "this program reads format 1"),
    ] {
        std::fs::write(&path, &text).expect("a lock");
        let said = expect(dir, &["check"], 3);
        assert!(said.contains(&format!("schema/schema.lock:{at}: ")) && said.contains(expected), "{expected}: {said}");
        assert!(said.contains("help: "), "{said}");
        expect(dir, &["release"], 3);
    }
}

#[test]
fn a_released_file_never_changes() {
    let project = project();
    let dir = project.path();
    let path = dir.join("schema/released/v1.json");
    let good = std::fs::read_to_string(&path).expect("a model");
    let line = good.lines().position(|l| l.contains("\"sampled\"")).expect("a line") + 1;
    std::fs::write(&path, good.replacen("\"sampled\"", "\"samplee\"", 1)).expect("a file");
    let text = expect(dir, &["check"], 3);
    assert!(text.contains(&format!("schema/released/v1.json:{line}: the released model is not the one")), "{text}");
    assert!(text.contains("git checkout -- schema/released/v1.json"), "{text}");
    // Space is no content.
    let value: serde_json::Value = serde_json::from_str(&good).expect("JSON");
    std::fs::write(&path, value.to_string()).expect("a file");
    expect(dir, &["check"], 0);
    std::fs::write(&path, &good[..good.len() / 2]).expect("a file");
    assert!(expect(dir, &["check"], 3).contains("this is no JSON"));
    std::fs::remove_file(&path).expect("a file");
    assert!(expect(dir, &["check"], 3).contains("is missing"));
    std::fs::write(&path, &good).expect("a file");
    std::fs::write(dir.join("schema/released/v7.json"), &good).expect("a file");
    assert!(expect(dir, &["check"], 3).contains("`schema.lock` knows no such release"));
}

#[test]
fn ids_and_names_never_come_back() {
    let project = project();
    let dir = project.path();
    // A column that was there for one release only, and is gone since.
    edit(dir, GROUP, "", NEW_COLUMN);
    expect(dir, &["release"], 0);
    commit(dir, "a column");
    edit(dir, GROUP, NEW_COLUMN, "");
    expect(dir, &["release"], 0);
    commit(dir, "it is gone");
    git(dir, &["branch", "-f", "main", "HEAD"]);
    let other = NEW_COLUMN.replace("route", "path");
    edit(dir, GROUP, "", &other);
    let text = expect(dir, &["check"], 1);
    assert!(text.contains("error[UE-C04]") && text.contains("belongs to `route`, which is reserved"), "{text}");
    assert!(text.contains("the next free id of `tiny_events` is 18"), "{text}");
    assert!(expect(dir, &["release"], 1).contains("No release makes these right"));
    edit(dir, GROUP, &other, &NEW_COLUMN.replace("id = 17", "id = 18"));
    assert!(expect(dir, &["check"], 1).contains("error[UE-C05]"));
    edit(dir, GROUP, &NEW_COLUMN.replace("id = 17", "id = 18"), &other.replace("id = 17", "id = 18"));
    expect(dir, &["check"], 0);
}

#[test]
fn a_waiver_accepts_one_finding_for_a_time() {
    let project = project();
    let dir = project.path();
    rename(dir);
    let text = expect(dir, &["check"], 1);
    let fingerprint = text.split("fingerprint ").nth(1).and_then(|t| t.split(' ').next()).expect("a fingerprint");
    let waiver = |expires: &str| {
        format!(
            "[[waiver]]\nfingerprint = \"{fingerprint}\"\nreason = \"one reader.\"\nowner = \"lake\"\nexpires = \"{expires}\"\n"
        )
    };
    let path = dir.join("schema/waivers.toml");
    std::fs::write(&path, waiver("2026-12-31")).expect("a file");
    let text = expect(dir, &["check"], 0);
    assert!(text.contains("(waived)") && text.contains("waived until 2026-12-31 by lake: one reader."), "{text}");
    assert!(expect(dir, &["check", "--today", "2027-01-01"], 1).contains("error[UE-C91]"));
    assert!(expect(dir, &["check", "--today", "2026-12-31"], 0).contains("(waived)"));
    std::fs::write(&path, waiver("2026-12-31").replace(fingerprint, "0000000000000000")).expect("a file");
    assert!(expect(dir, &["check"], 1).contains("error[UE-C90]"));
    std::fs::write(&path, waiver("soon").replace("owner = \"lake\"\n", "")).expect("a file");
    let text = expect(dir, &["check"], 3);
    assert!(text.contains("schema/waivers.toml:1: the waiver has no `owner`") && text.contains("`soon` is not a date"));
}

#[test]
fn reports_go_to_files_too() {
    let project = project();
    let dir = project.path();
    rename(dir);
    let args = ["check", "--format", "github", "--report", "sarif=out.sarif", "--report", "markdown=out.md"];
    let output = run(dir, &args);
    assert_eq!(code(&output), 1);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(text.starts_with("::error file=schema/groups/everything.toml,line=51,"), "{text}");
    assert!(std::fs::read_to_string(dir.join("out.sarif")).expect("a file").contains("UE-C06"));
    assert!(std::fs::read_to_string(dir.join("out.md")).expect("a file").contains("UE-C06"));
    expect(dir, &["check", "--report", "sarif=no/such/folder"], 3);
    expect(dir, &["check", "--report", "sarif"], 2);
}

#[test]
fn registered_queries_are_read_from_their_folder() {
    let project = project();
    let dir = project.path();
    edit(dir, "schema/consumers/dashboard.sql", "", "SELECT sampled, count(*)\nFROM tiny_events\nGROUP BY sampled;\n");
    commit(dir, "a dashboard");
    rename(dir);
    let text = expect(dir, &["check"], 1);
    assert!(text.contains("breaking[UE-C80]") && text.contains("schema/consumers/dashboard.sql:1"), "{text}");
    std::fs::write(dir.join("schema/consumers/dashboard.sql"), "SELEC id FROM tiny_events\n").expect("a file");
    assert!(expect(dir, &["check"], 3).contains("schema/consumers/dashboard.sql:1: this is no SQL"));
}

#[test]
fn git_shows_models_as_changes() {
    let project = project();
    let dir = project.path();
    expect(dir, &["codegen", "--target", "model"], 0);
    std::fs::write(dir.join(".gitattributes"), "model.json diff=unified-event\n").expect("a file");
    commit(dir, "a model");
    let driver = format!("{} diff --git-driver", env!("CARGO_BIN_EXE_unified-event"));
    git(dir, &["config", "diff.unified-event.command", &driver]);
    rename(dir);
    expect(dir, &["codegen", "--target", "model"], 0);
    let text = git(dir, &["diff", "--ext-diff", "--", "generated/model.json"]);
    assert!(text.contains("unified-event diff generated/model.json") && text.contains("breaking[UE-C06]"), "{text}");
}

#[test]
fn rules_and_explanations_need_no_project() {
    let dir = tempfile::tempdir().expect("a folder");
    assert!(expect(dir.path(), &["rules"], 0).starts_with("UE-C01 COLUMN_NO_DROP"));
    assert!(expect(dir.path(), &["rules", "--format", "markdown"], 0).starts_with("| code | rule |"));
    let json: serde_json::Value =
        serde_json::from_str(&expect(dir.path(), &["rules", "--format", "json"], 0)).expect("JSON");
    assert_eq!(json[0]["verdicts"]["rust_api"], "break");
    for code in ["UE-C01", "ue-c01", "COLUMN_NO_DROP"] {
        assert!(expect(dir.path(), &["explain", code], 0).starts_with("UE-C01 COLUMN_NO_DROP\n"));
    }
    assert!(expect(dir.path(), &["explain", "UE-D07"], 0).contains("an id is taken twice"));
    assert!(expect(dir.path(), &["explain", "UE-C0l"], 2).contains("did you mean"));
}

/// The steps of the action as the runner calls them, but for the two that need GitHub.
#[test]
fn the_action_reports_and_leaves_the_verdict_to_its_last_step() {
    let project = project();
    let dir = project.path();
    rename(dir);
    commit(dir, "a rename");
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let step = |against: &str| {
        let output = Command::new("bash")
            .arg(root.join(".github/action/check.sh"))
            .current_dir(dir)
            .env("ACTION_PATH", &root)
            .env("RUNNER_TEMP", dir.join("temp"))
            .env("GITHUB_OUTPUT", dir.join("output"))
            .env("GITHUB_STEP_SUMMARY", dir.join("summary"))
            .env("INPUT_BINARY", env!("CARGO_BIN_EXE_unified-event"))
            .env("INPUT_AGAINST", against)
            .env_remove("BASE_REF")
            .output()
            .expect("bash");
        assert_eq!(code(&output), 0, "{}", said(&output));
        let read = |name: &str| {
            let text = std::fs::read_to_string(dir.join(name)).expect("a file");
            std::fs::remove_file(dir.join(name)).expect("a file");
            text
        };
        (said(&output), read("output"), read("summary"))
    };
    let (said, output, summary) = step("");
    assert!(said.starts_with("::error file=schema/groups/everything.toml,line=51"), "{said}");
    assert!(
        output.starts_with("exit-code=1\n") && output.contains("\nsarif=") && output.contains("\nmarkdown="),
        "{output}"
    );
    assert!(summary.starts_with("<!-- unified-event check -->\n") && summary.contains("UE-C06"), "{summary}");
    let (said, output, summary) = step("no-such-tag");
    assert!(said.contains("::error title=Schema check: could not compare::"), "{said}");
    assert_eq!(output, "exit-code=3\n");
    assert!(summary.starts_with("## Schema check: could not compare (exit 3)"), "{summary}");
    let (_, output, _) = step("HEAD");
    assert!(output.starts_with("exit-code=0\n"), "{output}");
    let action = std::fs::read_to_string(root.join("action.yml")).expect("the action");
    for script in ["check.sh", "comment.sh"] {
        assert!(
            action.contains(&format!(".github/action/{script}")) && root.join(".github/action").join(script).is_file()
        );
    }
}
