//! The Arrow schema of a table.

use std::collections::HashMap;
use std::sync::Arc;

use arrow_schema::extension::{EXTENSION_TYPE_METADATA_KEY, EXTENSION_TYPE_NAME_KEY};
use arrow_schema::{DataType, Field, TimeUnit};

pub use arrow_schema::{Schema, SchemaRef};

use crate::table::{Column, ColumnType, Table};

/// The key under which Parquet writers find the Iceberg field id.
const FIELD_ID_KEY: &str = "PARQUET:field_id";
const DOC_KEY: &str = "doc";
/// The canonical extension type for JSON text.
const JSON_EXTENSION: &str = "arrow.json";
/// The time zone as DataFusion and iceberg-rust spell UTC.
const UTC: &str = "+00:00";

/// Returns the Arrow schema of a table: types, nullability, and field ids and docs as metadata.
pub fn schema(table: &Table) -> SchemaRef {
    let fields: Vec<Field> = table.numbered_columns().map(|(field_id, column)| field(field_id, column)).collect();
    Arc::new(Schema::new(fields))
}

fn field(field_id: u32, column: &Column) -> Field {
    Field::new(column.name, data_type(column.ty), !column.required).with_metadata(metadata(field_id, column))
}

fn data_type(ty: ColumnType) -> DataType {
    match ty {
        ColumnType::String | ColumnType::Json => DataType::Utf8,
        ColumnType::Bool => DataType::Boolean,
        ColumnType::Int32 => DataType::Int32,
        ColumnType::Int64 => DataType::Int64,
        ColumnType::Float64 => DataType::Float64,
        ColumnType::Timestamp => DataType::Timestamp(TimeUnit::Microsecond, Some(UTC.into())),
        ColumnType::Binary => DataType::Binary,
    }
}

fn metadata(field_id: u32, column: &Column) -> HashMap<String, String> {
    let mut metadata =
        HashMap::from([(FIELD_ID_KEY.to_owned(), field_id.to_string()), (DOC_KEY.to_owned(), comment(column))]);
    if column.ty == ColumnType::Json {
        metadata.insert(EXTENSION_TYPE_NAME_KEY.to_owned(), JSON_EXTENSION.to_owned());
        metadata.insert(EXTENSION_TYPE_METADATA_KEY.to_owned(), String::new());
    }
    metadata
}

/// Returns the documentation with the deprecation, which has no key of its own.
fn comment(column: &Column) -> String {
    let Some(d) = column.deprecated else { return column.doc.to_owned() };
    let end = if d.reason.ends_with(['.', '!', '?']) { "" } else { "." };
    let replaced = d.replaced_by.map(|column| format!(" Use `{column}` instead.")).unwrap_or_default();
    let removed = d.remove_after.map(|date| format!(" It may be removed after {date}.")).unwrap_or_default();
    format!("{} Deprecated since table version {}: {}{end}{replaced}{removed}", column.doc, d.since, d.reason)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::EVENTS;

    #[test]
    fn fields_carry_what_the_table_says() {
        let schema = schema(&EVENTS);
        let time = schema.field_with_name("time").unwrap();
        assert_eq!(time.data_type(), &DataType::Timestamp(TimeUnit::Microsecond, Some("+00:00".into())));
        assert!(time.is_nullable());
        let extra = schema.field_with_name("extra").unwrap();
        assert_eq!(extra.data_type(), &DataType::Utf8);
        assert_eq!(extra.extension_type_name(), Some("arrow.json"));
        assert_eq!(extra.extension_type_metadata(), Some(""));
        assert_eq!(extra.metadata()["PARQUET:field_id"], "8");
        assert!(!schema.field_with_name("id").unwrap().is_nullable());
    }
}
