//! What `check` refuses, and what it lets through.

use crate::project::{GROUP, code, commit, edit, expect, git, project, rename, run};

#[test]
fn a_clean_branch_is_clean() {
    let project = project();
    let text = expect(project.path(), &["check"], 0);
    assert!(text.contains("compared with the merge base with main") && text.contains("release v1"), "{text}");
    assert!(text.contains("as of 2026-11-21"), "{text}");
    assert!(text.starts_with("NO OPEN FINDINGS"), "{text}");
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
fn a_waiver_accepts_one_finding_for_a_time() {
    let project = project();
    let dir = project.path();
    rename(dir);
    let text = expect(dir, &["check", "--verbose"], 1);
    let fingerprint = text.split("fingerprint ").nth(1).and_then(|t| t.split(' ').next()).expect("a fingerprint");
    let waiver = |expires: &str| {
        format!(
            "[[waiver]]\nfingerprint = \"{fingerprint}\"\nreason = \"one reader.\"\nowner = \"lake\"\nexpires = \"{expires}\"\n"
        )
    };
    let path = dir.join("schema/waivers.toml");
    std::fs::write(&path, waiver("2026-12-31")).expect("a file");
    let text = expect(dir, &["check", "-v"], 0);
    assert!(text.contains("(waived)") && text.contains("waived until 2026-12-31 by lake: one reader."), "{text}");
    assert!(expect(dir, &["check", "--today", "2027-01-01"], 1).contains("error[UE-C91]"));
    assert!(expect(dir, &["check", "--today", "2026-12-31"], 0).contains("(waived)"));
    std::fs::write(&path, waiver("2026-12-31").replace(fingerprint, "0000000000000000")).expect("a file");
    assert!(expect(dir, &["check"], 1).contains("error[UE-C90]"));
    std::fs::write(&path, waiver("2026-11-31")).expect("a file");
    assert!(expect(dir, &["check"], 2).contains("`2026-11-31` is not a date"));
    std::fs::write(&path, waiver("soon").replace("owner = \"lake\"\n", "")).expect("a file");
    let text = expect(dir, &["check"], 2);
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
    // Changed along with the definition it is fine, and nobody is told that it fails.
    edit(dir, "schema/consumers/dashboard.sql", "SELECT sampled", "SELECT was_sampled AS sampled");
    edit(dir, "schema/consumers/dashboard.sql", "BY sampled", "BY was_sampled");
    let text = expect(dir, &["check"], 1);
    assert!(!text.contains("UE-C80") && !text.contains("fails already"), "{text}");
    assert!(text.contains("dashboard.sql:1 fails under the old definition only: `was_sampled`"), "{text}");
}

/// One statement, file or clause that is not understood is said with its place, and hides nothing else.
#[test]
fn what_is_not_checked_is_said_and_the_rest_is_checked() {
    let project = project();
    let dir = project.path();
    let consumer = |name: &str, text: &str| edit(dir, &format!("schema/consumers/{name}"), "", text);
    consumer("a/b/deep.SQL", "SELEC 1;\n\nSELECT sampled FROM tiny_events;\nSELECT gone, sampled FROM tiny_events");
    consumer("spark.sql", "-- dialect: spark\nSELECT `id` FROM tiny_events VERSION AS OF 3 WHERE sampled");
    consumer("views.sql", "CREATE VIEW a AS SELECT id, sampled AS s FROM tiny_events;\nSELECT s FROM a");
    consumer("on_views.sql", "SELECT count(*) FROM a WHERE s");
    consumer("unknown.sql", "-- dialect: nosql\nSELECT sampled FROM tiny_events");
    consumer("other.hql", "SELECT sampled FROM tiny_events");
    consumer("elsewhere.sql", "SELECT 1 FROM another_team.table_of_theirs");
    consumer("README.md", "Not SQL at all.");
    let odd = [
        ("PIVOT", "SELECT * FROM tiny_events PIVOT (count(id) FOR sampled IN (true)) AS p"),
        ("UNPIVOT", "SELECT * FROM tiny_events UNPIVOT (v FOR k IN (sampled, status)) AS p"),
        (
            "MATCH_RECOGNIZE",
            "SELECT * FROM tiny_events MATCH_RECOGNIZE (PARTITION BY sampled PATTERN (A) DEFINE A AS TRUE)",
        ),
        ("CONNECT BY", "SELECT id FROM tiny_events START WITH sampled CONNECT BY PRIOR id = trace_id"),
        ("|>", "SELECT id, sampled FROM tiny_events |> WHERE sampled"),
        ("COLUMNS(…)", "SELECT COLUMNS('a.*'), sampled FROM tiny_events"),
        ("a table function", "SELECT tiny_events.sampled FROM tiny_events, some_function(1)"),
        ("TABLE(…)", "SELECT tiny_events.sampled FROM tiny_events, TABLE(some_function(1))"),
    ];
    for (i, (_, sql)) in odd.iter().enumerate() {
        consumer(&format!("odd{i}.sql"), sql);
    }
    std::fs::write(dir.join("schema/consumers/latin.sql"), b"SELECT '\xe9'").expect("a file");
    commit(dir, "queries");
    edit(dir, GROUP, "[column.sampled]\n", "[column.was_sampled]\nrenamed_from = \"sampled\"\n");
    let text = expect(dir, &["check"], 1);
    for notice in [
        "schema/consumers/a/b/deep.SQL:1:1: not checked: the statement is not understood",
        "schema/consumers/a/b/deep.SQL:4 fails already: `gone` is no column that the query reads",
        "schema/consumers/unknown.sql:1:1: no query of this file is checked: there is no dialect `nosql`",
        "schema/consumers/other.hql: not checked: registered queries are files that end in `.sql`",
        "schema/consumers/latin.sql: not checked: the file is no UTF-8",
        "schema/consumers/elsewhere.sql:1: not checked: it reads no table of the definition",
    ] {
        assert!(text.contains(notice), "{notice}: {text}");
    }
    assert!(!text.contains("README"), "{text}");
    for (i, (what, _)) in odd.iter().enumerate() {
        let notice = text.lines().find(|l| l.contains(&format!("odd{i}.sql:1: not wholly checked: ")));
        assert!(notice.is_some_and(|n| n.contains(what)), "{what}: {text}");
        let broken = format!("query `schema/consumers/odd{i}.sql`: ");
        assert!(text.contains(&broken), "{what}: {text}");
    }
    for name in ["a/b/deep.SQL#2", "spark.sql", "views.sql#1", "views.sql#2", "on_views.sql"] {
        assert!(text.contains(&format!("query `schema/consumers/{name}`: ")), "{name}: {text}");
    }
    // What fails without the change is no break of it.
    assert!(!text.contains("query `schema/consumers/a/b/deep.SQL#3`"), "{text}");
}

/// Git and editors may write other ends of lines and a mark before the first; nothing is said for it.
#[test]
fn line_ends_and_marks_are_no_change() {
    let project = project();
    let dir = project.path();
    edit(dir, "schema/consumers/one.sql", "", "SELECT id,\n  sampled\nFROM tiny_events;\n");
    edit(dir, "schema/policy.toml", "", "");
    edit(dir, "schema/waivers.toml", "", "");
    commit(dir, "a query");
    let mut folders = vec![dir.join("schema")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = std::fs::read_to_string(&path).expect("text");
            if path.extension().is_some_and(|e| e == "json") {
                continue;
            }
            std::fs::write(&path, format!("\u{feff}{}", text.replace('\n', "\r\n"))).expect("a file");
        }
    }
    let text = expect(dir, &["check", "--fail-on", "note"], 0);
    assert!(text.contains("0 findings") && !text.contains("note:"), "{text}");
    commit(dir, "as another system writes it");
    let text = expect(dir, &["check", "--fail-on", "note", "--against", "HEAD"], 0);
    assert!(text.contains("0 findings"), "{text}");
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

/// Deprecated until a day: the promise holds, and afterwards neither name nor id comes back.
#[test]
fn a_deprecated_column_stays_until_its_date() {
    let project = project();
    let dir = project.path();
    let lock = || std::fs::read_to_string(dir.join("schema/schema.lock")).expect("a lock");
    assert!(lock().contains("column tiny_events 8 size int64 optional deprecated\n"), "{}", lock());
    edit(dir, GROUP, "2027-01-01", "2026-12-01");
    assert!(expect(dir, &["check"], 1).contains("error[UE-C24]"));
    assert!(expect(dir, &["release"], 1).contains("No release makes these right"));
    edit(dir, GROUP, "2026-12-01", "2027-02-01");
    assert!(expect(dir, &["check"], 0).contains("[UE-C23]"), "later is fine");
    edit(dir, GROUP, "2027-02-01", "2027-01-01");
    let text = std::fs::read_to_string(dir.join(GROUP)).expect("a file");
    let section = text.split("\n\n").find(|part| part.starts_with("[column.size]\n")).expect("the column").to_owned();
    edit(dir, GROUP, &format!("{section}\n\n"), "");
    edit(dir, "schema/event_types.toml", "[\"status\", \"size\"]", "[\"status\", \"ratio\"]");
    let early = expect(dir, &["check", "--today", "2026-12-31"], 1);
    assert!(early.contains("error[UE-C03]") && early.contains("2027-01-01"), "{early}");
    assert!(expect(dir, &["release", "--today", "2026-12-31"], 1).contains("No release makes these right"));
    let late = expect(dir, &["check", "--today", "2027-01-02"], 1);
    assert!(late.contains("breaking[UE-C02]") && !late.contains("UE-C03"), "{late}");
    let released = expect(dir, &["release", "--today", "2027-01-02"], 0);
    assert!(released.contains("tiny_events 1.0.0 -> 2.0.0"), "{released}");
    assert!(lock().contains("column tiny_events 8 size int64 optional reserved\n"), "{}", lock());
    for (id, name, rule) in [(17, "size", "error[UE-C05]"), (8, "weight", "error[UE-C04]")] {
        let column = format!("\n[column.{name}]\nid = {id}\ntype = \"int64\"\ndoc = \"Bytes of it.\"\nexample = 1\n");
        edit(dir, GROUP, "", &column);
        let text = expect(dir, &["check", "--today", "2027-01-02"], 1);
        assert!(text.contains(rule), "{rule}: {text}");
        edit(dir, GROUP, &column, "");
    }
}

/// The day decides: due is said and fails nothing, and a promise neither loses its date nor starts in the past.
#[test]
fn the_date_of_a_removal_is_a_promise_and_then_a_reminder() {
    let project = project();
    let dir = project.path();
    let due = "notice: the removal of column `tiny_events.size` is due, as its date 2027-01-01 is past: remove it in";
    assert!(!expect(dir, &["check", "--today", "2027-01-01"], 0).contains("is due"), "the last day is not past");
    assert!(expect(dir, &["check", "--today", "2027-01-02"], 0).contains(due));
    edit(dir, GROUP, "2027-01-01", "2027-03-01");
    let later = expect(dir, &["check", "--today", "2027-01-02"], 0);
    assert!(later.contains("warning[UE-C23]") && !later.contains("is due"), "{later}");
    let dates = "the removal of column `tiny_events.size` moves back from 2027-01-01 to 2027-03-01";
    assert!(later.contains(&format!("{dates}, and `reason` does not say why")), "{later}");
    edit(dir, GROUP, "nobody fills it.", "nobody fills it, and one reader asked for two months.");
    let later = expect(dir, &["check"], 0);
    assert!(later.contains("note[UE-C23]") && later.contains(dates) && !later.contains("say why"), "{later}");
    edit(dir, GROUP, ", and one reader asked for two months", "");
    edit(dir, GROUP, "remove_after = \"2027-03-01\", ", "");
    for day in ["2026-11-21", "2027-06-01"] {
        let text = expect(dir, &["check", "--today", day], 1);
        assert!(text.contains("error[UE-C24]") && text.contains("2027-01-01, and loses its date"), "{text}");
        assert!(expect(dir, &["release", "--today", day], 1).contains("No release makes these right"));
    }
    edit(dir, GROUP, "deprecated = { since = 1, ", "deprecated = { since = 1, remove_after = \"2027-01-01\", ");
    let rating = "[column.rating]\nid = 11\n";
    let dated = format!("{rating}deprecated = {{ since = 1, remove_after = \"2026-11-20\", reason = \"old\" }}\n");
    edit(dir, GROUP, rating, &dated);
    let text = expect(dir, &["check"], 1);
    assert!(text.contains("`tiny_events.rating` gets 2026-11-20 as the date of its removal, which is past"), "{text}");
    edit(dir, GROUP, "2026-11-20", "2026-11-21");
    assert!(expect(dir, &["check"], 0).contains("warning[UE-C23]"));
}

#[test]
fn a_deprecation_that_is_withdrawn_is_told_to_those_who_heeded_it() {
    let project = project();
    let dir = project.path();
    let entry = "deprecated = { since = 1, remove_after = \"2027-01-01\", replaced_by = \"ratio\", reason = \"nobody fills it.\" }\n";
    edit(dir, GROUP, entry, "");
    let text = expect(dir, &["check", "-v"], 0);
    let said = "column `tiny_events.size` is no longer deprecated, and was to go after 2027-01-01; who was told to use \
                `ratio` instead has moved there";
    assert!(text.contains("warning[UE-C28] DEPRECATION_WITHDRAWN") && text.contains(said), "{text}");
    assert!(text.contains("needs an addition: producers first") && text.contains("SELECT list"), "{text}");
    assert!(expect(dir, &["release"], 0).contains("tiny_events 1.0.0 -> 1.1.0"));
    let lock = std::fs::read_to_string(dir.join("schema/schema.lock")).expect("a lock");
    assert!(lock.contains("column tiny_events 8 size int64 optional live\n"), "{lock}");
}

#[test]
fn values_and_order_by_all_are_read() {
    let project = project();
    let dir = project.path();
    let queries = "INSERT INTO notes (ns, note_text) VALUES ('a', 'b');\nSELECT * FROM notes ORDER BY ALL;\n";
    edit(dir, "schema/consumers/notes.sql", "", queries);
    commit(dir, "queries");
    let text = expect(dir, &["check"], 0);
    assert!(!text.contains(" fails "), "{text}");
    let renamed = "[column.note_words]\nid = 2\nrenamed_from = \"note_text\"\n";
    edit(dir, "schema/tables/notes.toml", "[column.note_text]\nid = 2\n", renamed);
    let text = expect(dir, &["check"], 1);
    assert!(text.contains("query `schema/consumers/notes.sql#1`: `notes` has no column `note_text`"), "{text}");
    assert!(text.contains("query `schema/consumers/notes.sql#2`: the result loses `note_text`"), "{text}");
}

/// A name that a part of the query takes for itself hides the table from what follows, and not from that part.
#[test]
fn a_table_is_read_behind_every_name_that_hides_it() {
    let project = project();
    let dir = project.path();
    for (name, sql) in [
        ("cte", "WITH tiny_events AS (SELECT id, sampled FROM tiny_events) SELECT id FROM tiny_events"),
        ("nested", "WITH a AS (WITH a AS (SELECT sampled FROM tiny_events) SELECT * FROM a) SELECT 1 FROM a"),
        ("twice", "WITH a AS (SELECT id, sampled FROM tiny_events), b AS (SELECT sampled FROM a) SELECT id FROM a"),
        ("from_first", "-- dialect: duckdb\nFROM tiny_events"),
    ] {
        edit(dir, &format!("schema/consumers/{name}.sql"), "", sql);
    }
    edit(
        dir,
        "schema/consumers/hidden.sql",
        "",
        "WITH RECURSIVE t AS (SELECT id FROM tiny_events UNION ALL SELECT t.id FROM t) SELECT id FROM t",
    );
    commit(dir, "queries");
    edit(dir, GROUP, "[column.sampled]\n", "[column.was_sampled]\nrenamed_from = \"sampled\"\n");
    let text = expect(dir, &["check"], 1);
    for (rule, file) in [("UE-C80", "cte"), ("UE-C80", "nested"), ("UE-C80", "twice"), ("UE-C83", "from_first")] {
        let found =
            text.lines().any(|l| l.starts_with(&format!("breaking[{rule}]")) && l.contains(&format!("/{file}.sql")));
        assert!(found, "{file}: {text}");
    }
    assert!(!text.contains("hidden.sql"), "{text}");
}

/// A file that is nearly called like one that is read would say nothing, and nobody would know.
#[test]
fn files_that_nothing_reads_are_told() {
    let project = project();
    let dir = project.path();
    edit(dir, "schema/waiver.toml", "", "[[waiver]]\n");
    edit(dir, "schema/Policy.TOML", "", "unused = [\"files\"]\n");
    let text = expect(dir, &["check"], 0);
    assert!(
        text.contains("schema/waiver.toml: nothing reads a file of this name: did you mean `waivers.toml`"),
        "{text}"
    );
    assert!(text.contains("schema/Policy.TOML: nothing reads a file of this name"), "{text}");
    assert!(!text.contains("schema/lake.toml: nothing"), "{text}");
}
