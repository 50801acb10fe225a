//! Programs for Python and pyarrow: a Parquet file of one version that a reader of the other refuses.

use unified_event_schema::{Column, ColumnType, Value};

use super::super::change::{Change, Kind, Subject};
use super::super::rules::Context;
use super::readers::reader;
use super::{Side, Witness, WitnessKind};

/// Returns a program that is refused, or finds another value than was written.
pub(super) fn witness(change: &Change, cx: &Context<'_>) -> Option<Witness> {
    let Subject::Column { table, .. } = &change.subject else { return None };
    let anchor = |columns: &'_ [Column], name: &str| columns.iter().find(|c| c.required && c.name != name).cloned();
    if let (Kind::ColumnAdded { column }, true) = (&change.kind, reader(change, cx).is_none()) {
        if !column.required {
            return None;
        }
        // Files of the old version do not have what readers of the new one require.
        let first = anchor(&cx.old.table(table)?.columns, &column.name)?;
        let text = program(&[&first], &[&first, column], &row(&[(&first, None), (column, None)]));
        return Some(Witness::new(WitnessKind::Parquet, Side::Old, text));
    }
    let reader = reader(change, cx)?;
    let old = reader.old;
    let Some(new) = reader.new else {
        // Files of the new version do not have what readers of the old one look for.
        let first = anchor(&cx.new.table(table)?.columns, &old.name)?;
        let text = program(&[&first], &[&first, old], &row(&[(&first, None), (old, None)]));
        return Some(Witness::new(WitnessKind::Parquet, Side::Old, text));
    };
    let value = match (&change.kind, old.ty, new.ty) {
        (Kind::Presence { required: true }, ..) => "None".to_owned(),
        (_, ColumnType::Int64, ColumnType::Int32) => "3_000_000_000".to_owned(),
        (_, before, after) if arrow(before) != arrow(after) => python(&old.example, before),
        _ => return None,
    };
    let text = program(&[old], &[new], &row(&[(old, Some(value))]));
    Some(Witness::new(WitnessKind::Parquet, Side::Old, text))
}

fn program(writer: &[&Column], reader: &[&Column], row: &str) -> String {
    format!(
        "import io, pyarrow as pa, pyarrow.parquet as pq\n\
         writer = {}\n\
         reader = {}\n\
         wrote, file = pa.Table.from_pylist([{row}], schema=writer), io.BytesIO()\n\
         pq.write_table(wrote, file)\n\
         read = pq.read_table(file, columns=reader.names).cast(reader)\n\
         assert str(read.to_pylist()) == str(wrote.to_pylist()), read",
        schema(writer),
        schema(reader)
    )
}

fn schema(columns: &[&Column]) -> String {
    let field = |c: &&Column| {
        let nullable = if c.required { ", nullable=False" } else { "" };
        format!("pa.field({}, {}{nullable})", quote(&c.name), arrow(c.ty))
    };
    format!("pa.schema([{}])", columns.iter().map(field).collect::<Vec<_>>().join(", "))
}

/// Returns a row of columns with a value, or with their example.
fn row(values: &[(&Column, Option<String>)]) -> String {
    let entry = |(column, value): &(&Column, Option<String>)| {
        let value = value.clone().unwrap_or_else(|| python(&column.example, column.ty));
        format!("{}: {value}", quote(&column.name))
    };
    format!("{{{}}}", values.iter().map(entry).collect::<Vec<_>>().join(", "))
}

const fn arrow(ty: ColumnType) -> &'static str {
    match ty {
        ColumnType::String | ColumnType::Json => "pa.string()",
        ColumnType::Bool => "pa.bool_()",
        ColumnType::Int32 => "pa.int32()",
        ColumnType::Int64 => "pa.int64()",
        ColumnType::Float64 => "pa.float64()",
        ColumnType::Timestamp => "pa.timestamp(\"us\", \"UTC\")",
        ColumnType::Binary => "pa.binary()",
    }
}

/// Returns an example as an expression of Python.
fn python(value: &Value, ty: ColumnType) -> String {
    match (ty, value) {
        // Microseconds since 1970.
        (ColumnType::Timestamp, _) => "0".to_owned(),
        (ColumnType::Binary, _) => "b\"\\xff\"".to_owned(),
        (ColumnType::String, Value::Text(text)) => quote(text),
        (_, Value::Bool(true)) => "True".to_owned(),
        (_, Value::Bool(false)) => "False".to_owned(),
        (ColumnType::Json, value) => quote(&value.to_string()),
        (_, Value::Text(digits)) => digits.clone(),
        (_, value) => value.to_string(),
    }
}

/// A text of JSON is a text of Python.
fn quote(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
