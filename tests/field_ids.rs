//! Field ids are ranks: every artefact numbers the columns of a table version as catalogs do.
//!
//! That catalogs do so is tried with PyIceberg and Spark in `evolution/engines/test_field_ids.py`, and with
//! the iceberg crate in `engines/iceberg.rs`.

use std::collections::BTreeMap;

use serde_json::Value;
use unified_event_codegen::event_table::event_table;
use unified_event_codegen::target::{arrow, iceberg, model_json};
use unified_event_schema::{Column, Schema, Table};
use unified_event_tests::real_schema;

/// A small generator: the same numbers on every machine and in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or(0) % n
    }
}

/// Takes columns away that no spec, order or key names, and adds some behind gaps.
fn with_gaps(table: &Table, random: &mut Random) -> Table {
    let mut table = table.clone();
    let used: Vec<String> = table.key_columns().into_iter().map(str::to_owned).chain(table.key.clone()).collect();
    let one_in = 1 + random.below(9);
    table.columns.retain(|c| used.contains(&c.name) || random.below(one_in + 1) > 0);
    let mut last = table.columns.last().map_or(0, |c| c.id);
    for i in 0..random.below(4) {
        last += 1 + u32::try_from(random.below(40)).expect("small");
        let like = table.columns[random.below(table.columns.len())].clone();
        table.columns.push(Column { id: last, name: format!("added_{i}"), ..like });
    }
    table
}

/// Returns the field ids as a catalog gives them, by name.
fn expected(table: &Table) -> BTreeMap<String, u64> {
    table.columns.iter().enumerate().map(|(i, c)| (c.name.clone(), i as u64 + 1)).collect()
}

fn text_of<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().expect("text")
}

fn ids_of(fields: &Value) -> BTreeMap<String, u64> {
    let fields = fields.as_array().expect("fields").iter();
    fields.map(|f| (text_of(f, "name").to_owned(), f["id"].as_u64().expect("an id"))).collect()
}

/// Checks every Iceberg document of a table against the field ids that it should have.
fn check_iceberg(schema: &Schema, table: &Table, ids: &BTreeMap<String, u64>) {
    for artifact in iceberg::emit(schema) {
        let document: Value = serde_json::from_slice(&artifact.contents).expect("JSON");
        let path = artifact.path.as_str();
        let check_spec = |fields: &Value, spec: &unified_event_schema::PartitionSpec| {
            let sources: Vec<&Value> = fields.as_array().expect("fields").iter().map(|f| &f["source-id"]).collect();
            let columns: Vec<u64> = spec.fields.iter().map(|f| ids[&f.column]).collect();
            assert_eq!(
                sources,
                columns.iter().map(|id| Value::from(*id)).collect::<Vec<_>>().iter().collect::<Vec<_>>()
            );
        };
        let check_order = |fields: &Value| {
            let order = table.sort_order.as_ref().map_or(&[][..], |o| &o.fields);
            let columns: Vec<u64> = order.iter().map(|f| ids[&f.column]).collect();
            let sources = fields.as_array().expect("fields").iter().map(|f| f["source-id"].as_u64().expect("an id"));
            assert_eq!(sources.collect::<Vec<_>>(), columns, "{path}");
        };
        let check_schema = |schema: &Value| {
            assert_eq!(ids_of(&schema["fields"]), *ids, "{path}");
            let mut key: Vec<u64> = table.key.iter().map(|name| ids[name]).collect();
            key.sort_unstable();
            if !table.key.iter().all(|name| table.column(name).is_some_and(|c| c.required)) {
                key.clear();
            }
            let found = schema["identifier-field-ids"].as_array().cloned().unwrap_or_default();
            assert_eq!(found, key.into_iter().map(Value::from).collect::<Vec<_>>(), "{path}");
        };
        let kind = path.split_once('.').expect("a kind").1;
        match kind {
            "schema.json" => check_schema(&document),
            "sort-order.json" => check_order(&document["fields"]),
            "create-table.json" => {
                check_schema(&document["schema"]);
                check_order(&document["write-order"]["fields"]);
                check_spec(&document["partition-spec"]["fields"], &table.partition_specs[0]);
            }
            "managed.schema.json" => {
                let mut managed = ids.clone();
                managed.insert("__ingest_ts".to_owned(), ids.len() as u64 + 1);
                assert_eq!(ids_of(&document["fields"]), managed, "{path}");
            }
            "managed.partition-spec.json" => {
                assert_eq!(document["fields"][0]["source-id"], ids.len() as u64 + 1, "{path}");
            }
            "properties.json" => {}
            other => {
                let scheme = other.strip_prefix("partition-spec").expect("a spec").trim_end_matches(".json");
                let is_meant = |s: &&unified_event_schema::PartitionSpec| {
                    scheme.is_empty() || s.scheme == scheme.trim_start_matches('.')
                };
                let spec = table.partition_specs.iter().find(is_meant).expect("a scheme");
                check_spec(&document["fields"], spec);
            }
        }
    }
}

