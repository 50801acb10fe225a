//! The command line as a user runs it: exit codes, messages, and that nothing is half-written.

#![allow(clippy::expect_used, clippy::panic, reason = "a test may panic")]

#[path = "../support/folder.rs"]
mod folder;
mod terminal;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use folder::copy;
use tempfile::TempDir;

fn run(dir: &Path, args: &[&str]) -> Output {
    run_with(dir, args, &[])
}

fn run_with(dir: &Path, args: &[&str], env: &[(&str, &str)]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_unified-event"));
    command.current_dir(dir).args(args).envs(env.iter().copied()).output().expect("the binary runs")
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn code(output: &Output) -> i32 {
    output.status.code().expect("an exit code")
}

/// A project of its own with a copy of the small definition.
fn project() -> TempDir {
    let dir = tempfile::tempdir().expect("a folder");
    let tiny = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures/tiny");
    copy(&tiny, &dir.path().join("schema"));
    dir
}

/// Every file below a folder with its contents and the time it was written.
fn snapshot(dir: &Path) -> BTreeMap<PathBuf, (Vec<u8>, std::time::SystemTime)> {
    let mut found = BTreeMap::new();
    let mut folders = vec![dir.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let modified = path.metadata().and_then(|m| m.modified()).expect("a time");
                found.insert(path.clone(), (std::fs::read(&path).expect("a file"), modified));
            }
        }
    }
    found
}

/// The paths of all files below a folder.
fn paths_below(dir: &Path) -> BTreeSet<PathBuf> {
    let mut found = BTreeSet::new();
    for entry in std::fs::read_dir(dir).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(paths_below(&path));
        } else {
            found.insert(path);
        }
    }
    found
}

#[test]
fn a_run_writes_everything_and_the_next_one_nothing() {
    let project = project();
    let first = run(project.path(), &["codegen"]);
    assert_eq!(code(&first), 0, "{}", stderr(&first));
    let written = snapshot(&project.path().join("generated"));
    assert!(written.len() > 30);
    let second = run(project.path(), &["codegen"]);
    assert_eq!(code(&second), 0);
    assert!(stderr(&second).ends_with(&format!("{} files of generated/ unchanged\n", written.len())));
    assert_eq!(snapshot(&project.path().join("generated")), written, "unchanged files are not touched");
    let check = run(project.path(), &["codegen", "--check"]);
    assert_eq!((code(&check), check.stdout.len()), (0, 0));
}

#[test]
fn check_reports_missing_stale_and_orphan_files() {
    let project = project();
    run(project.path(), &["codegen"]);
    let generated = project.path().join("generated");
    std::fs::remove_file(generated.join("model.json")).expect("a file");
    std::fs::write(generated.join("sql/notes_v2.sql"), "SELECT 1;\n").expect("a file");
    std::fs::write(generated.join("mine.txt"), "mine").expect("a file");
    let before = snapshot(&generated);
    let check = run(project.path(), &["codegen", "--check"]);
    assert_eq!(code(&check), 1);
    let said = stderr(&check);
    for line in [
        "missing generated/model.json",
        "stale generated/sql/notes_v2.sql",
        "orphan generated/mine.txt",
        "run `cargo run codegen`",
    ] {
        assert!(said.contains(line), "{line}: {said}");
    }
    let diff = String::from_utf8_lossy(&check.stdout).into_owned();
    assert!(diff.contains("-SELECT 1;") && diff.contains("+INSERT INTO notes_v2"), "{diff}");
    let dry = run(project.path(), &["codegen", "--dry-run"]);
    assert_eq!(code(&dry), 0);
    assert!(stderr(&dry).contains("would write generated/model.json"));
    assert_eq!(snapshot(&generated), before, "neither mode writes");
    let write = run(project.path(), &["codegen"]);
    assert_eq!(code(&write), 0);
    assert!(generated.join("mine.txt").is_file(), "what is not ours is left alone");
    std::fs::remove_file(generated.join("mine.txt")).expect("a file");
    assert_eq!(code(&run(project.path(), &["codegen", "--check"])), 0);
}

