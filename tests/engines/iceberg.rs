//! The emitted Iceberg JSON, read and used by the iceberg crate.

use std::collections::HashMap;
use std::sync::Arc;

use arrow_schema::DataType;
use iceberg::arrow::{arrow_schema_to_schema, schema_to_arrow_schema};
use iceberg::io::LocalFsStorageFactory;
use iceberg::memory::{MEMORY_CATALOG_WAREHOUSE, MemoryCatalogBuilder};
use iceberg::spec::{FormatVersion, PartitionSpec, Schema, SortOrder, UnboundPartitionSpec};
use iceberg::{Catalog, CatalogBuilder, NamespaceIdent, TableCreation};
use serde_json::Value;
use unified_event_engines::{TABLES, arrow_schema, json, repository, text};

fn read<T: serde::de::DeserializeOwned>(path: &str) -> T {
    serde_json::from_str(&text(path)).unwrap_or_else(|e| panic!("{path}: {e}"))
}

/// Returns the paths of a table's partition specs, by scheme where there are several.
fn spec_paths(table: &str) -> Vec<String> {
    let entries = std::fs::read_dir(repository("generated/iceberg")).expect("generated/iceberg");
    let names = entries.map(|e| e.expect("an entry").file_name().to_string_lossy().into_owned());
    let mut paths: Vec<String> = names
        .filter(|n| n.starts_with(&format!("{table}.partition-spec")))
        .map(|n| format!("generated/iceberg/{n}"))
        .collect();
    paths.sort();
    paths
}

#[test]
fn schemas_are_read_and_written_back_unchanged() {
    for table in TABLES {
        for kind in ["schema", "managed.schema"] {
            let path = format!("generated/iceberg/{table}.{kind}.json");
            let schema: Schema = read(&path);
            let again = serde_json::to_value(&schema).expect("JSON");
            assert_eq!(again, json(&path), "{path}");
            let ids: Vec<i32> = schema.as_struct().fields().iter().map(|f| f.id).collect();
            let expected: Vec<i32> = (1..).take(ids.len()).collect();
            assert_eq!(ids, expected, "{path}: catalogs would renumber");
        }
    }
    let schema: Schema = read("generated/iceberg/unified_events.schema.json");
    assert_eq!(schema.as_struct().fields().len(), 175);
}

#[test]
fn specs_and_orders_fit_their_schemas() {
    for table in TABLES {
        let schema: Arc<Schema> = Arc::new(read(&format!("generated/iceberg/{table}.schema.json")));
        let paths = spec_paths(table);
        assert_eq!(paths.len(), if table == "unified_events" { 3 } else { 1 }, "{table}");
        for path in paths {
            let unbound: UnboundPartitionSpec = read(&path);
            let bound = unbound.bind(Arc::clone(&schema)).unwrap_or_else(|e| panic!("{path}: {e}"));
            let written: PartitionSpec = read(&path);
            assert_eq!(bound.fields(), written.fields(), "{path}");
        }
        let managed: Arc<Schema> = Arc::new(read(&format!("generated/iceberg/{table}.managed.schema.json")));
        let spec: UnboundPartitionSpec = read(&format!("generated/iceberg/{table}.managed.partition-spec.json"));
        spec.bind(managed).unwrap_or_else(|e| panic!("{table}: {e}"));
        let order: SortOrder = read(&format!("generated/iceberg/{table}.sort-order.json"));
        SortOrder::builder()
            .with_order_id(order.order_id)
            .with_fields(order.fields.clone())
            .build(&schema)
            .unwrap_or_else(|e| panic!("{table}: {e}"));
    }
}

#[test]
fn the_arrow_schema_is_the_iceberg_schema() {
    for table in TABLES {
        let iceberg: Schema = read(&format!("generated/iceberg/{table}.schema.json"));
        let emitted = arrow_schema(&format!("generated/arrow/{table}.arrow"));
        let derived = schema_to_arrow_schema(&iceberg).expect("an Arrow schema");
        assert_eq!(emitted.fields().len(), derived.fields().len(), "{table}");
        for (emitted, derived) in emitted.fields().iter().zip(derived.fields()) {
            let name = emitted.name();
            assert_eq!(name, derived.name());
            // The crate derives 64-bit offsets for bytes and reads either; ours are Arrow's plain ones.
            let derived_type = match derived.data_type() {
                DataType::LargeBinary => &DataType::Binary,
                other => other,
            };
            assert_eq!(emitted.data_type(), derived_type, "{table}.{name}");
            assert_eq!(emitted.is_nullable(), derived.is_nullable(), "{table}.{name}");
            for key in ["PARQUET:field_id", "doc"] {
                assert_eq!(emitted.metadata().get(key), derived.metadata().get(key), "{table}.{name}: {key}");
            }
        }
        let back = arrow_schema_to_schema(&emitted).expect("an Iceberg schema");
        assert_eq!(back.as_struct(), iceberg.as_struct(), "{table}");
    }
}

#[tokio::test]
async fn tables_are_created_as_requested() {
    let warehouse = std::env::temp_dir().join(format!("unified-event-iceberg-{}", std::process::id()));
    let properties = HashMap::from([(MEMORY_CATALOG_WAREHOUSE.to_owned(), format!("file://{}", warehouse.display()))]);
    let catalog = MemoryCatalogBuilder::default()
        .with_storage_factory(Arc::new(LocalFsStorageFactory))
        .load("memory", properties)
        .await
        .expect("a catalog");
    let namespace = NamespaceIdent::new("lake".to_owned());
    catalog.create_namespace(&namespace, HashMap::new()).await.expect("a namespace");
    for table in TABLES {
        let request = json(&format!("generated/iceberg/{table}.create-table.json"));
        let part = |key: &str| -> Value { request[key].clone() };
        let mut properties: HashMap<String, String> = serde_json::from_value(part("properties")).expect("properties");
        // The REST protocol sends the version as a property; this crate wants it apart.
        let version = properties.remove("format-version");
        assert_eq!(version.as_deref(), Some("2"), "{table}");
        let creation = TableCreation::builder()
            .name(request["name"].as_str().expect("a name").to_owned())
            .schema(serde_json::from_value(part("schema")).expect("a schema"))
            .partition_spec(serde_json::from_value::<UnboundPartitionSpec>(part("partition-spec")).expect("a spec"))
            .sort_order(serde_json::from_value(part("write-order")).expect("an order"))
            .properties(properties)
            .format_version(FormatVersion::V2)
            .build();
        let created = catalog.create_table(&namespace, creation).await.unwrap_or_else(|e| panic!("{table}: {e}"));
        let metadata = created.metadata();
        let found = serde_json::to_value(metadata.current_schema().as_ref()).expect("JSON");
        assert_eq!(found["fields"], request["schema"]["fields"], "{table}: the catalog changed the columns");
        let spec = serde_json::to_value(metadata.default_partition_spec().as_ref()).expect("JSON");
        assert_eq!(spec["fields"], request["partition-spec"]["fields"], "{table}");
        let order = serde_json::to_value(metadata.default_sort_order().as_ref()).expect("JSON");
        assert_eq!(order["fields"], request["write-order"]["fields"], "{table}");
        assert_eq!(metadata.properties().get("write.parquet.compression-codec").map(String::as_str), Some("zstd"));
    }
    let _ = std::fs::remove_dir_all(warehouse);
}
