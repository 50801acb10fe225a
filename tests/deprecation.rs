//! A deprecation is said wherever a reader or a producer meets the column.

use unified_event_codegen::Artifact;
use unified_event_codegen::target::emit_all;
use unified_event_schema::Schema;
use unified_event_tests::{Edit, tiny};

const NOTE: &str = "since table version 1: nobody fills it. Use `ratio` instead. It may be removed after 2027-01-01.";
const SHORT_NOTE: &str = "since table version 2: notes are signed now.";

/// The small definition with a deprecated column in the wide table, and one in a table of its own.
fn schema() -> Schema {
    let append = |file: &str, new: &str| Edit { file: file.to_owned(), old: String::new(), new: new.to_owned() };
    let wide = r#"
[column.legacy_code]
id = 17
type = "int64"
deprecated = { since = 1, remove_after = "2027-01-01", replaced_by = "ratio", reason = "nobody fills it" }
doc = "What the other side answered."
example = 404
"#;
    let own = r#"
[column.legacy_author]
id = 3
type = "string"
deprecated = { since = 2, reason = "notes are signed now." }
doc = "Who wrote it."
example = "ada"
"#;
    let field = "\n[field.legacy_author]\ntype = \"string\"\ndoc = \"Who wrote it.\"\nexample = \"ada\"\n";
    let edits = [
        append("groups/everything.toml", wide),
        append("tables/notes.toml", own),
        append("pipelines/notes.toml", field),
    ];
    tiny(&edits).unwrap_or_else(|e| panic!("{}", e.render(false)))
}

/// Where each column is, and how its deprecation shows there.
fn expected() -> Vec<(&'static str, &'static str, String)> {
    let (wide, own) = ("legacy_code", "legacy_author");
    let comment = |doc: &str, note: &str| format!("{doc} Deprecated {note}");
    let (wide_comment, own_comment) =
        (comment("What the other side answered.", NOTE), comment("Who wrote it.", SHORT_NOTE));
    let attribute = |note: &str| format!("#[deprecated(\n        note = \"{note}\"\n    )]");
    let short_attribute = |note: &str| format!("#[deprecated(note = \"{note}\")]");
    let mut all = Vec::new();
    for (column, table, comment) in [(wide, "tiny_events", &wide_comment), (own, "notes", &own_comment)] {
        let version = if column == wide { table.to_owned() } else { format!("{table}_v2") };
        for path in [
            format!("arrow/{version}.arrow"),
            format!("iceberg/{version}.schema.json"),
            format!("iceberg/{version}.create-table.json"),
            format!("sql/ddl/spark/{version}.sql"),
            format!("sql/ddl/trino/{version}.sql"),
            format!("sql/ddl/duckdb/{version}.sql"),
            format!("sql/ddl/clickhouse/{version}.sql"),
            "docs/schema-reference.md".to_owned(),
        ] {
            all.push((column, &*path.leak(), comment.clone()));
        }
    }
    let tags = format!("@deprecated {NOTE}");
    all.extend([
        (wide, "arrow/streams/tiny_stream.arrow", wide_comment),
        (own, "arrow/streams/notes_stream_v2.arrow", own_comment),
        (wide, "model.json", r#""reason": "nobody fills it""#.to_owned()),
        (own, "model.json", r#""reason": "notes are signed now.""#.to_owned()),
        (wide, "rust/src/groups/everything.rs", attribute(NOTE)),
        (wide, "rust/src/rows/tiny_events.rs", attribute(NOTE)),
        (own, "rust/src/rows/notes.rs", short_attribute(SHORT_NOTE)),
        (wide, "rust/src/tables/tiny_events.rs", r#"reason: "nobody fills it""#.to_owned()),
        (own, "rust/src/tables/notes.rs", r#"reason: "notes are signed now.""#.to_owned()),
        (wide, "typescript/src/unified-event.ts", tags.clone()),
        (wide, "typescript/src/records.ts", tags),
        (own, "typescript/src/records.ts", format!("@deprecated {SHORT_NOTE}")),
        (
            wide,
            "typescript/src/unified-event-schema.ts",
            "legacy_code: z.number().nullable().meta({ deprecated: true })".to_owned(),
        ),
        (wide, "typescript/src/warnings.ts", r#"legacy_code: "the column ratio""#.to_owned()),
        (own, "typescript/src/warnings.ts", r#"legacy_author: "no value: the column goes away""#.to_owned()),
    ]);
    all
}

/// Where a column is only handled, or where there is no place for words: transforms and the code of
/// validators, the strict JSON of streams, and the layout that the sink makes, which knows no comments.
const SILENT: [&str; 5] =
    ["sql/tiny_events.sql", "sql/notes_v2.sql", "cloudflare/", ".managed.schema.json", "typescript/src/tables.ts"];

/// Returns the text of an artefact without the breaks of comments.
fn text(artifact: &Artifact) -> String {
    String::from_utf8_lossy(&artifact.contents).replace("\n   * ", " ")
}

#[test]
fn every_artefact_that_shows_a_column_says_that_it_is_deprecated() {
    let artifacts = emit_all(&schema());
    let expected = expected();
    let mut missing = Vec::new();
    for (column, path, said) in &expected {
        let found = artifacts.iter().find(|a| a.path == *path);
        if !found.is_some_and(|a| text(a).contains(said)) {
            missing.push(format!("{path} does not say of {column}: {said}"));
        }
    }
    // Whatever else names a column must be known to have no words.
    for artifact in &artifacts {
        for column in ["legacy_code", "legacy_author"] {
            let listed = expected.iter().any(|(c, path, _)| *c == column && *path == artifact.path);
            let silent = SILENT.iter().any(|part| artifact.path.contains(part));
            if text(artifact).contains(column) && !listed && !silent {
                missing.push(format!("{} has {column}, and is on neither list", artifact.path));
            }
        }
    }
    assert!(missing.is_empty(), "{missing:#?}");
}
