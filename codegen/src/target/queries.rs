//! The query library: one file a query, and an index for tools that fill in parameters.

use serde::Serialize;
use unified_event_schema::{ColumnType, Parameter, Query, Schema, Value, sql};

use crate::{Artifact, head_note, json};

/// Returns `sql/queries/<query>.sql` and `sql/queries/queries.json`.
pub fn emit(schema: &Schema) -> Vec<Artifact> {
    let file = |q: &Query| Artifact::text(format!("sql/queries/{}.sql", q.name), query(schema, q));
    let mut artifacts: Vec<Artifact> = schema.queries.iter().map(file).collect();
    let entries: Vec<Entry<'_>> = schema.queries.iter().map(entry).collect();
    artifacts.push(json::artifact("sql/queries/queries.json", &entries));
    artifacts
}

#[derive(Serialize)]
struct Entry<'a> {
    name: &'a str,
    doc: &'a str,
    target: Option<&'a str>,
    file: String,
    parameters: &'a [Parameter],
}

fn entry(query: &Query) -> Entry<'_> {
    Entry {
        name: &query.name,
        doc: &query.doc,
        target: query.target.as_deref(),
        file: format!("{}.sql", query.name),
        parameters: &query.parameters,
    }
}

/// Returns the text of one query under a head that says what to fill in.
fn query(schema: &Schema, query: &Query) -> String {
    let mut out = head_note("--");
    out.push_str(&format!("-- {}\n", query.doc));
    let target = query.target.as_ref().and_then(|t| schema.lake.targets.iter().find(|l| l.name == *t));
    if let Some(ms) = target.and_then(|t| t.p95_ms) {
        out.push_str(&format!("-- It should take at most {ms} ms, 95 times of 100.\n"));
    }
    if !query.parameters.is_empty() {
        out.push_str("-- Replace each `$name` by a literal; in text, double the quotes.\n");
    }
    for parameter in &query.parameters {
        let Parameter { name, doc, .. } = parameter;
        out.push_str(&format!("--   ${name}: {doc} Example: {}\n", literal(parameter)));
    }
    // A loaded schema has no query that does not print; a broken one must not pass as SQL.
    let text = sql::platform_query(schema, query).unwrap_or_else(|fault| format!("!! {fault}"));
    out.push_str(&format!("{text};\n"));
    out
}

/// Returns the example as a literal.
fn literal(parameter: &Parameter) -> String {
    match (&parameter.example, parameter.ty) {
        (Value::Text(text), ColumnType::String | ColumnType::Timestamp) => format!("'{}'", text.replace('\'', "''")),
        (example, _) => example.to_string(),
    }
}