fn field_ids(schema: &arrow_schema::Schema) -> BTreeMap<String, u64> {
    let id = |f: &arrow_schema::Field| f.metadata()["PARQUET:field_id"].parse().expect("a number");
    schema.fields().iter().map(|f| (f.name().clone(), id(f))).collect()
}

#[test]
fn artefacts_number_columns_by_rank_whatever_gaps_their_ids_have() {
    let real = real_schema();
    let mut random = Random(7);
    let mut n_shifted = 0;
    for _ in 0..20 {
        for table in &real.tables {
            let table = with_gaps(table, &mut random);
            let ids = expected(&table);
            n_shifted += table.columns.iter().filter(|c| u64::from(c.id) != ids[&c.name]).count();
            let pipelines = real.pipeline(&table.name).cloned().into_iter().collect();
            let schema = Schema { tables: vec![table.clone()], pipelines, ..real.clone() };
            check_iceberg(&schema, &table, &ids);
            assert_eq!(field_ids(&arrow::table_schema(&table)), ids, "{}", table.name);
            let model: Value = serde_json::from_slice(&model_json::emit(&schema)[0].contents).expect("JSON");
            for (said, column) in model["tables"][0]["columns"].as_array().expect("columns").iter().zip(&table.columns)
            {
                assert_eq!(
                    (&said["id"], &said["field_id"]),
                    (&Value::from(column.id), &Value::from(ids[&column.name]))
                );
            }
            if table.grouped {
                let runtime = event_table(&schema, &table.name).expect("a table");
                assert_eq!(field_ids(&unified_event_runtime::arrow::schema(runtime)), ids);
            }
        }
    }
    assert!(n_shifted > 2_000, "only {n_shifted} columns have another id than their field id");
}

/// The first version of every table has no gaps: ids and field ids are the same there.
#[test]
fn the_released_tables_have_field_ids_like_their_ids() {
    for table in &real_schema().tables {
        for column in table.columns.iter().filter(|_| table.version == 1) {
            assert_eq!(table.field_id(column.id), Some(column.id), "{}.{}", table.name, column.name);
        }
        assert_eq!(table.field_id(0), None);
    }
}

/// Iceberg takes no identifier field that may be null, and a part of a key tells no rows apart.
#[test]
fn the_key_is_identifier_where_all_of_it_is_required() {
    let real = real_schema();
    let names = |table: &str| -> Vec<String> {
        let table = real.table(table).expect("a table");
        table.identifier_columns().into_iter().map(|c| c.name.clone()).collect()
    };
    assert_eq!(names("unified_events"), ["ns", "id"]);
    assert_eq!(names("do_actions"), ["ns", "id"]);
    assert_eq!(names("do_state"), ["ns", "do_id", "key", "seq"]);
    assert_eq!(names("do_events"), [""; 0], "it has no key");
    assert_eq!(names("do_things"), [""; 0], "its `branch` may be null");
}
