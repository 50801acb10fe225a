//! The JSON Schema of JSON reports.

use serde_json::{Value, json};

use crate::{Bump, Consumer, rules};

/// Returns the schema of `diff --format json` and `check --format json`.
pub fn report() -> Value {
    let text = || json!({ "type": "string" });
    let count = || json!({ "type": "integer", "minimum": 0 });
    let maybe = |kind: &str| json!({ "type": [kind, "null"] });
    let bumps = [Bump::None, Bump::Patch, Bump::Minor, Bump::Major, Bump::Refused].map(Bump::name);
    let bump = || json!({ "enum": bumps });
    let levels = || json!(["note", "warning", "breaking", "error"]);
    let object = || json!({ "type": "object" });
    let verdict = json!({ "enum": ["untouched", "ok", "warn", "replace", "break"] });
    let verdicts: serde_json::Map<String, Value> =
        Consumer::ALL.iter().map(|c| (c.name().to_owned(), verdict.clone())).collect();
    let location = json!({ "anyOf": [{ "type": "null" }, closed(json!({
        "file": text(),
        "line": { "type": "integer", "minimum": 1 },
        "column": { "type": "integer", "minimum": 1 },
    }))] });
    let waiver = closed(json!({
        "fingerprint": text(), "reason": text(), "owner": text(), "ticket": maybe("string"), "expires": text(),
        "line": count(),
    }));
    let change = json!({
        "type": "object",
        "required": ["subject", "kind"],
        "properties": {
            "subject": { "type": "object", "required": ["part"], "properties": { "part": text() } },
            "kind": { "type": "object", "required": ["change"], "properties": { "change": text() } },
        },
    });
    let finding = closed(json!({
        "rule": { "enum": rules::all().map(|r| r.code).collect::<Vec<_>>() },
        "name": { "enum": rules::all().map(|r| r.name).collect::<Vec<_>>() },
        "level": { "enum": levels() },
        "state": { "enum": ["open", "released", "waived", "before"] },
        "table": maybe("string"),
        "change": change,
        "from": text(),
        "to": text(),
        "verdicts": closed(Value::Object(verdicts)),
        "requires": bump(),
        "first": { "enum": ["any", "producers", "readers", "table", "both"] },
        "replaces": { "type": "boolean" },
        "message": text(),
        "why": text(),
        "next": { "type": "array", "items": text() },
        "witnesses": { "type": "array", "items": closed(json!({
            "kind": { "enum": ["refused_event", "unreadable_event", "rust", "type_script", "sql", "parquet"] },
            "works_on": { "enum": ["old", "new"] },
            "text": text(),
            "given": { "anyOf": [
                { "type": "null" },
                closed(json!({ "old": object(), "new": object() })),
                closed(json!({ "event": object() })),
            ] },
        })) },
        "location": location,
        "old_location": location,
        "against": { "type": "array", "items": text() },
        "fingerprint": { "type": "string", "pattern": "^[0-9a-f]{16}$" },
        "waiver": { "anyOf": [{ "type": "null" }, waiver] },
    }));
    let mut schema = closed(json!({
        "format": { "const": 1 },
        "command": { "enum": ["diff", "check"] },
        "fail_on": { "enum": ["note", "warning", "breaking", "error", null] },
        "exit": { "enum": [0, 1] },
        "summary": closed(json!({
            "findings": count(), "error": count(), "breaking": count(), "warning": count(), "note": count(),
            "released": count(), "waived": count(), "before": count(), "requires": bump(),
        })),
        "baselines": { "type": "array", "items": text() },
        "findings": { "type": "array", "items": finding },
        "tables": { "type": "array", "items": closed(json!({
            "table": text(), "requires": bump(), "released": bump(), "replaces": { "type": "boolean" },
        })) },
        "notices": { "type": "array", "items": text() },
        "today": maybe("string"),
    }));
    head(&mut schema, "report", "What `unified-event diff` and `unified-event check` found.");
    schema
}

/// Returns the schema of `rules --format json`.
pub fn rules() -> Value {
    let text = || json!({ "type": "string" });
    let bumps = [Bump::None, Bump::Patch, Bump::Minor, Bump::Major, Bump::Refused].map(Bump::name);
    let bump = json!({ "enum": bumps });
    let verdict = json!({ "enum": ["untouched", "ok", "warn", "replace", "break"] });
    let verdicts: serde_json::Map<String, Value> =
        Consumer::ALL.iter().map(|c| (c.name().to_owned(), verdict.clone())).collect();
    let mut schema = json!({ "type": "array", "items": closed(json!({
        "code": text(), "name": text(), "summary": text(), "why": text(),
        "next": { "type": "array", "items": text() },
        "requires": bump,
        "first": { "enum": ["any", "producers", "readers", "table", "both"] },
        "verdicts": closed(Value::Object(verdicts)),
    })) });
    head(&mut schema, "rules", "The rules of `unified-event check`.");
    schema
}

fn head(schema: &mut Value, title: &str, description: &str) {
    schema["$schema"] = json!("http://json-schema.org/draft-07/schema#");
    schema["title"] = json!(title);
    schema["description"] = json!(description);
}

/// Returns an object that has exactly these keys.
fn closed(properties: Value) -> Value {
    let keys: Vec<String> = properties.as_object().map(|o| o.keys().cloned().collect()).unwrap_or_default();
    json!({ "type": "object", "additionalProperties": false, "required": keys, "properties": properties })
}
