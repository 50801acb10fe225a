//! What edits of lock and frozen models are answered with, and what they cannot bring back.

use std::path::Path;

use crate::project::{GROUP, NEW_COLUMN, commit, edit, expect, git, project};

const LOCK: &str = "schema/schema.lock";

fn text(dir: &Path, file: &str) -> String {
    std::fs::read_to_string(dir.join(file)).expect("a file")
}

fn remove_line(dir: &Path, start: &str) {
    let kept: Vec<String> =
        text(dir, LOCK).lines().filter(|l| !l.starts_with(start)).map(|l| format!("{l}\n")).collect();
    std::fs::write(dir.join(LOCK), kept.concat()).expect("a file");
}

/// A column that is gone stays taken, also where its line is taken out of the lock.
#[test]
fn a_reserved_line_is_not_forgotten() {
    let project = project();
    let dir = project.path();
    edit(dir, GROUP, "", NEW_COLUMN);
    expect(dir, &["release"], 0);
    edit(dir, GROUP, NEW_COLUMN, "");
    expect(dir, &["release"], 0);
    commit(dir, "came and went");
    git(dir, &["branch", "-f", "main", "HEAD"]);
    remove_line(dir, "column tiny_events 17 ");
    edit(dir, LOCK, "last tiny_events column 17 ", "last tiny_events column 16 ");
    edit(dir, GROUP, "", &NEW_COLUMN.replace("\"string\"", "\"int64\"").replace("\"/users\"", "7"));
    for args in [&["check"][..], &["check", "--against", "HEAD"], &["release"]] {
        let said = expect(dir, args, 1);
        assert!(said.contains("error[UE-C95]") && said.contains("has lost the line `column tiny_events 17"), "{said}");
        assert!(said.contains("schema/schema.lock:") && said.contains("--remake-lock"), "{said}");
    }
}

#[test]
fn a_history_that_is_gone_is_missed() {
    let project = project();
    let dir = project.path();
    std::fs::remove_file(dir.join(LOCK)).expect("a file");
    std::fs::remove_dir_all(dir.join("schema/released")).expect("a folder");
    let said = expect(dir, &["check"], 1);
    assert!(said.contains("error[UE-C95]") && said.contains("what the baseline released is gone: the lock"), "{said}");
    // Released anew it is another history.
    edit(dir, GROUP, "Whether it was sampled.", "Whether a sampler let it through.");
    expect(dir, &["release"], 0);
    assert!(expect(dir, &["check"], 1).contains("what the baseline released as `release 1 sha256:"));
}

/// The newest release taken back as a whole: lock and model agree, and the baseline knows better.
#[test]
fn a_release_cannot_be_taken_back() {
    let project = project();
    let dir = project.path();
    let lock = text(dir, LOCK);
    edit(dir, GROUP, "", NEW_COLUMN);
    expect(dir, &["release"], 0);
    commit(dir, "release v2");
    git(dir, &["branch", "-f", "main", "HEAD"]);
    std::fs::write(dir.join(LOCK), lock).expect("a file");
    std::fs::remove_file(dir.join("schema/released/v2.json")).expect("a file");
    let said = expect(dir, &["check"], 1);
    assert!(said.contains("what the baseline released is gone: release 2 sha256:"), "{said}");
    assert!(said.contains("what the baseline released is gone: table tiny_events 1.1.0 release 2 live"), "{said}");
}

/// A frozen model edited together with its hash agrees with the lock; the baseline has another hash.
#[test]
fn a_frozen_model_and_its_hash_do_not_change_together() {
    let project = project();
    let dir = project.path();
    edit(dir, "schema/released/v1.json", "Share of what was sent.", "Share of what was lost.");
    let said = expect(dir, &["check"], 2);
    let value: serde_json::Value = serde_json::from_str(&text(dir, "schema/released/v1.json")).expect("JSON");
    let hash = unified_event_guard::released::canonical_sha256(&value);
    assert!(said.contains("is not the one that was frozen"), "{said}");
    let lock = text(dir, LOCK);
    let old = lock.split("sha256:").nth(1).and_then(|t| t.lines().next()).expect("a hash").to_owned();
    edit(dir, LOCK, &old, &hash);
    let said = expect(dir, &["check"], 1);
    assert!(said.contains(&format!("`release 1 sha256:{old}` is `release 1 sha256:{hash}` now")), "{said}");
}

/// What `release --retire` does is told, and what it does not do is refused.
#[test]
fn a_retired_version_is_told_and_stays_so() {
    let project = project();
    let dir = project.path();
    expect(dir, &["release", "--new-version", "notes"], 0);
    commit(dir, "notes again");
    git(dir, &["branch", "-f", "main", "HEAD"]);
    expect(dir, &["release", "--retire", "notes@2"], 0);
    let said = expect(dir, &["check"], 0);
    assert!(said.contains("[UE-C96]") && said.contains("line `table notes 2.0.0` is retired"), "{said}");
    commit(dir, "the old notes are gone");
    git(dir, &["branch", "-f", "main", "HEAD"]);
    assert!(!expect(dir, &["check"], 0).contains("UE-C96"));
    edit(dir, LOCK, "table notes 2.0.0 release 1 retired", "table notes 2.0.0 release 1 live");
    assert!(expect(dir, &["check"], 1).contains("error[UE-C95]"));
}

/// What was wrong before a change does not count against it, and mending it is no offence.
#[test]
fn a_lock_that_was_wrong_before_can_be_mended() {
    let project = project();
    let dir = project.path();
    let good = text(dir, LOCK);
    remove_line(dir, "column notes 2 ");
    commit(dir, "an accident");
    git(dir, &["branch", "-f", "main", "HEAD"]);
    let said = expect(dir, &["check"], 0);
    assert!(said.contains("error[UE-C95] HISTORY_KEPT (before)"), "{said}");
    std::fs::write(dir.join(LOCK), good).expect("a file");
    assert!(!expect(dir, &["check"], 0).contains("UE-C95"));
}

/// A column that is called as long ago once more: the lock can be read, and says so.
#[test]
fn a_name_may_come_back_to_its_column() {
    let project = project();
    let dir = project.path();
    let renamed = |name: &str, from: &str| format!("[column.{name}]\nid = 10\nrenamed_from = \"{from}\"\n");
    edit(dir, GROUP, "[column.sampled]\nid = 10\n", &renamed("was_sampled", "sampled"));
    expect(dir, &["release"], 0);
    edit(dir, GROUP, &renamed("was_sampled", "sampled"), &renamed("sampled", "was_sampled"));
    expect(dir, &["release"], 0);
    expect(dir, &["check"], 0);
    assert!(text(dir, LOCK).contains("\nformer tiny_events 10 was_sampled\n"));
    assert!(!text(dir, LOCK).contains("\nformer tiny_events 10 sampled\n"));
}
