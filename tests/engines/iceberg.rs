//! The emitted Iceberg JSON, read and used by the iceberg crate.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use arrow_schema::DataType;
use iceberg::arrow::{arrow_schema_to_schema, schema_to_arrow_schema};
use iceberg::io::LocalFsStorageFactory;
use iceberg::memory::{MEMORY_CATALOG_WAREHOUSE, MemoryCatalog, MemoryCatalogBuilder};
use iceberg::spec::{FormatVersion, PartitionSpec, Schema, SortOrder, TableMetadataRef, UnboundPartitionSpec};
use iceberg::{Catalog, CatalogBuilder, NamespaceIdent, TableCreation};
use serde_json::Value;
use unified_event_codegen::target;
use unified_event_engines::{TABLES, arrow_schema, json, repository, text};
use unified_event_schema::{Schema as Definition, SourceSet};
use unified_event_tests::without_columns;

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
            assert_eq!(written(&schema), json(&path), "{path}");
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

/// Returns an empty catalog over a folder of its own.
async fn catalog(folder: &Path) -> (MemoryCatalog, NamespaceIdent) {
    let properties = HashMap::from([(MEMORY_CATALOG_WAREHOUSE.to_owned(), format!("file://{}", folder.display()))]);
    let catalog = MemoryCatalogBuilder::default()
        .with_storage_factory(Arc::new(LocalFsStorageFactory))
        .load("memory", properties)
        .await
        .expect("a catalog");
    let namespace = NamespaceIdent::new("lake".to_owned());
    catalog.create_namespace(&namespace, HashMap::new()).await.expect("a namespace");
    (catalog, namespace)
}

/// Creates the table of a request, and checks that the catalog kept every id of its columns.
async fn create(catalog: &MemoryCatalog, namespace: &NamespaceIdent, request: &Value) -> TableMetadataRef {
    let part = |key: &str| -> Value { request[key].clone() };
    let name = request["name"].as_str().expect("a name");
    let mut properties: HashMap<String, String> = serde_json::from_value(part("properties")).expect("properties");
    // The REST protocol sends the version as a property; this crate wants it apart.
    assert_eq!(properties.remove("format-version").as_deref(), Some("2"), "{name}");
    let creation = TableCreation::builder()
        .name(name.to_owned())
        .schema(serde_json::from_value(part("schema")).expect("a schema"))
        .partition_spec(serde_json::from_value::<UnboundPartitionSpec>(part("partition-spec")).expect("a spec"))
        .sort_order(serde_json::from_value(part("write-order")).expect("an order"))
        .properties(properties)
        .format_version(FormatVersion::V2)
        .build();
    let created = catalog.create_table(namespace, creation).await.unwrap_or_else(|e| panic!("{name}: {e}"));
    let metadata = created.metadata_ref();
    let found = written(metadata.current_schema());
    assert_eq!(found["fields"], request["schema"]["fields"], "{name}: the catalog changed the columns");
    assert_eq!(found["identifier-field-ids"], request["schema"]["identifier-field-ids"], "{name}");
    let spec = serde_json::to_value(metadata.default_partition_spec().as_ref()).expect("JSON");
    assert_eq!(spec["fields"], request["partition-spec"]["fields"], "{name}");
    let order = serde_json::to_value(metadata.default_sort_order().as_ref()).expect("JSON");
    assert_eq!(order["fields"], request["write-order"]["fields"], "{name}");
    metadata
}

/// Returns the JSON of a schema; the crate writes identifier fields in any order.
fn written(schema: &Schema) -> Value {
    let mut json = serde_json::to_value(schema).expect("JSON");
    if let Some(ids) = json.get_mut("identifier-field-ids").and_then(Value::as_array_mut) {
        ids.sort_by_key(Value::as_i64);
    }
    json
}

#[tokio::test]
async fn tables_are_created_as_requested() {
    let folder = std::env::temp_dir().join(format!("unified-event-iceberg-{}", std::process::id()));
    let (catalog, namespace) = catalog(&folder).await;
    for table in TABLES {
        let request = json(&format!("generated/iceberg/{table}.create-table.json"));
        let metadata = create(&catalog, &namespace, &request).await;
        assert_eq!(metadata.properties().get("write.parquet.compression-codec").map(String::as_str), Some("zstd"));
    }
    let _ = std::fs::remove_dir_all(folder);
}

/// Ids of the definition have gaps once columns were dropped; the crate numbers the table from 1, as the artefacts do.
#[tokio::test]
async fn a_version_with_gaps_has_the_ids_of_its_artefacts_and_keeps_them_as_it_grows() {
    let folder = std::env::temp_dir().join(format!("unified-event-iceberg-gaps-{}", std::process::id()));
    let (catalog, namespace) = catalog(&folder).await;
    let real = SourceSet::from_dir(&repository("schema")).expect("a definition");
    let load = |sources: &SourceSet| Definition::load(sources).unwrap_or_else(|e| panic!("{}", e.render(false)));
    let drops: [&[&str]; 3] = [&["http_host"], &["schema_version"], &["root_id", "http_host", "batch_id"]];
    for (number, dropped) in drops.into_iter().enumerate() {
        let sources = without_columns(&real, "gaps", dropped);
        let request = |definition: &Definition| -> Value {
            let artifacts = target::iceberg::emit(definition);
            let artifact = artifacts.iter().find(|a| a.path == "iceberg/unified_events.create-table.json");
            serde_json::from_slice(&artifact.expect("a request").contents).expect("JSON")
        };
        let mut first = request(&load(&sources));
        first["name"] = format!("gaps_{number}").into();
        let metadata = create(&catalog, &namespace, &first).await;

        // Written in the other order, and behind a gap of their own.
        let added: String = [190, 180].map(|id| format!("\n[column.added_{id}]\nid = {id}\n{ADDED}")).concat();
        let files = sources.files().iter().map(|f| {
            let more = if f.name == "groups/rpc.toml" { added.as_str() } else { "" };
            (f.name.clone(), format!("{}{more}", f.text))
        });
        let later = request(&load(&SourceSet::from_texts("later", files)));
        let schema: Schema = serde_json::from_value(later["schema"].clone()).expect("a schema");
        let last = metadata.last_column_id();
        assert_eq!(schema.field_id_by_name("added_180"), Some(last + 1));
        assert_eq!(schema.field_id_by_name("added_190"), Some(last + 2));
        let builder = metadata.as_ref().clone().into_builder(None).add_current_schema(schema);
        let grown = builder.and_then(|b| b.build()).unwrap_or_else(|e| panic!("{dropped:?}: {e}")).metadata;
        assert_eq!(grown.last_column_id(), last + 2, "{dropped:?}");
        let fields = first["schema"]["fields"].as_array().expect("fields");
        let now = written(grown.current_schema());
        assert_eq!(now["fields"].as_array().expect("fields")[..fields.len()], fields[..], "{dropped:?}");
    }
    let _ = std::fs::remove_dir_all(folder);
}

const ADDED: &str = "type = \"string\"\ndoc = \"What came later.\"\nexample = \"x\"\n";
