//! Arrow schemas as IPC streams that hold nothing else.

use std::collections::HashMap;
use std::sync::Arc;

use arrow_ipc::writer::StreamWriter;
use arrow_schema::{DataType, Field, Schema as ArrowSchema, TimeUnit};
use unified_event_schema::{ColumnType, Pipeline, Schema, StreamField, Table};

use crate::Artifact;

/// Returns `arrow/<table>.arrow` and `arrow/streams/<stream>.arrow`.
pub fn emit(schema: &Schema) -> Vec<Artifact> {
    let tables = schema.tables.iter().map(|t| (format!("arrow/{}.arrow", t.physical_name), table_schema(t)));
    let streams = schema.pipelines.iter().map(|p| {
        let fields = p.stream.fields.iter().map(|field| stream_field(schema, p, field)).collect::<Vec<_>>();
        (format!("arrow/streams/{}.arrow", p.stream.name), ArrowSchema::new(fields))
    });
    tables.chain(streams).map(|(path, schema)| Artifact::bytes(path, ipc(&schema))).collect()
}

/// Returns the Arrow schema of a table in the engine layout.
///
/// Fields carry their Iceberg field id, their documentation, and for json the canonical extension type.
pub fn table_schema(table: &Table) -> ArrowSchema {
    let fields = table.numbered_columns().map(|(field_id, column)| {
        let mut metadata = metadata(column.ty, &column.comment());
        metadata.insert("PARQUET:field_id".to_owned(), field_id.to_string());
        Field::new(&column.name, data_type(column.ty, Some("+00:00")), !column.required).with_metadata(metadata)
    });
    ArrowSchema::new(fields.collect::<Vec<_>>())
}

/// Returns the field as the platform's engine sees it: timestamps have no zone there.
fn stream_field(schema: &Schema, pipeline: &Pipeline, field: &StreamField) -> Field {
    let deprecation = schema.field_deprecation(pipeline, field);
    let doc = deprecation.map_or_else(|| field.doc.clone(), |deprecation| deprecation.comment(&field.doc));
    Field::new(&field.name, data_type(field.ty, None), !field.required).with_metadata(metadata(field.ty, &doc))
}

fn data_type(ty: ColumnType, zone: Option<&str>) -> DataType {
    match ty {
        ColumnType::String | ColumnType::Json => DataType::Utf8,
        ColumnType::Bool => DataType::Boolean,
        ColumnType::Int32 => DataType::Int32,
        ColumnType::Int64 => DataType::Int64,
        ColumnType::Float64 => DataType::Float64,
        ColumnType::Timestamp => DataType::Timestamp(TimeUnit::Microsecond, zone.map(Arc::from)),
        ColumnType::Binary => DataType::Binary,
    }
}

/// Returns the type in the engine layout as documents write it.
pub(super) fn type_name(ty: ColumnType) -> String {
    match (data_type(ty, Some("+00:00")), ty) {
        (DataType::Timestamp(_, Some(zone)), _) => format!("Timestamp(µs, \"{zone}\")"),
        (data_type, ColumnType::Json) => format!("{data_type} (arrow.json)"),
        (data_type, _) => data_type.to_string(),
    }
}

fn metadata(ty: ColumnType, doc: &str) -> HashMap<String, String> {
    let mut metadata = HashMap::from([("doc".to_owned(), doc.to_owned())]);
    if ty == ColumnType::Json {
        metadata.insert("ARROW:extension:name".to_owned(), "arrow.json".to_owned());
        metadata.insert("ARROW:extension:metadata".to_owned(), String::new());
    }
    metadata
}

/// Writing to memory cannot fail; a schema of flat fields always converts.
fn ipc(schema: &ArrowSchema) -> Vec<u8> {
    let mut bytes = Vec::new();
    if let Ok(mut writer) = StreamWriter::try_new(&mut bytes, schema) {
        let _ = writer.finish();
    }
    bytes
}
