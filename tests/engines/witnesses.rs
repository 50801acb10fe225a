//! The queries among the guard's witnesses, in DataFusion: on tables of the one version they answer, on
//! those of the other they fail or answer otherwise.

use std::sync::Arc;

use arrow_schema::{DataType, Field, Schema as ArrowSchema, TimeUnit};
use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::util::pretty::pretty_format_batches;
use datafusion::catalog::MemorySchemaProvider;
use datafusion::datasource::MemTable;
use datafusion::prelude::SessionContext;
use serde_json::{Map, Value};
use unified_event_codegen::evolve::WitnessKind;
use unified_event_codegen::target::arrow::table_schema;
use unified_event_engines::to_batch;
use unified_event_schema::{Schema, Table};
use unified_event_tests::evolution::load;
use unified_event_tests::witnesses::{Exhibit, of_kind};

/// Returns a session with the tables of a model, each with one row: `row`, or the examples of its columns.
fn session(schema: &Schema, about: Option<&str>, row: Option<&Value>) -> SessionContext {
    let context = SessionContext::new();
    let catalog = context.catalog("datafusion").expect("the catalog of every session");
    for table in &schema.tables {
        let row = row.filter(|_| about == Some(table.name.as_str()));
        let rows = || Arc::new(rows(table, row.cloned().unwrap_or_else(|| examples(table))));
        // The definition's name, the one with the version, and that in the catalog of the sink.
        context.register_table(table.name.as_str(), rows()).expect("a table");
        if table.physical_name != table.name {
            context.register_table(table.physical_name.as_str(), rows()).expect("a table");
        }
        let Some(sink) = schema.pipeline(&table.name).map(|p| &p.sink) else { continue };
        let namespace = catalog.schema(&sink.namespace).unwrap_or_else(|| {
            let namespace = Arc::new(MemorySchemaProvider::new());
            catalog.register_schema(&sink.namespace, namespace.clone()).expect("a namespace");
            namespace
        });
        namespace.register_table(sink.table.clone(), rows()).expect("a table");
    }
    context
}

fn rows(table: &Table, row: Value) -> MemTable {
    let fields = table_schema(table);
    let plain = |f: &Arc<Field>| match f.data_type() {
        DataType::Timestamp(..) => f.as_ref().clone().with_data_type(DataType::Timestamp(TimeUnit::Microsecond, None)),
        _ => f.as_ref().clone(),
    };
    // A row of one column stands for a whole one.
    let fields: Vec<Field> = fields.fields().iter().map(|f| plain(f).with_nullable(true)).collect();
    let schema = Arc::new(ArrowSchema::new(fields));
    let batch = to_batch(&schema, &[row]);
    MemTable::try_new(schema, vec![vec![batch]]).expect("rows")
}

fn examples(table: &Table) -> Value {
    let value = |column: &unified_event_schema::Column| serde_json::to_value(&column.example).expect("JSON");
    Value::Object(table.columns.iter().map(|c| (c.name.clone(), value(c))).collect::<Map<_, _>>())
}

/// Returns the columns of the answer with their types, and its rows.
async fn answer(exhibit: &Exhibit, side: &str) -> Result<String, String> {
    let row = exhibit.rows.as_ref().map(|rows| &rows[side]);
    let context = session(&load(&exhibit.case, side), exhibit.table.as_deref(), row);
    let frame = context.sql(&exhibit.text).await.map_err(|e| e.to_string())?;
    let columns = frame.schema().fields().iter().map(|f| format!("{} {}", f.name(), f.data_type())).collect::<Vec<_>>();
    let batches: Vec<RecordBatch> = frame.collect().await.map_err(|e| e.to_string())?;
    Ok(format!("{}\n{}", columns.join(", "), pretty_format_batches(&batches).expect("text")))
}

#[tokio::test]
async fn queries_answer_on_one_version_and_fail_or_answer_otherwise_on_the_other() {
    let (mut refused, mut changed) = (0, 0);
    for exhibit in of_kind(&[WitnessKind::Sql]) {
        let old = answer(&exhibit, "old").await.unwrap_or_else(|e| panic!("{}: {e}", exhibit.label()));
        match answer(&exhibit, "new").await {
            Err(_) => refused += 1,
            Ok(new) => {
                assert_ne!(new, old, "{} answers the same", exhibit.label());
                changed += 1;
            }
        }
    }
    assert!(refused >= 12 && changed >= 5, "{refused} refused, {changed} changed");
}
