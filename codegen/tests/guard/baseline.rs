//! What a definition can be compared with, and what is said when it cannot.

use crate::project::{GROUP, NEW_COLUMN, code, commit, copy, edit, expect, git, project, rename, run, said};

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
    for args in [
        &["check", "--fail-on", "everything"][..],
        &["check", "--format", "xml"],
        &["check", "--today", "soon"],
        &["check", "--today", "2026-02-31"],
        &["release", "--today", "2026-02-29"],
    ] {
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

/// Another folder is another path, and neither another definition nor a first release.
#[test]
fn a_definition_that_moved_is_compared_with_what_it_was() {
    let project = project();
    let dir = project.path();
    git(dir, &["mv", "schema", "definition"]);
    commit(dir, "another folder");
    let check = &["check", "--base", "main", "--schema", "definition"];
    let text = expect(dir, check, 0);
    assert!(text.contains("the definition was in the folder `schema` there, and is compared with that"), "{text}");
    edit(dir, "definition/groups/everything.toml", "[column.sampled]\nid = 10\n", "[column.taken]\nid = 10\n");
    assert!(expect(dir, check, 1).contains("error[UE-C04]"));
    // Not even with a history that begins anew.
    std::fs::remove_file(dir.join("definition/schema.lock")).expect("a lock");
    std::fs::remove_dir_all(dir.join("definition/released")).expect("frozen models");
    expect(dir, &["release", "--schema", "definition"], 0);
    commit(dir, "a new history");
    let text = expect(dir, check, 1);
    assert!(text.contains("error[UE-C04]") || text.contains("breaking[UE-C01]"), "{text}");
    assert!(text.contains("error[UE-C95]"), "{text}");
    // A definition that stays where it was is not the one that is looked at.
    git(dir, &["checkout", "-q", "main", "--", "schema"]);
    let text = expect(dir, check, 0);
    assert!(text.contains("the base branch has no definition here: compared with releases only"), "{text}");
}

#[test]
fn of_several_definitions_that_went_away_one_must_be_named() {
    let project = project();
    let dir = project.path();
    git(dir, &["checkout", "-q", "main"]);
    copy(&dir.join("schema"), &dir.join("other/schema"));
    commit(dir, "two definitions");
    git(dir, &["checkout", "-q", "-B", "work"]);
    git(dir, &["mv", "schema", "definition"]);
    git(dir, &["rm", "-qr", "other"]);
    commit(dir, "one definition");
    let text = expect(dir, &["check", "--base", "main", "--schema", "definition"], 3);
    assert!(text.contains("several that are gone here: `other/schema`, `schema`"), "{text}");
    expect(dir, &["check", "--against", "main:schema", "--schema", "definition"], 0);
}
