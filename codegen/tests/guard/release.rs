//! What `release` computes and freezes, and that nothing of it is touched afterwards.

use crate::project::{GROUP, NEW_COLUMN, commit, edit, expect, git, project, rename};

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
    let text = expect(dir, &["release", "--retire", "tiny_events@2"], 2);
    assert!(text.contains("is the version that the definition describes"), "{text}");
    expect(dir, &["release", "--retire", "tiny_events@1"], 0);
    let lock = std::fs::read_to_string(dir.join("schema/schema.lock")).expect("a lock");
    for line in ["1.0.0 release 1 retired", "2.0.0 release 2 superseded", "2.1.0 release 3 live"] {
        assert!(lock.contains(&format!("table tiny_events {line}")), "{line}: {lock}");
    }
    assert!(expect(dir, &["release", "--retire", "tiny_events@2"], 2).contains("only version"));
    let text = expect(dir, &["check"], 0);
    assert!(!text.contains("release v1, release v2"), "a retired version is no baseline: {text}");
}

/// A version that no release made has no frozen model, no line in the lock and no migration.
#[test]
fn versions_are_raised_by_releases_only() {
    let project = project();
    let dir = project.path();
    let file = "schema/tables/tiny_events.toml";
    let version = |from: u32, to: u32| edit(dir, file, &format!("version = {from}\n"), &format!("version = {to}\n"));
    for by_hand in [2, 3] {
        version(1, by_hand);
        for command in ["check", "release"] {
            let text = expect(dir, &[command], 1);
            let said = format!("table `tiny_events` goes from version 1 to {by_hand}, which no release made");
            assert!(text.contains("error[UE-C52]") && text.contains(&said), "{text}");
            assert!(text.contains("put `version = 1` back and run `unified-event release`"), "{text}");
            assert!(text.contains("`--new-version tiny_events`"), "{text}");
        }
        version(by_hand, 1);
    }
    assert!(!dir.join("schema/released/v2.json").exists());
    for newest in [2, 3] {
        expect(dir, &["release", "--new-version", "tiny_events"], 0);
        let text = expect(dir, &["check"], 0);
        assert!(
            text.contains("UE-C53] TABLE_VERSION_NOTED (released)") && !text.contains("UE-C52"),
            "{newest}: {text}"
        );
    }
    version(3, 2);
    let text = expect(dir, &["check"], 1);
    assert!(text.contains("error[UE-C52]") && text.contains("put `version = 3` back"), "{text}");
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
        let said = expect(dir, &["check"], 2);
        assert!(said.contains(&format!("schema/schema.lock:{at}: ")) && said.contains(expected), "{expected}: {said}");
        assert!(said.contains("help: ") && !said.contains("no clean result"), "{said}");
        for command in ["diff", "release", "codegen"] {
            expect(dir, &[command], 2);
        }
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
    let text = expect(dir, &["check"], 2);
    assert!(text.contains(&format!("schema/released/v1.json:{line}: the released model is not the one")), "{text}");
    assert!(text.contains("git checkout -- schema/released/v1.json"), "{text}");
    // Space is no content.
    let value: serde_json::Value = serde_json::from_str(&good).expect("JSON");
    std::fs::write(&path, value.to_string()).expect("a file");
    expect(dir, &["check"], 0);
    std::fs::write(&path, &good[..good.len() / 2]).expect("a file");
    assert!(expect(dir, &["check"], 2).contains("this is no JSON"));
    std::fs::remove_file(&path).expect("a file");
    assert!(expect(dir, &["check"], 2).contains("is missing"));
    std::fs::write(&path, &good).expect("a file");
    std::fs::write(dir.join("schema/released/v7.json"), &good).expect("a file");
    assert!(expect(dir, &["check"], 2).contains("`schema.lock` knows no such release"));
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

/// What a release holds stays released while the work goes on; what comes after it counts.
#[test]
fn edits_after_a_release_count_for_themselves() {
    let project = project();
    let dir = project.path();
    rename(dir);
    expect(dir, &["release"], 0);
    edit(dir, GROUP, "Share of what was sent.", "Share of what was sent, from 0 to 1.");
    let text = expect(dir, &["check", "--fail-on", "note"], 1);
    assert!(text.contains("breaking[UE-C06] COLUMN_SAME_NAME (released)"), "{text}");
    assert!(text.contains("needs a revision"), "{text}");
    // The same column once more, in another way: no release has that.
    let renamed = |name: &str, from: &str| format!("[column.{name}]\nid = 10\nrenamed_from = \"{from}\"\n");
    edit(dir, GROUP, &renamed("was_sampled", "sampled"), &renamed("is_sampled", "was_sampled"));
    let text = expect(dir, &["check"], 1);
    assert!(text.contains("breaking[UE-C06] COLUMN_SAME_NAME: "), "{text}");
    assert!(text.contains("needs a new table version"), "{text}");
    // And back to what it was before the release, which readers of the release do not know.
    edit(dir, GROUP, &renamed("is_sampled", "was_sampled"), &renamed("sampled", "was_sampled"));
    let text = expect(dir, &["check"], 1);
    assert!(text.contains("column `tiny_events.sampled` was called `was_sampled`"), "{text}");
    assert!(text.contains("needs a new table version"), "{text}");
}

/// A release answers for what it holds, and for nothing else, whatever the check is against.
#[test]
fn a_release_does_not_answer_for_what_came_after_it() {
    let project = project();
    let dir = project.path();
    let required = NEW_COLUMN.replace("type = \"string\"\n", "type = \"string\"\nrequired = true\n");
    edit(dir, GROUP, "", &required);
    expect(dir, &["release"], 0);
    edit(dir, GROUP, "Route that was taken.", "Route that was taken, as a pattern.");
    let text = expect(dir, &["check"], 0);
    assert!(text.contains("breaking[UE-C09] COLUMN_NO_ADD_REQUIRED (released)"), "{text}");
    commit(dir, "a required column");
    edit(dir, "schema/schema.toml", ", \"notes\"", "");
    for file in ["schema/tables/notes.toml", "schema/pipelines/notes.toml"] {
        std::fs::remove_file(dir.join(file)).expect("a file");
    }
    for against in [&["check"][..], &["check", "--against", "main"]] {
        let text = expect(dir, against, 1);
        assert!(text.contains("breaking[UE-C51] TABLE_NO_DROP: "), "{text}");
    }
}

#[test]
fn the_first_release_does_not_answer_for_what_came_after_it() {
    let project = project();
    let dir = project.path();
    git(dir, &["checkout", "-q", "main"]);
    std::fs::remove_dir_all(dir.join("schema/released")).expect("releases");
    std::fs::remove_file(dir.join("schema/schema.lock")).expect("a lock");
    commit(dir, "as before the guard");
    git(dir, &["checkout", "-q", "-b", "adopt"]);
    expect(dir, &["release"], 0);
    expect(dir, &["check"], 0);
    edit(
        dir,
        "schema/consumers/join.sql",
        "",
        "SELECT route FROM tiny_events AS t JOIN (SELECT 'a' AS route) AS x ON true;\n",
    );
    expect(dir, &["check"], 0);
    edit(dir, GROUP, "", NEW_COLUMN);
    let text = expect(dir, &["check"], 1);
    assert!(text.contains("breaking[UE-C81]") && !text.contains("UE-C81] QUERY_UNAMBIGUOUS (released)"), "{text}");
}
