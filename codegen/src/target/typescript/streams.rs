//! What the streams and the types of their records are called, and what is known of their fields.

use unified_event_schema::{Column, Pipeline, Schema, StreamField, naming};

/// Returns the stem of the names that belong to a stream: `UnifiedEvents`, `DoThings`.
pub(super) fn type_stem(pipeline: &Pipeline) -> String {
    naming::pascal_case(&pipeline.table)
}

/// Says whether the stream carries events of the wide table.
pub(super) fn is_wide(schema: &Schema, pipeline: &Pipeline) -> bool {
    schema.table(&pipeline.table).is_some_and(|table| table.grouped)
}

/// Returns the name of the type of a stream's records.
///
/// That of the wide table is part of the package's contract.
pub(super) fn record_type(schema: &Schema, pipeline: &Pipeline) -> String {
    if is_wide(schema, pipeline) { "UnifiedEventRecord".to_owned() } else { format!("{}Record", type_stem(pipeline)) }
}

/// Returns the name of the type of what a sender makes records from.
pub(super) fn input_type(schema: &Schema, pipeline: &Pipeline) -> String {
    if is_wide(schema, pipeline) { "UnifiedEventInput".to_owned() } else { format!("{}Input", type_stem(pipeline)) }
}

/// Returns the suffix of the functions for a stream; those of the wide table have none.
pub(super) fn suffix(schema: &Schema, pipeline: &Pipeline) -> String {
    if is_wide(schema, pipeline) { String::new() } else { type_stem(pipeline) }
}

/// Returns the column of the wide table that a field of its stream fills.
///
/// The narrow streams have fields of their own, whatever their tables' columns are called.
pub(super) fn column<'a>(schema: &'a Schema, pipeline: &Pipeline, field: &StreamField) -> Option<&'a Column> {
    schema.table(&pipeline.table).filter(|table| table.grouped)?.column(&field.name)
}

/// Returns the columns that senders may be tempted to set although the pipeline computes them.
pub(super) fn computed_columns<'a>(schema: &'a Schema, pipeline: &Pipeline) -> impl Iterator<Item = &'a str> {
    let table = schema.table(&pipeline.table).filter(|table| table.grouped);
    table.into_iter().flat_map(|t| &t.columns).filter(|c| !c.is_settable()).map(|c| c.name.as_str())
}
