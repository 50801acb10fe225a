//! The sinks: bodies of requests to the platform, without the account and the secrets.

use serde::Serialize;
use unified_event_schema::{Pipeline, RawFiles, Schema, Table, TimePattern, naming};

use super::{MIB, bucket_name};
use crate::target::sql;
use crate::{Artifact, json};

/// Returns `cloudflare/sinks.json` and the transforms of raw files, `cloudflare/raw/<sink>.sql`.
pub(super) fn emit(schema: &Schema) -> Vec<Artifact> {
    let catalog = schema.pipelines.iter().map(|p| catalog_sink(schema, p)).collect();
    let raw = raw_files(schema);
    let mut artifacts = vec![];
    for files in &raw {
        let text = sql::transform(schema, files.table, files.pipeline, &files.name);
        artifacts.push(Artifact::text(format!("cloudflare/raw/{}.sql", files.name), text));
    }
    let raw = raw.iter().map(|files| files.body(schema)).collect();
    artifacts.insert(0, json::artifact("cloudflare/sinks.json", &Sinks { catalog, raw }));
    artifacts
}

/// The raw files of one partition scheme; a deployment has those of one scheme or none.
pub(super) struct RawSink<'a> {
    /// The name of the sink and of its pipeline.
    pub name: String,
    pub scheme: &'a TimePattern,
    files: &'a RawFiles,
    table: &'a Table,
    pipeline: &'a Pipeline,
}

/// Returns the raw files of every partition scheme, the default one first.
pub(super) fn raw_files<'a>(schema: &'a Schema) -> Vec<RawSink<'a>> {
    let Some(files) = &schema.lake.raw else { return Vec::new() };
    let (Some(table), Some(pipeline)) = (schema.table(&files.table), schema.pipeline(&files.table)) else {
        return Vec::new();
    };
    let sink =
        |scheme: &'a TimePattern| RawSink { name: raw_name(table, &scheme.scheme), scheme, files, table, pipeline };
    schema.lake.time_patterns.iter().map(sink).collect()
}

/// Returns the name of the sink that writes raw files of a table.
pub(super) fn raw_name(table: &Table, scheme: &str) -> String {
    naming::versioned(&format!("{}_raw_{scheme}", table.name), table.version)
}

/// Returns where the raw files of a table lie: files of two versions never share a folder.
pub(super) fn raw_prefix(files: &RawFiles, table: &Table) -> String {
    naming::versioned(&files.prefix, table.version)
}

#[derive(Serialize)]
struct Sinks<'a> {
    catalog: Vec<Body<'a>>,
    raw: Vec<Body<'a>>,
}

/// What `POST /accounts/{account_id}/pipelines/v1/sinks` takes, but for `account_id` and secrets.
#[derive(Serialize)]
struct Body<'a> {
    name: &'a str,
    r#type: &'static str,
    config: Config<'a>,
    format: Format<'a>,
}

#[derive(Serialize)]
struct Config<'a> {
    bucket: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    namespace: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    table_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    partitioning: Option<Partitioning<'a>>,
    rolling_policy: RollingPolicy,
}

#[derive(Serialize)]
struct Partitioning<'a> {
    time_pattern: &'a str,
}

#[derive(Serialize)]
struct RollingPolicy {
    file_size_bytes: u64,
    interval_seconds: u32,
}

#[derive(Serialize)]
struct Format<'a> {
    r#type: &'static str,
    compression: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    row_group_bytes: Option<u64>,
}

fn catalog_sink<'a>(schema: &'a Schema, pipeline: &'a Pipeline) -> Body<'a> {
    let sink = &pipeline.sink;
    Body {
        name: &sink.name,
        r#type: "r2_data_catalog",
        config: Config {
            bucket: bucket_name(schema, &sink.bucket),
            namespace: Some(&sink.namespace),
            table_name: Some(&sink.table),
            path: None,
            partitioning: None,
            rolling_policy: RollingPolicy {
                file_size_bytes: u64::from(sink.roll_size_mb) * MIB,
                interval_seconds: sink.roll_interval_seconds,
            },
        },
        format: format(&sink.compression, sink.row_group_mb),
    }
}

impl RawSink<'_> {
    fn body<'a>(&'a self, schema: &'a Schema) -> Body<'a> {
        let lake = &schema.lake;
        Body {
            name: &self.name,
            r#type: "r2",
            config: Config {
                bucket: bucket_name(schema, &self.files.bucket),
                namespace: None,
                table_name: None,
                path: Some(raw_prefix(self.files, self.table)),
                partitioning: Some(Partitioning { time_pattern: &self.scheme.pattern }),
                rolling_policy: RollingPolicy {
                    file_size_bytes: u64::from(lake.compaction.target_file_mb) * MIB,
                    // The platform takes whole seconds, ten at least.
                    interval_seconds: lake.writer.flush_interval_ms.div_ceil(1000).max(10),
                },
            },
            format: format(&lake.writer.compression, self.pipeline.sink.row_group_mb),
        }
    }
}

fn format(compression: &str, row_group_mb: Option<u32>) -> Format<'_> {
    Format { r#type: "parquet", compression, row_group_bytes: row_group_mb.map(|mb| u64::from(mb) * MIB) }
}
