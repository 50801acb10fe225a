//! Where data goes, from the definition to the release: a new place is a new table version, a new label is not.

use std::path::Path;

use crate::project::{commit, edit, expect, git, project};

const LAKE: &str = "schema/lake.toml";
const NOTES: &str = "schema/pipelines/notes.toml";

/// A second bucket, a path and raw files, on both branches.
fn with_raw_files(dir: &Path) {
    git(dir, &["checkout", "-q", "main"]);
    let more = "\n[bucket.STORE]\nname = \"tiny-store\"\ndoc = \"Raw files.\"\n\n[path.old]\npattern = \"old/{id}\"\n\
                doc = \"Old files.\"\n\n[raw]\ntable = \"tiny_events\"\nbucket = \"STORE\"\nprefix = \"raw\"\n\
                doc = \"Files beside the table.\"\n";
    edit(dir, LAKE, "", more);
    expect(dir, &["release"], 0);
    commit(dir, "raw files");
    git(dir, &["checkout", "-q", "-B", "work"]);
}

#[test]
fn a_bucket_is_where_data_goes_and_a_binding_is_a_label() {
    let project = project();
    let dir = project.path();
    with_raw_files(dir);
    edit(dir, LAKE, "name = \"tiny-lake\"", "name = \"big-lake\" # another one");
    let text = expect(dir, &["check"], 1);
    for table in ["notes", "tiny_events"] {
        let said = format!("the rows of table `{table}` go elsewhere: the bucket of pipeline `{table}");
        assert!(text.contains(&said), "{table}: {text}");
    }
    assert!(
        text.contains("is `big-lake` instead of `tiny-lake`, as the binding `LAKE` reaches another bucket"),
        "{text}"
    );
    assert_eq!(text.matches("breaking[UE-C75] DESTINATION_SAME").count(), 2, "{text}");
    assert!(text.contains("notes needs a new table version · tiny_events needs a new table version"), "{text}");
    assert!(text.contains("(schema/lake.toml:5)"), "{text}");
    let released = expect(dir, &["release"], 0);
    assert!(released.contains("notes 2.0.0 -> 3.0.0") && released.contains("tiny_events 1.0.0 -> 2.0.0"), "{released}");
    assert!(expect(dir, &["check"], 0).contains("UE-C75] DESTINATION_SAME (released)"));
    git(dir, &["checkout", "-q", "--force", "main"]);
    git(dir, &["clean", "-qfd"]);
    git(dir, &["checkout", "-q", "-B", "label"]);
    edit(dir, LAKE, "[bucket.LAKE]", "[bucket.CATALOG]");
    for file in [NOTES, "schema/pipelines/tiny_events.toml"] {
        edit(dir, file, "bucket = \"LAKE\"", "bucket = \"CATALOG\"");
    }
    let text = expect(dir, &["check", "-v"], 0);
    assert!(text.contains("warning[UE-C62]") && !text.contains("UE-C75"), "{text}");
    assert!(text.contains("the binding of the bucket changes from `LAKE` to `CATALOG`"), "{text}");
    assert!(text.contains("deploy every Worker that uses `env.LAKE` anew"), "{text}");
    assert!(text.contains("at schema/lake.toml:4"), "{text}");
}

#[test]
fn places_are_one_kind_whatever_says_them() {
    let project = project();
    let dir = project.path();
    with_raw_files(dir);
    for (file, old, new, said, place) in [
        (
            NOTES,
            "bucket = \"LAKE\"",
            "bucket = \"OTHER\"",
            "bucket of pipeline `notes_v2` is `other-lake`",
            "notes.toml:23",
        ),
        (
            NOTES,
            "namespace = \"default\"",
            "namespace = \"own\"",
            "namespace of pipeline `notes_v2` is `own`",
            "notes.toml:24",
        ),
        (
            LAKE,
            "prefix = \"raw\"",
            "prefix = \"all\"",
            "raw files of table `tiny_events` go elsewhere: the prefix",
            "lake.toml:",
        ),
        (
            LAKE,
            "bucket = \"STORE\"",
            "bucket = \"OTHER\"",
            "raw files of table `tiny_events` go elsewhere: the bucket",
            "lake.toml:",
        ),
        (
            LAKE,
            "name = \"tiny-store\"",
            "name = \"my-store\"",
            "as the binding `STORE` reaches another bucket",
            "lake.toml:",
        ),
        (LAKE, "/day=%d", "/d=%d", "go elsewhere: the `daily` path of the raw files", "lake.toml:18"),
        (
            LAKE,
            "\"old/{id}\"",
            "\"older/{id}\"",
            "files of the path `old` lie elsewhere: its pattern is `older/{id}` instead of `old/{id}`",
            "lake.toml:",
        ),
    ] {
        edit(
            dir,
            LAKE,
            "[path.data]",
            "[bucket.OTHER]\nname = \"other-lake\"\ndoc = \"Another bucket.\"\n\n[path.data]",
        );
        edit(dir, file, old, new);
        let text = expect(dir, &["check"], 1);
        let line = text.lines().find(|l| l.contains(said)).unwrap_or_else(|| panic!("{said}: {text}"));
        assert!(line.starts_with("breaking[UE-C75] DESTINATION_SAME") && line.contains(place), "{line}");
        assert!(text.contains("1 breaking"), "{text}");
        let of =
            if said.contains("path `old`") { "the definition needs a release" } else { "needs a new table version" };
        assert!(text.contains(of), "{text}");
        git(dir, &["checkout", "-q", "--force", "work"]);
    }
}

#[test]
fn what_is_gone_from_the_lake_has_a_place() {
    let project = project();
    let dir = project.path();
    with_raw_files(dir);
    let lake = std::fs::read_to_string(dir.join(LAKE)).expect("a file");
    let (kept, _) = lake.split_once("\n[bucket.STORE]").expect("a bucket");
    std::fs::write(dir.join(LAKE), kept).expect("a file");
    let text = expect(dir, &["check", "--base", "main"], 1);
    let line_of = |header: &str| lake.lines().position(|l| l == header).expect("a line") + 1;
    for (said, header) in [
        ("the bucket `tiny-store` of the binding `STORE` is gone", "[bucket.STORE]"),
        ("files of the path `old` lie elsewhere: its pattern `old/{id}` is gone", "[path.old]"),
        ("raw files of table `tiny_events` are no longer written: the raw files went to `tiny-store/raw`", "[raw]"),
    ] {
        let line = text.lines().find(|l| l.contains(said)).unwrap_or_else(|| panic!("{said}: {text}"));
        let at = |line: usize| format!("schema/lake.toml:{line})");
        let first = line_of(header);
        assert!(line.starts_with("breaking[UE-C75]") && (first..first + 2).any(|l| line.contains(&at(l))), "{line}");
    }
    // A frozen model has no files: the place is the file in which the entry was.
    let text = expect(dir, &["check", "--against", "schema/released/v2.json"], 1);
    assert!(text.contains("`STORE` is gone (schema/lake.toml:1)"), "{text}");
}
