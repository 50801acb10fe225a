//! The JSON Schema of what `unified-event validate --format json` prints.

use serde_json::{Value, json};

/// Returns the schema.
pub(super) fn schema() -> Value {
    let count = json!({ "type": "integer", "minimum": 0 });
    let text = json!({ "type": "string" });
    let object = |doc: &str, properties: Value| {
        let required: Vec<String> = properties.as_object().map(|p| p.keys().cloned().collect()).unwrap_or_default();
        json!({
            "description": doc,
            "type": "object",
            "additionalProperties": false,
            "required": required,
            "properties": properties,
        })
    };
    let example = object(
        "One fault of one line.",
        json!({
            "file": text,
            "line": { "description": "From 1.", "type": "integer", "minimum": 1 },
            "column": { "description": "In bytes, from 1.", "type": "integer", "minimum": 1 },
            "message": text,
            "excerpt": { "description": "The line around the fault, cut where it is long.", "type": "string" },
        }),
    );
    let reason = object(
        "One reason for which events were refused.",
        json!({
            "code": { "description": "Stable, in kebab-case.", "type": "string" },
            "count": { "description": "How many faults; an event can have several.", "type": "integer", "minimum": 1 },
            "examples": { "description": "The first ones.", "type": "array", "items": example },
        }),
    );
    let file = object(
        "One input.",
        json!({
            "path": text,
            "lines": { "description": "Blank ones included.", "type": "integer", "minimum": 0 },
            "accepted": count,
            "rejected": count,
            "error": { "description": "Why it could not be read to its end.", "type": ["string", "null"] },
        }),
    );
    let mut schema = object(
        "What `unified-event validate --format json` prints.",
        json!({
            "accepted": count,
            "rejected": count,
            "unknown_fields": { "description": "Unknown fields that were left out or collected.", "type": "integer", "minimum": 0 },
            "event_types": { "description": "Accepted events by event type.", "type": "object", "additionalProperties": count },
            "reasons": { "type": "array", "items": reason },
            "files": { "type": "array", "items": file },
        }),
    );
    schema["$schema"] = json!("http://json-schema.org/draft-07/schema#");
    schema["title"] = json!("validation");
    schema
}
