//! JSON Schemas, draft 07: of the definition's files, for editors, and of JSON reports, for programs.
//!
//! The loader is the authority and is stricter; the schemas come from the same table of keys.

use serde_json::{Map, Value, json};
use unified_event_guard::report;
use unified_event_schema::{FILE_KINDS, FileKind, Key, Kind, Schema};

use super::validation_schema;

use crate::{Artifact, json};

/// Returns `schemas/<kind of file>.schema.json`.
pub fn emit(_schema: &Schema) -> Vec<Artifact> {
    let files = FILE_KINDS.iter().map(|f| (f.name, file(f)));
    let reports = [
        ("report", report::schema::report()),
        ("rules", report::schema::rules()),
        ("validation", validation_schema::schema()),
    ];
    let all = files.chain(reports);
    all.map(|(name, schema)| json::artifact(format!("schemas/{name}.schema.json"), &schema)).collect()
}

fn file(file: &FileKind) -> Value {
    let mut schema = Map::new();
    schema.insert("$schema".to_owned(), json!("http://json-schema.org/draft-07/schema#"));
    schema.insert("title".to_owned(), json!(file.name));
    schema.insert("description".to_owned(), json!(file.doc));
    schema.extend(table(file.keys));
    Value::Object(schema)
}

fn table(keys: &[Key]) -> Map<String, Value> {
    let properties: Map<String, Value> = keys
        .iter()
        .map(|key| {
            let mut schema = kind(key.kind);
            schema.insert("description".to_owned(), json!(key.doc));
            (key.name.to_owned(), Value::Object(schema))
        })
        .collect();
    let required: Vec<&str> = keys.iter().filter(|k| k.required).map(|k| k.name).collect();
    let mut schema = Map::new();
    schema.insert("type".to_owned(), json!("object"));
    schema.insert("additionalProperties".to_owned(), json!(false));
    schema.insert("required".to_owned(), json!(required));
    schema.insert("properties".to_owned(), Value::Object(properties));
    schema
}

fn kind(kind: Kind) -> Map<String, Value> {
    let texts = json!({ "type": "object", "additionalProperties": { "type": "string" } });
    let schema = match kind {
        Kind::Text => json!({ "type": "string" }),
        Kind::Bool => json!({ "type": "boolean" }),
        Kind::Integer(min, max) => json!({ "type": "integer", "minimum": min, "maximum": max }),
        Kind::Choice(choices) => json!({ "type": "string", "enum": choices }),
        Kind::Texts => json!({ "type": "array", "items": { "type": "string" } }),
        Kind::TextMap => texts,
        Kind::TextMapOr(choices) => json!({ "anyOf": [texts, { "type": "string", "enum": choices }] }),
        Kind::Any => json!({}),
        Kind::Table(keys) => return table(keys),
        Kind::Tables(keys) => json!({ "type": "object", "additionalProperties": table(keys) }),
        Kind::List(keys) => json!({ "type": "array", "items": table(keys) }),
    };
    match schema {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}
