//! The platform's stream schemas and the bindings of a Worker.

use serde::Serialize;
use unified_event_schema::{ColumnType, Pipeline, Schema, StreamField};

use crate::{Artifact, head_note, json};

/// Returns `cloudflare/streams/<stream>.schema.json` and `cloudflare/wrangler.jsonc`.
pub fn emit(schema: &Schema) -> Vec<Artifact> {
    let streams = schema.pipelines.iter().map(|p| {
        let path = format!("cloudflare/streams/{}.schema.json", p.stream.name);
        json::artifact(path, &StreamSchema { fields: p.stream.fields.iter().map(stream_field).collect() })
    });
    let mut artifacts: Vec<Artifact> = streams.collect();
    artifacts.push(Artifact::text("cloudflare/wrangler.jsonc", wrangler(schema)));
    artifacts
}

/// A stream's schema file: strict JSON, as the platform parses it.
#[derive(Serialize)]
struct StreamSchema<'a> {
    fields: Vec<Field<'a>>,
}

#[derive(Serialize)]
struct Field<'a> {
    name: &'a str,
    r#type: &'static str,
    /// Always written: absent means optional to one tool and is an error to another.
    required: bool,
    /// The default unit is milliseconds, which would cut what senders say.
    #[serde(skip_serializing_if = "Option::is_none")]
    unit: Option<&'static str>,
}

fn stream_field(field: &StreamField) -> Field<'_> {
    Field {
        name: &field.name,
        r#type: field.ty.names().stream,
        required: field.required,
        unit: (field.ty == ColumnType::Timestamp).then_some("microsecond"),
    }
}

/// Returns what stands for the id of a stream, which exists only after the stream is created.
pub fn stream_placeholder(pipeline: &Pipeline) -> String {
    format!("<id of {}>", pipeline.stream.name)
}

/// Returns the configuration of a Worker with the bindings of all streams and buckets.
fn wrangler(schema: &Schema) -> String {
    let string = |text: &str| serde_json::Value::from(text).to_string();
    let mut out = head_note("//");
    out.push_str("// Copy the bindings that your Worker needs, and put the ids of your streams in.\n");
    out.push_str("{\n  \"$schema\": \"node_modules/wrangler/config-schema.json\",\n");
    out.push_str("  \"name\": \"unified-event-producer\",\n  \"main\": \"src/index.ts\",\n");
    out.push_str("  \"compatibility_date\": \"2026-01-08\",\n\n  // The streams that events are sent to.\n");
    out.push_str("  \"pipelines\": [\n");
    let pipelines = schema.pipelines.iter().map(|p| {
        let id = string(&stream_placeholder(p));
        format!("    // {}\n    {{ \"binding\": {}, \"stream\": {id} }}", p.doc, string(&p.binding))
    });
    out.push_str(&pipelines.collect::<Vec<_>>().join(",\n"));
    out.push_str("\n  ],\n\n  // The buckets of the lake.\n  \"r2_buckets\": [\n");
    let buckets = schema.lake.buckets.iter().map(|b| {
        let (binding, name) = (string(&b.binding), string(&b.name));
        format!("    // {}\n    {{ \"binding\": {binding}, \"bucket_name\": {name} }}", b.doc)
    });
    out.push_str(&buckets.collect::<Vec<_>>().join(",\n"));
    out.push_str("\n  ]\n}\n");
    out
}
