//! What a logical type is called in TypeScript.

use unified_event_schema::ColumnType;

/// Returns the type of an event in memory, where no column says otherwise.
pub(super) const fn memory(ty: ColumnType) -> &'static str {
    match ty {
        ColumnType::String | ColumnType::Timestamp | ColumnType::Binary => "string",
        ColumnType::Bool => "boolean",
        ColumnType::Int32 | ColumnType::Int64 | ColumnType::Float64 => "number",
        ColumnType::Json => "Record<string, unknown>",
    }
}

/// Returns the type of an event on the wire.
pub(crate) const fn wire(ty: ColumnType) -> &'static str {
    match ty {
        ColumnType::String | ColumnType::Timestamp | ColumnType::Binary => "string",
        ColumnType::Bool => "boolean",
        ColumnType::Int32 | ColumnType::Int64 | ColumnType::Float64 => "number",
        ColumnType::Json => "JsonValue",
    }
}

/// Returns the looser type of the reference schema.
pub(super) const fn reference(ty: ColumnType) -> &'static str {
    match ty {
        ColumnType::String => "string",
        ColumnType::Bool => "boolean",
        ColumnType::Int32 | ColumnType::Int64 | ColumnType::Float64 => "number",
        ColumnType::Timestamp => "timestamp",
        ColumnType::Json => "json",
        ColumnType::Binary => "bytes",
    }
}
