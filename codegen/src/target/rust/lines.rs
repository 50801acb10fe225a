//! Single lines of Rust that use one thing of the generated crate, for the guard to show what breaks.
//!
//! Each is a function of the model: where two models make the same line, it compiles against both
//! crates; where they differ, it names what only one of them has.

use unified_event_guard::{Language, Thing};
use unified_event_schema::{Column, ColumnType, Schema, Value};

use super::enums::{self, Enums};
use super::groups;
use super::shape::{Field, FieldType, Shape, constant, identifier};

/// The crate, as the guard asks for it.
#[derive(Debug)]
pub(crate) struct Rust;

impl Language for Rust {
    fn line(&self, schema: &Schema, thing: Thing<'_>) -> Option<String> {
        line(schema, thing)
    }

    fn value_type(&self, column: &Column) -> String {
        super::value_type(column)
    }
}

/// Returns the line, when the crate of the model has the thing.
fn line(schema: &Schema, thing: Thing<'_>) -> Option<String> {
    let enums = Enums::of(schema);
    let shapes = Shape::all(schema, &enums);
    let row = |table: &str| shapes.iter().find(|s| s.is_stored && s.module == table);
    // The wide table's rows are what its producers send.
    let record = |table: &str| shapes.iter().find(|s| s.is_sent && s.module == table);
    match thing {
        Thing::RowField(table, column) => field(row(table)?, column),
        Thing::RecordField(table, key) => field(record(table)?, key),
        Thing::GroupField(group, column) => {
            let table = schema.tables.iter().find(|t| t.grouped)?;
            let column = table.column(column).filter(|c| c.is_settable() && c.group.as_deref() == Some(group))?;
            let shape = row(&table.name)?;
            let field = shape.fields.iter().find(|f| f.column.name == column.name)?;
            Some(read("group", group, field))
        }
        Thing::Group(group) => {
            schema.tables.iter().any(|t| t.grouped).then_some(())?;
            let is_emitted = groups::names(schema).contains(&identifier(group));
            is_emitted.then(|| format!("pub type Witness = unified_event::{group};"))
        }
        Thing::Value(table, column, value) => variant(row(table)?, column, value),
        Thing::NewRow(table) => Some(constructor(row(table)?)),
        Thing::NewRecord(table) => Some(constructor(record(table)?)),
        Thing::RowType(table) => Some(format!("pub type Witness = unified_event::{};", row(table)?.type_name)),
        Thing::TableVersion(table) => {
            let (table, version) = (constant(table), row(table)?.version);
            Some(format!("const _: () = assert!(unified_event::tables::{table}.version == {version});"))
        }
        Thing::EventColumn(_)
        | Thing::EventType(_)
        | Thing::Requirement(_)
        | Thing::RecordType(_)
        | Thing::Binding(_) => None,
    }
}

fn field(shape: &Shape<'_>, name: &str) -> Option<String> {
    let field = shape.fields.iter().find(|f| f.column.name == name)?;
    Some(read(if shape.is_stored { "row" } else { "record" }, &shape.type_name.to_string(), field))
}

fn read(parameter: &str, type_name: &str, field: &Field<'_>) -> String {
    let (ident, ty) = (&field.ident, field_type(field));
    format!("pub fn witness({parameter}: &unified_event::{type_name}) -> &{ty} {{ &{parameter}.{ident} }}")
}

fn field_type(field: &Field<'_>) -> String {
    let ty = match &field.ty {
        FieldType::Enum(ident) => format!("unified_event::{ident}"),
        FieldType::Plain(ColumnType::Timestamp) => "unified_event::Timestamp".to_owned(),
        FieldType::Plain(ColumnType::Json) => "unified_event::Json".to_owned(),
        FieldType::Plain(_) => field.value_type().to_string().replace(' ', ""),
    };
    if field.column.required { ty } else { format!("Option<{ty}>") }
}

fn variant(shape: &Shape<'_>, column: &str, value: &Value) -> Option<String> {
    let field = shape.fields.iter().find(|f| f.column.name == column)?;
    let FieldType::Enum(ident) = &field.ty else { return None };
    let values = field.column.closed_values()?;
    let texts: Vec<String> = values.iter().map(|v| super::doc::plain(&v.value)).collect();
    let at = values.iter().position(|v| v.value == *value)?;
    let variant = enums::variants(&texts).into_iter().nth(at)?;
    Some(format!("pub const WITNESS: unified_event::{ident} = unified_event::{ident}::{variant};"))
}

fn constructor(shape: &Shape<'_>) -> String {
    let required = shape.fields.iter().filter(|f| f.column.required);
    let (ty, values) = (&shape.type_name, required.map(value).collect::<Vec<_>>().join(", "));
    format!("pub fn witness() -> unified_event::{ty} {{ unified_event::{ty}::new({values}) }}")
}

/// Returns a value for a parameter of a constructor: one for each type, so that the line is that of all
/// crates whose constructor takes the same types.
fn value(field: &Field<'_>) -> String {
    match &field.ty {
        FieldType::Enum(ident) => format!("unified_event::{ident}::ALL[0]"),
        FieldType::Plain(ColumnType::Timestamp) => "unified_event::Timestamp::UNIX_EPOCH".to_owned(),
        FieldType::Plain(ColumnType::Json) => "unified_event::Json::null()".to_owned(),
        FieldType::Plain(_) => field.blank().to_string().replace(' ', ""),
    }
}
