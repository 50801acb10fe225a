//! Projects of their own in real git repositories, and the binary in them.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

pub(crate) use crate::folder::copy;

pub(crate) fn binary() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_unified-event"))
}

/// Returns a place in this repository.
pub(crate) fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path)
}

pub(crate) fn run(dir: &Path, args: &[&str]) -> Output {
    Command::new(binary()).current_dir(dir).args(args).output().expect("the binary runs")
}

pub(crate) fn code(output: &Output) -> i32 {
    output.status.code().expect("an exit code")
}

pub(crate) fn said(output: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    text(&output.stdout) + &text(&output.stderr)
}

/// Runs a command and says everything when the exit code is another than expected.
pub(crate) fn expect(dir: &Path, args: &[&str], exit: i32) -> String {
    let output = run(dir, args);
    assert_eq!(code(&output), exit, "{args:?}: {}", said(&output));
    said(&output)
}

pub(crate) fn git(dir: &Path, args: &[&str]) -> String {
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
pub(crate) fn project() -> TempDir {
    let dir = tempfile::tempdir().expect("a folder");
    copy(&repository("tests/evolution/base"), &dir.path().join("schema"));
    git(dir.path(), &["init", "-q"]);
    expect(dir.path(), &["release"], 0);
    commit(dir.path(), "release v1");
    git(dir.path(), &["checkout", "-q", "-b", "work"]);
    dir
}

pub(crate) fn commit(dir: &Path, message: &str) {
    git(dir, &["add", "."]);
    git(dir, &["commit", "-q", "-m", message]);
}

pub(crate) fn edit(dir: &Path, file: &str, old: &str, new: &str) {
    let path = dir.join(file);
    let text = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(old.is_empty() || text.contains(old), "{file} has no `{old}`");
    let text = if old.is_empty() { text + new } else { text.replacen(old, new, 1) };
    std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
    std::fs::write(path, text).expect("a file");
}

pub(crate) const GROUP: &str = "schema/groups/everything.toml";
pub(crate) const NEW_COLUMN: &str =
    "\n[column.route]\nid = 17\ntype = \"string\"\ndoc = \"Route that was taken.\"\nexample = \"/users\"\n";

/// Renames a column, which is a break.
pub(crate) fn rename(dir: &Path) {
    edit(dir, GROUP, "[column.sampled]\nid = 10\n", "[column.was_sampled]\nid = 10\nrenamed_from = \"sampled\"\n");
}

/// Lets a script be run.
pub(crate) fn executable(path: &Path) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).expect("a mode");
}
