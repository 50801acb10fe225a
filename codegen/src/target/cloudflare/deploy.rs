//! The script that puts everything in place, and its helpers for requests with tokens.

use std::fmt::Write;

use unified_event_schema::{ACCOUNT_QUOTA, Pipeline, Schema};

use super::{bucket_name, catalog_buckets, sinks};
use crate::{Artifact, HEAD_NOTE};

/// Returns `cloudflare/deploy.sh`, `cloudflare/platform.mjs` and `cloudflare/api.mjs`.
pub(super) fn emit(schema: &Schema) -> Vec<Artifact> {
    let schemes: Vec<&str> = sinks::raw_files(schema).iter().map(|r| r.scheme.scheme.as_str()).collect();
    let presets = schema.lake.tiering.iter().filter(|_| !schemes.is_empty()).map(|p| p.name.as_str());
    let script = include_str!("kit/deploy.sh")
        .replace("# PLAN\n", &plan(schema))
        .replace("SCHEMES", &schemes.join(" "))
        .replace("PRESETS", &presets.collect::<Vec<_>>().join(" "));
    let files = [
        ("deploy.sh", script.as_str()),
        ("platform.mjs", include_str!("kit/platform.mjs")),
        ("api.mjs", include_str!("kit/api.mjs")),
    ];
    files.map(|(name, text)| Artifact::text(format!("cloudflare/{name}"), text.replace("HEAD-NOTE", HEAD_NOTE))).into()
}

/// Returns the calls that name every resource, in the order in which the platform takes them.
fn plan(schema: &Schema) -> String {
    let names =
        |name: fn(&Pipeline) -> &str| -> String { schema.pipelines.iter().map(name).collect::<Vec<_>>().join(" ") };
    // The shell fills in the scheme.
    let raw = schema.lake.raw.as_ref().and_then(|r| schema.table(&r.table)).map(|t| sinks::raw_name(t, "${raw}"));
    let and_raw = raw.as_ref().map_or_else(String::new, |name| format!(" ${{raw:+\"{name}\"}}"));
    let mut out = String::new();
    for (kind, names) in [
        ("streams", names(|p| &p.stream.name)),
        ("sinks", names(|p| &p.sink.name) + &and_raw),
        ("pipelines", names(|p| &p.name) + &and_raw),
    ] {
        let _ = writeln!(out, "quota {kind} {ACCOUNT_QUOTA} {names}");
    }
    out.push('\n');
    for bucket in &schema.lake.buckets {
        let _ = writeln!(out, "bucket {}", bucket.name);
    }
    for bucket in catalog_buckets(schema) {
        let _ = writeln!(out, "catalog {}", bucket.name);
    }
    for pipeline in &schema.pipelines {
        let _ = writeln!(out, "stream {}", pipeline.stream.name);
    }
    for pipeline in &schema.pipelines {
        let _ = writeln!(out, "sink {}", pipeline.sink.name);
    }
    for pipeline in &schema.pipelines {
        let _ = writeln!(out, "pipeline {} sql/{}.sql", pipeline.name, pipeline.sink.table);
    }
    if let Some(raw) = &raw {
        let _ = writeln!(
            out,
            "if [ -n \"$raw\" ]; then\n  sink \"{raw}\"\n  pipeline \"{raw}\" \"cloudflare/raw/{raw}.sql\"\nfi"
        );
    }
    let lake = &schema.lake;
    for bucket in catalog_buckets(schema) {
        let expiry = lake.snapshots.as_ref().map(|s| format!(" {} {}", s.max_age_days, s.min_kept));
        let size = lake.compaction.target_file_mb;
        let _ = writeln!(out, "maintenance {} {size}{}", bucket.name, expiry.unwrap_or_default());
    }
    if let Some(files) = &lake.raw {
        let bucket = bucket_name(schema, &files.bucket);
        let _ = writeln!(out, "[ -z \"$tiering\" ] || lifecycle {bucket} \"lifecycle/$tiering.json\"");
    }
    out.push_str("[ -z \"$config\" ] || run node \"$platform\" bind \"$config\"\n");
    out
}