#[test]
fn files_that_no_target_yields_any_more_are_removed() {
    let project = project();
    run(project.path(), &["codegen"]);
    let schema = project.path().join("schema");
    for folder in ["tables", "pipelines"] {
        std::fs::remove_file(schema.join(folder).join("notes.toml")).expect("a file");
    }
    // What refers to the table goes with it.
    let lake = std::fs::read_to_string(schema.join("lake.toml")).expect("text");
    std::fs::write(schema.join("lake.toml"), lake.replace("table = \"notes\"", "table = \"tiny_events\""))
        .expect("a file");
    std::fs::remove_dir_all(schema.join("queries")).expect("a folder");
    let top = std::fs::read_to_string(schema.join("schema.toml")).expect("text");
    let top = top.replace(", \"notes\"", "").replace("\"notes_of\"", "");
    std::fs::write(schema.join("schema.toml"), top).expect("a file");
    let output = run(project.path(), &["codegen"]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    assert!(stderr(&output).contains("removed generated/sql/notes_v2.sql"));
    assert!(!project.path().join("generated/sql/notes_v2.sql").exists());
    assert_eq!(code(&run(project.path(), &["codegen", "--check"])), 0);
}

#[test]
fn one_target_writes_only_its_files() {
    let project = project();
    let output = run(project.path(), &["codegen", "--target", "iceberg", "--out", "elsewhere"]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let folders: Vec<_> = std::fs::read_dir(project.path().join("elsewhere")).expect("a folder").collect();
    assert_eq!(folders.len(), 1);
}

#[test]
fn a_broken_definition_changes_nothing() {
    let project = project();
    run(project.path(), &["codegen"]);
    let before = snapshot(&project.path().join("generated"));
    let file = project.path().join("schema/groups/everything.toml");
    let text = std::fs::read_to_string(&file).expect("text");
    std::fs::write(&file, text.replace("type = \"bool\"", "type = \"boolean\"")).expect("a file");
    let output = run(project.path(), &["codegen"]);
    assert_eq!(code(&output), 2);
    assert!(stderr(&output).contains("`boolean` is no `type`"), "{}", stderr(&output));
    assert_eq!(snapshot(&project.path().join("generated")), before);
}

#[test]
fn wrong_use_exits_with_two() {
    let project = project();
    for (args, said) in [
        (&["codegen", "--target", "iceburg"][..], "did you mean `iceberg`?"),
        (&["codegen", "--schema", "nowhere"][..], "cannot read `nowhere`"),
        (&["codegen", "--schema", "generated"][..], "cannot read `generated`"),
        (&["codegen", "--check", "--dry-run"][..], "cannot be used with"),
        (&["codgen"][..], "codegen"),
    ] {
        let output = run(project.path(), args);
        assert_eq!(code(&output), 2, "{args:?}");
        assert!(stderr(&output).contains(said), "{args:?}: {}", stderr(&output));
        assert!(!project.path().join("generated").exists(), "{args:?} wrote something");
    }
}

#[test]
fn an_unwritable_folder_changes_nothing() {
    let project = project();
    run(project.path(), &["codegen"]);
    let generated = project.path().join("generated");
    // A folder where a file belongs stops everybody, the superuser of a container included.
    std::fs::remove_file(generated.join("model.json")).expect("a file");
    std::fs::create_dir(generated.join("model.json")).expect("a folder");
    std::fs::write(generated.join("model.json/keep"), "").expect("a file");
    std::fs::remove_file(generated.join("sql/notes_v2.sql")).expect("a file");
    let before = snapshot(&generated);
    let output = run(project.path(), &["codegen"]);
    assert_eq!(code(&output), 3, "{}", stderr(&output));
    assert!(stderr(&output).contains("Nothing was written"), "{}", stderr(&output));
    assert_eq!(snapshot(&generated), before, "no file and no remains of one");
    std::fs::write(project.path().join("file"), "").expect("a file");
    assert_eq!(code(&run(project.path(), &["codegen", "--out", "file/below"])), 3);
}

/// Starts a run that stops while it stages: a pipe that nobody reads stands where one of its files would.
fn blocked(project: &Path, args: &str, pipe: &str) -> Child {
    let binary = env!("CARGO_BIN_EXE_unified-event");
    let script = format!("mkfifo {pipe}.$$.tmp && exec {binary} {args}");
    Command::new("sh").current_dir(project).args(["-c", &script]).stderr(Stdio::null()).spawn().expect("a shell")
}

/// The files that runs have staged.
fn staged(dir: &Path) -> Vec<PathBuf> {
    paths_below(dir).into_iter().filter(|p| p.extension().is_some_and(|e| e == "tmp")).collect()
}

fn wait_for(what: &str, mut is_there: impl FnMut() -> bool) {
    for _ in 0..3_000 {
        if is_there() {
            return;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    panic!("{what} did not happen");
}

#[test]
fn what_a_killed_run_staged_is_not_reported_and_goes_with_the_next_run() {
    let project = project();
    let generated = project.path().join("generated");
    run(project.path(), &["codegen"]);
    let written = paths_below(&generated);
    for file in ["model.json", "sql/notes_v2.sql", "sql/tiny_events.sql"] {
        std::fs::write(generated.join(file), "stale").expect("a file");
    }
    let mut killed = blocked(project.path(), "codegen", "generated/sql/.tiny_events.sql");
    wait_for("staging", || staged(&generated).len() == 3);
    let check = run(project.path(), &["codegen", "--check"]);
    assert_eq!(code(&check), 1);
    assert!(!stderr(&check).contains(".tmp"), "{}", stderr(&check));
    // Another run waits for its turn, and takes nothing away from the one that has it.
    let binary = env!("CARGO_BIN_EXE_unified-event");
    let mut waiting = Command::new(binary).current_dir(project.path()).arg("codegen").stderr(Stdio::null()).spawn();
    let waiting = waiting.as_mut().expect("the binary runs");
    std::thread::sleep(Duration::from_millis(500));
    assert_eq!(waiting.try_wait().expect("a state"), None, "two runs write at once");
    assert_eq!(staged(&generated).len(), 3);
    killed.kill().expect("a process");
    killed.wait().expect("a process");
    assert_eq!(waiting.wait().expect("a process").code(), Some(0));
    assert_eq!(paths_below(&generated), written, "everything is there, and nothing else");
    // Where a run has nothing to write too, whichever target it is for; what looks like it and is not ours stays.
    std::fs::write(generated.join(".model.json.77.tmp"), "half").expect("a file");
    std::fs::write(generated.join(".mine.77.tmp"), "mine").expect("a file");
    run(project.path(), &["codegen", "--target", "iceberg"]);
    assert_eq!(staged(&generated), [generated.join(".mine.77.tmp")]);
    assert!(stderr(&run(project.path(), &["codegen", "--check"])).contains("orphan generated/.mine.77.tmp"));
}

#[test]
fn what_a_killed_release_staged_goes_with_the_next_one() {
    let project = project();
    let schema = project.path().join("schema");
    let before = paths_below(&schema);
    let mut killed = blocked(project.path(), "release", "schema/.schema.lock");
    wait_for("staging", || staged(&schema).len() == 2);
    killed.kill().expect("a process");
    killed.wait().expect("a process");
    assert_eq!(code(&run(project.path(), &["release"])), 0);
    assert_eq!(staged(&schema), Vec::<PathBuf>::new());
    assert_eq!(paths_below(&schema).len(), before.len() + 2, "the lock and the frozen model");
}

fn git(dir: &Path, args: &[&str]) {
    let identity = ["-c", "user.name=test", "-c", "user.email=test@example.com", "-c", "init.defaultBranch=main"];
    let output = Command::new("git").current_dir(dir).args(identity).args(args).output().expect("git");
    assert!(output.status.success(), "{args:?}: {}", stderr(&output));
}

#[test]
fn a_definition_is_read_from_a_git_revision() {
    let project = project();
    git(project.path(), &["init", "-q"]);
    git(project.path(), &["add", "."]);
    git(project.path(), &["commit", "-qm", "one"]);
    let file = project.path().join("schema/groups/everything.toml");
    let text = std::fs::read_to_string(&file).expect("text");
    std::fs::write(&file, text.replace("[column.sampled]", "[column.was_sampled]")).expect("a file");
    let old = run(project.path(), &["codegen", "--schema", "HEAD:schema", "--out", "old"]);
    assert_eq!(code(&old), 0, "{}", stderr(&old));
    let sql = std::fs::read_to_string(project.path().join("old/sql/tiny_events.sql")).expect("text");
    assert!(sql.contains("sampled AS sampled") && !sql.contains("was_sampled"), "{sql}");
    let unknown = run(project.path(), &["codegen", "--schema", "no-such-tag:schema", "--out", "none"]);
    assert_eq!(code(&unknown), 2);
    assert!(stderr(&unknown).contains("there is no such revision in this repository"), "{}", stderr(&unknown));
    let empty = run(project.path(), &["codegen", "--schema", "HEAD:elsewhere", "--out", "none"]);
    assert_eq!(code(&empty), 2);
    assert!(stderr(&empty).contains("no definition in `HEAD:elsewhere`"), "{}", stderr(&empty));
    assert!(!project.path().join("none").exists());
}

#[test]
fn a_full_disk_is_no_clean_result() {
    let project = project();
    for args in [&["rules"][..], &["explain", "UE-C01"], &["rules", "--format", "json"]] {
        let full = std::fs::OpenOptions::new().write(true).open("/dev/full").expect("a device");
        let binary = env!("CARGO_BIN_EXE_unified-event");
        let output = Command::new(binary).current_dir(project.path()).args(args).stdout(full).output();
        let output = output.expect("the binary runs");
        assert_eq!(code(&output), 3, "{args:?}: {}", stderr(&output));
        assert!(stderr(&output).contains("standard output"), "{args:?}: {}", stderr(&output));
    }
}
