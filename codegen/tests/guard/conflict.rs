//! Two branches that took one id: who is told to move, and how lock and frozen models get whole again.

use std::path::Path;

use crate::project::{GROUP, NEW_COLUMN, commit, edit, expect, git, project};

fn text(dir: &Path, file: &str) -> String {
    std::fs::read_to_string(dir.join(file)).expect("a file")
}

/// Both branches released a column under one id; the work is merged with `main`.
fn conflict(dir: &Path) {
    edit(dir, GROUP, "", NEW_COLUMN);
    expect(dir, &["release"], 0);
    commit(dir, "a route");
    git(dir, &["checkout", "-q", "main"]);
    edit(dir, GROUP, "", &NEW_COLUMN.replace("route", "path"));
    expect(dir, &["release"], 0);
    commit(dir, "a path");
    git(dir, &["checkout", "-q", "work"]);
    let merged = std::process::Command::new("git")
        .current_dir(dir)
        .args(["-c", "user.name=test", "-c", "user.email=test@example.com", "merge", "-q", "main"])
        .output()
        .expect("git");
    assert!(!merged.status.success(), "the branches conflict");
}

#[test]
fn a_conflict_is_named_wherever_it_stands_and_the_lock_is_remade() {
    let project = project();
    let dir = project.path();
    conflict(dir);
    let said = expect(dir, &["check"], 2);
    assert!(said.contains("a merge conflict stands here") && said.contains(GROUP), "{said}");
    // Both columns, the later one under the same id yet.
    let path = NEW_COLUMN.replace("route", "path");
    let good = text(dir, GROUP).split("<<<<<<< ").next().expect("a text").trim_end().to_owned() + "\n";
    std::fs::write(dir.join(GROUP), format!("{good}{NEW_COLUMN}{path}")).expect("a file");
    let said = expect(dir, &["release", "--remake-lock"], 2);
    assert!(said.contains("remade schema/schema.lock from the releases of main"), "{said}");
    assert!(said.contains("id 17 belongs to column `path`, which was released with it"), "{said}");
    assert!(said.contains("the next free one is 18"), "{said}");
    assert_eq!(text(dir, "schema/schema.lock"), git(dir, &["show", "main:schema/schema.lock"]) + "\n");
    std::fs::write(dir.join(GROUP), format!("{good}{}{path}", NEW_COLUMN.replace("id = 17", "id = 18")))
        .expect("a file");
    let said = expect(dir, &["release"], 0);
    assert!(said.contains("tiny_events 1.1.0 -> 1.2.0"), "{said}");
    commit(dir, "merge main");
    expect(dir, &["check"], 0);
    let lock = text(dir, "schema/schema.lock");
    for line in ["column tiny_events 17 path string optional live", "column tiny_events 18 route string optional live"]
    {
        assert!(lock.lines().any(|l| l == line), "{line}: {lock}");
    }
}

#[test]
fn markers_in_the_lock_and_in_a_frozen_model_say_what_to_do() {
    let project = project();
    let dir = project.path();
    conflict(dir);
    git(dir, &["checkout", "--ours", GROUP]);
    let said = expect(dir, &["check"], 2);
    assert!(said.contains("schema/schema.lock:") && said.contains("a merge conflict stands here"), "{said}");
    assert!(said.contains("unified-event release --remake-lock"), "{said}");
    git(dir, &["checkout", "--theirs", "schema/schema.lock"]);
    let said = expect(dir, &["check"], 2);
    assert!(said.contains("schema/released/v2.json:") && said.contains("--remake-lock"), "{said}");
    // A dry run says what it would do, and touches nothing.
    let before = text(dir, "schema/released/v2.json");
    assert!(expect(dir, &["release", "--remake-lock", "--dry-run"], 0).contains("would remake schema/schema.lock"));
    assert_eq!(text(dir, "schema/released/v2.json"), before);
}

/// Whatever order the columns stand in, the released one keeps its id.
#[test]
fn the_released_column_keeps_its_id() {
    let project = project();
    let dir = project.path();
    let first = "[column.ratio]\nid = 9\n";
    let new = NEW_COLUMN.replace("id = 17", "id = 9");
    edit(dir, GROUP, first, &format!("{}\n{first}", new.trim_start()));
    let said = expect(dir, &["check"], 2);
    assert!(said.contains("id 9 belongs to column `ratio`, which was released with it"), "{said}");
    let at = text(dir, GROUP).lines().position(|l| l == "[column.route]").expect("a column") + 2;
    assert!(said.contains(&format!("{GROUP}:{at}:")), "{said}");
}

/// A lock with a line less, and nothing to merge: the frozen models give it back.
#[test]
fn a_damaged_lock_is_remade_from_the_frozen_models() {
    let project = project();
    let dir = project.path();
    let good = text(dir, "schema/schema.lock");
    edit(dir, "schema/schema.lock", "column tiny_events 9 ratio float64 optional live\n", "");
    expect(dir, &["check"], 1);
    let said = expect(dir, &["release", "--remake-lock"], 0);
    assert!(said.contains("from the frozen models") && said.contains("nothing to release"), "{said}");
    assert_eq!(text(dir, "schema/schema.lock"), good);
    std::fs::write(dir.join("schema/schema.lock"), "format 1\nnonsense\n").expect("a file");
    expect(dir, &["release", "--remake-lock"], 0);
    assert_eq!(text(dir, "schema/schema.lock"), good);
}
