//! The bindings of a Worker, in both forms of its configuration.

use serde_json::Value;
use unified_event_schema::{Pipeline, Schema};

use crate::{Artifact, head_note};

const NAME: &str = "unified-event-producer";
const MAIN: &str = "src/index.ts";
const COMPATIBILITY_DATE: &str = "2026-01-08";
const USE: &str = "Copy the bindings that your Worker needs; `deploy.sh --config DIR` writes a copy with the ids.";

/// Returns `cloudflare/wrangler.jsonc` and `cloudflare/wrangler.toml`.
pub(super) fn emit(schema: &Schema) -> Vec<Artifact> {
    vec![
        Artifact::text("cloudflare/wrangler.jsonc", jsonc(schema)),
        Artifact::text("cloudflare/wrangler.toml", toml(schema)),
    ]
}

/// Returns what stands for the id of a stream, which exists only after the stream is created.
pub fn stream_placeholder(pipeline: &Pipeline) -> String {
    format!("<id of {}>", pipeline.stream.name)
}

fn string(text: &str) -> String {
    Value::from(text).to_string()
}

fn jsonc(schema: &Schema) -> String {
    let mut out = head_note("//");
    out.push_str(&format!("// {USE}\n{{\n  \"$schema\": \"node_modules/wrangler/config-schema.json\",\n"));
    out.push_str(&format!("  \"name\": {},\n  \"main\": {},\n", string(NAME), string(MAIN)));
    out.push_str(&format!("  \"compatibility_date\": {},\n\n", string(COMPATIBILITY_DATE)));
    out.push_str("  // The streams that events are sent to.\n  \"pipelines\": [\n");
    let pipelines = schema.pipelines.iter().map(|p| {
        let (binding, id) = (string(&p.binding), string(&stream_placeholder(p)));
        format!("    // {}\n    {{ \"binding\": {binding}, \"stream\": {id} }}", p.doc)
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

/// TOML reads the JSON form of these strings: they hold no escapes beyond those of both.
fn toml(schema: &Schema) -> String {
    let mut out = head_note("#");
    out.push_str(&format!("# {USE}\nname = {}\nmain = {}\n", string(NAME), string(MAIN)));
    out.push_str(&format!("compatibility_date = {}\n", string(COMPATIBILITY_DATE)));
    for pipeline in &schema.pipelines {
        let (binding, id) = (string(&pipeline.binding), string(&stream_placeholder(pipeline)));
        out.push_str(&format!("\n# {}\n[[pipelines]]\nbinding = {binding}\nstream = {id}\n", pipeline.doc));
    }
    for bucket in &schema.lake.buckets {
        let (binding, name) = (string(&bucket.binding), string(&bucket.name));
        out.push_str(&format!("\n# {}\n[[r2_buckets]]\nbinding = {binding}\nbucket_name = {name}\n", bucket.doc));
    }
    out
}
