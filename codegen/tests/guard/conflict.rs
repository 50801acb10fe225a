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

/// Two branches made release 2, and a merge kept the own files: the release of the base branch is not lost.
#[test]
fn two_releases_of_one_number_become_two() {
    let project = project();
    let dir = project.path();
    let notes = "schema/pipelines/notes.toml";
    edit(dir, notes, "namespace = \"default\"", "namespace = \"notes\"");
    assert!(expect(dir, &["release"], 0).contains("notes 2.0.0 -> 3.0.0"));
    commit(dir, "another namespace");
    git(dir, &["checkout", "-q", "main"]);
    edit(dir, GROUP, "[column.sampled]\nid = 10\n", "[column.was_sampled]\nid = 10\nrenamed_from = \"sampled\"\n");
    edit(dir, GROUP, "", NEW_COLUMN);
    assert!(expect(dir, &["release"], 0).contains("tiny_events 1.0.0 -> 2.0.0"));
    commit(dir, "a rename and a route");
    let (theirs, model) = (text(dir, "schema/schema.lock"), text(dir, "schema/released/v2.json"));
    git(dir, &["checkout", "-q", "work"]);
    git(dir, &["merge", "-q", "-X", "ours", "-s", "ort", "main", "-m", "merge main"]);
    // However the two files were merged, they are those of this branch, or not whole.
    git(dir, &["checkout", "-q", "HEAD^1", "--", "schema/schema.lock", "schema/released/v2.json"]);
    git(dir, &["commit", "-q", "--amend", "-m", "merge main"]);
    let said = expect(dir, &["check"], 1);
    assert!(said.contains("error[UE-C95] HISTORY_KEPT: what the baseline released as `release 2"), "{said}");
    assert!(said.contains("what the baseline released is gone: table tiny_events 2.0.0 release 2 live"), "{said}");
    assert!(said.contains("where two branches made one release, run `unified-event release --remake-lock`"), "{said}");
    let said = expect(dir, &["release", "--remake-lock"], 0);
    assert!(said.contains("remade schema/schema.lock from the releases of main"), "{said}");
    let back = "put version 2 back into schema/tables/notes.toml: no release of main made version 3";
    assert!(said.contains(back), "{said}");
    assert!(said.contains("notes 2.0.0 -> 3.0.0") && !said.contains("tiny_events"), "{said}");
    assert_eq!(text(dir, "schema/released/v2.json"), model, "the release of the base branch stands");
    let lock = text(dir, "schema/schema.lock");
    let notes_only = |line: &&str| line.starts_with("table notes");
    for line in theirs.lines().filter(|l| !notes_only(l)) {
        assert!(lock.lines().any(|l| l == line), "{line} is lost: {lock}");
    }
    assert!(lock.contains("table notes 3.0.0 release 3 live"), "{lock}");
    assert!(lock.contains("former tiny_events 10 sampled") && lock.contains("column tiny_events 17 route"), "{lock}");
    commit(dir, "release anew");
    expect(dir, &["check"], 0);
    // Once more changes nothing.
    assert!(expect(dir, &["release", "--remake-lock"], 0).contains("nothing to release"));
    assert_eq!(text(dir, "schema/schema.lock"), lock);
}

/// The other way round: the files of the base branch are kept, and the own release is what is missing.
#[test]
fn a_release_that_a_merge_took_away_is_made_again() {
    let project = project();
    let dir = project.path();
    conflict(dir);
    git(dir, &["checkout", "-q", "--theirs", "schema/schema.lock", "schema/released/v2.json"]);
    let theirs = text(dir, GROUP).split("<<<<<<< ").next().expect("a text").trim_end().to_owned() + "\n";
    let path = NEW_COLUMN.replace("route", "path");
    std::fs::write(dir.join(GROUP), format!("{theirs}{path}{}", NEW_COLUMN.replace("id = 17", "id = 18")))
        .expect("a file");
    commit(dir, "merge main");
    assert!(expect(dir, &["check"], 0).contains("column `tiny_events.route`"), "it is not released");
    assert!(expect(dir, &["release"], 0).contains("tiny_events 1.1.0 -> 1.2.0"));
    commit(dir, "release anew");
    expect(dir, &["check"], 0);
}
