//! The script that takes a former version's resources off the platform, for the kit of a move.

use serde_json::{Value, json};
use unified_event_schema::{Schema, Table};

use super::{bucket_name, sinks};
use crate::{Artifact, HEAD_NOTE};

/// What a row may take from the stream to the table beyond the sink's own interval: the platform's
/// own reports lag by up to eleven minutes.
const PLATFORM_SECONDS: u32 = 15 * 60;

/// Returns `cloudflare/retire.mjs`; both definitions hold nothing but their version of the table.
pub fn retire(old: &Schema, new: &Schema) -> Option<Artifact> {
    let (table, pipeline) = (old.tables.first()?, old.pipelines.first()?);
    let new_pipeline = new.pipelines.first()?;
    let sink = &pipeline.sink;
    // Whether there are raw files, and of which scheme, is the choice of a deployment.
    let raw: Vec<String> = sinks::raw_files(old).into_iter().map(|files| files.name).collect();
    let with_raw = |name: &str| -> Vec<String> { std::iter::once(name.to_owned()).chain(raw.clone()).collect() };
    let old = json!({
        "bucket": bucket_name(old, &sink.bucket),
        "namespace": sink.namespace,
        "table": sink.table,
        "pipelines": with_raw(&pipeline.name),
        "sinks": with_raw(&sink.name),
        "streams": [pipeline.stream.name],
    });
    let new = json!({
        "pipelines": new_pipeline.name,
        "sinks": new_pipeline.sink.name,
        "streams": new_pipeline.stream.name,
    });
    let text = include_str!("kit/retire.mjs")
        .replace("// PLAN\n", &plan(table, &old, &new, drain_seconds(sink.roll_interval_seconds)))
        .replace("HEAD-NOTE", HEAD_NOTE);
    Some(Artifact::text("cloudflare/retire.mjs", text))
}

/// Returns how long a row may be on its way to the table.
pub const fn drain_seconds(roll_interval_seconds: u32) -> u32 {
    roll_interval_seconds + PLATFORM_SECONDS
}

fn plan(table: &Table, old: &Value, new: &Value, drain_seconds: u32) -> String {
    let version = json!(format!("{}@{}", table.name, table.version));
    format!(
        "const VERSION = {version};\nconst OLD = {old};\nconst NEW = {new};\nconst DRAIN_SECONDS = {drain_seconds};\n"
    )
}
