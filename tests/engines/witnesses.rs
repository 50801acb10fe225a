//! The queries among the guard's witnesses, in DataFusion: on tables of the one version they answer, on
//! those of the other they fail or answer otherwise.

use std::sync::Arc;

use arrow_ipc::reader::StreamReader;
use arrow_schema::{DataType, Field, Schema as ArrowSchema, SchemaRef, TimeUnit};
use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::util::pretty::pretty_format_batches;
use datafusion::catalog::MemorySchemaProvider;
use datafusion::datasource::MemTable;
use datafusion::prelude::SessionContext;
use serde_json::{Map, Value};
use unified_event_codegen::Artifact;
use unified_event_codegen::target::{arrow, sql};
use unified_event_engines::to_batch;
use unified_event_guard::WitnessKind;
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
    let schema = plain(table);
    let batch = to_batch(&schema, &[row]);
    MemTable::try_new(schema, vec![vec![batch]]).expect("rows")
}

/// Returns the schema of a table whose instants have no zone, as the platform stores them. A row of one
/// column stands for a whole one, so that nothing is required.
fn plain(table: &Table) -> SchemaRef {
    let plain = |f: &Arc<Field>| match f.data_type() {
        DataType::Timestamp(..) => f.as_ref().clone().with_data_type(DataType::Timestamp(TimeUnit::Microsecond, None)),
        _ => f.as_ref().clone(),
    };
    let schema = arrow::table_schema(table);
    let fields: Vec<Field> = schema.fields().iter().map(|f| plain(f).with_nullable(true)).collect();
    Arc::new(ArrowSchema::new(fields))
}

fn examples(table: &Table) -> Value {
    let value = |column: &unified_event_schema::Column| serde_json::to_value(&column.example).expect("JSON");
    Value::Object(table.columns.iter().map(|c| (c.name.clone(), value(c))).collect::<Map<_, _>>())
}

/// Returns a session with what the emitted pipeline of a table makes of an event.
async fn after(schema: &Schema, table: &str, event: &Value) -> SessionContext {
    let (table, pipeline) = (schema.table(table).expect("a table"), schema.pipeline(table).expect("a pipeline"));
    let emitted = |path: String, files: Vec<Artifact>| {
        files.into_iter().find(|f| f.path == path).unwrap_or_else(|| panic!("{path} is not emitted")).contents
    };
    let stream = emitted(format!("arrow/streams/{}.arrow", pipeline.stream.name), arrow::emit(schema));
    let stream = StreamReader::try_new(stream.as_slice(), None).expect("a schema").schema();
    let batch = to_batch(&stream, std::slice::from_ref(event));
    let source = MemTable::try_new(stream, vec![vec![batch]]).expect("a stream");
    let stored = Arc::new(MemTable::try_new(plain(table), vec![vec![]]).expect("a table"));
    let context = SessionContext::new();
    context.register_table(pipeline.stream.name.as_str(), Arc::new(source)).expect("a stream");
    context.register_table(pipeline.sink.name.as_str(), stored.clone()).expect("a sink");
    if pipeline.sink.name != table.physical_name {
        context.register_table(table.physical_name.as_str(), stored).expect("a table");
    }
    let transform = emitted(format!("sql/{}.sql", table.physical_name), sql::emit(schema));
    let transform = String::from_utf8(transform).expect("UTF-8");
    context.sql(&transform).await.expect("the transform").collect().await.expect("the transform runs");
    context
}

/// Returns the columns of the answer with their types, and its rows.
async fn answer(exhibit: &Exhibit, side: &str) -> Result<String, String> {
    let (schema, table) = (load(&exhibit.case, side), exhibit.table.as_deref());
    let given = exhibit.given.as_ref();
    let context = match given.and_then(|given| given.get("event")) {
        Some(event) => after(&schema, table.expect("a table"), event).await,
        None => session(&schema, table, given.map(|rows| &rows[side])),
    };
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
    assert!(refused >= 15 && changed >= 50, "{refused} refused, {changed} changed");
}
