//! The schemas of streams.

use serde::Serialize;
use unified_event_schema::{ColumnType, Schema, StreamField};

use crate::{Artifact, json};

/// Returns `cloudflare/streams/<stream>.schema.json`.
pub(super) fn emit(schema: &Schema) -> Vec<Artifact> {
    let streams = schema.pipelines.iter().map(|p| {
        let path = format!("cloudflare/streams/{}.schema.json", p.stream.name);
        json::artifact(path, &StreamSchema { fields: p.stream.fields.iter().map(stream_field).collect() })
    });
    streams.collect()
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
        r#type: stream_type(field.ty),
        required: field.required,
        unit: (field.ty == ColumnType::Timestamp).then_some("microsecond"),
    }
}

/// Returns the type in the schema of a stream, as the platform lists them.
pub(crate) const fn stream_type(ty: ColumnType) -> &'static str {
    match ty {
        ColumnType::String => "string",
        ColumnType::Bool => "bool",
        ColumnType::Int32 => "int32",
        ColumnType::Int64 => "int64",
        ColumnType::Float64 => "float64",
        ColumnType::Timestamp => "timestamp",
        ColumnType::Json => "json",
        ColumnType::Binary => "binary",
    }
}
