//! Reads Iceberg tables with the iceberg crate for the experiments in `tests/evolution/engines`.
//!
//! Takes the path of one metadata file a line, and answers each with a line of JSON: the rows, or
//! the words with which the crate refuses.

use std::io::BufRead;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{Date32Type, Float32Type, Float64Type, Int32Type, Int64Type, TimestampMicrosecondType};
use arrow_array::{Array, RecordBatch};
use arrow_schema::DataType;
use base64::Engine;
use futures::TryStreamExt;
use iceberg::TableIdent;
use iceberg::io::{FileIOBuilder, LocalFsStorageFactory};
use iceberg::table::StaticTable;
use serde_json::{Map, Value, json};

#[tokio::main]
async fn main() {
    for line in std::io::stdin().lock().lines() {
        let path = line.expect("a line of text");
        // A panic of the crate is an observation too, and must not end the others.
        let answer = match tokio::spawn(read(path)).await {
            Ok(Ok(rows)) => json!({ "rows": rows }),
            Ok(Err(error)) => json!({ "refused": error }),
            Err(panic) => json!({ "refused": panic.to_string() }),
        };
        println!("{answer}");
    }
}

async fn read(path: String) -> Result<Vec<Value>, String> {
    let files = FileIOBuilder::new(Arc::new(LocalFsStorageFactory)).build();
    let name = TableIdent::from_strs(["lake", "table"]).map_err(text)?;
    let table = StaticTable::from_metadata_file(&format!("file://{path}"), name, files).await.map_err(text)?;
    let batches = table.scan().build().map_err(text)?.to_arrow().await.map_err(text)?;
    let batches: Vec<RecordBatch> = batches.try_collect().await.map_err(text)?;
    batches.iter().map(rows).collect::<Result<Vec<_>, _>>().map(|r| r.concat())
}

/// The display form of the crate's errors leaves the cause out.
fn text(error: iceberg::Error) -> String {
    let mut out = error.to_string();
    let mut source = std::error::Error::source(&error);
    while let Some(cause) = source {
        out.push_str(&format!(": {cause}"));
        source = cause.source();
    }
    out
}

fn rows(batch: &RecordBatch) -> Result<Vec<Value>, String> {
    let schema = batch.schema();
    let row = |i: usize| {
        let mut object = Map::new();
        for (field, column) in schema.fields().iter().zip(batch.columns()) {
            let value = if column.is_null(i) { Value::Null } else { cell(field.data_type(), column, i)? };
            object.insert(field.name().clone(), value);
        }
        Ok(Value::Object(object))
    };
    (0..batch.num_rows()).map(row).collect()
}

fn cell(ty: &DataType, column: &dyn Array, i: usize) -> Result<Value, String> {
    Ok(match ty {
        DataType::Utf8 => Value::from(column.as_string::<i32>().value(i)),
        DataType::Boolean => Value::from(column.as_boolean().value(i)),
        DataType::Int32 => Value::from(column.as_primitive::<Int32Type>().value(i)),
        DataType::Int64 => Value::from(column.as_primitive::<Int64Type>().value(i)),
        DataType::Float32 => Value::from(f64::from(column.as_primitive::<Float32Type>().value(i))),
        DataType::Float64 => Value::from(column.as_primitive::<Float64Type>().value(i)),
        DataType::Date32 => Value::from(column.as_primitive::<Date32Type>().value(i)),
        DataType::Timestamp(_, zone) => {
            let micros = column.as_primitive::<TimestampMicrosecondType>().value(i);
            let instant = chrono::DateTime::from_timestamp_micros(micros).ok_or("no such instant")?;
            let zone = if zone.is_some() { "Z" } else { "" };
            Value::from(format!("{}{zone}", instant.format("%Y-%m-%dT%H:%M:%S%.6f")))
        }
        DataType::Binary => Value::from(base64::prelude::BASE64_STANDARD.encode(column.as_binary::<i32>().value(i))),
        DataType::LargeBinary => {
            Value::from(base64::prelude::BASE64_STANDARD.encode(column.as_binary::<i64>().value(i)))
        }
        other => return Err(format!("no rule to print {other}")),
    })
}
