//! Iceberg's own JSON: Appendix C of the table specification, and the REST catalog's
//! `CreateTableRequest`.

use serde::Serialize;
use std::collections::BTreeMap;
use unified_event_schema::{ColumnType, NullOrder, PartitionSpec, Pipeline, Schema, SortDirection, Table, sql};

use crate::{Artifact, json};

/// The column that the platform's catalog sink adds to every table.
pub use unified_event_schema::INGEST_COLUMN;

/// Returns the JSON files of every table.
pub fn emit(schema: &Schema) -> Vec<Artifact> {
    schema.tables.iter().flat_map(|t| emit_table(t, schema.pipeline(&t.name))).collect()
}

fn emit_table(table: &Table, pipeline: Option<&Pipeline>) -> Vec<Artifact> {
    let path = |kind: &str| format!("iceberg/{}.{kind}.json", table.physical_name);
    let mut artifacts = vec![json::artifact(path("schema"), &engine_schema(table))];
    for spec in &table.partition_specs {
        let kind = if table.partition_specs.len() == 1 {
            "partition-spec".to_owned()
        } else {
            format!("partition-spec.{}", spec.scheme)
        };
        artifacts.push(json::artifact(path(&kind), &partition_spec(table, spec)));
    }
    artifacts.push(json::artifact(path("sort-order"), &sort_order(table)));
    artifacts.push(json::artifact(path("properties"), &table.properties));
    artifacts.push(json::artifact(path("create-table"), &create_table(table)));
    if let Some(pipeline) = pipeline {
        let managed = managed_schema(table, pipeline);
        let ingest_id = managed.fields.last().map_or(0, |f| f.id);
        artifacts.push(json::artifact(path("managed.schema"), &managed));
        artifacts.push(json::artifact(path("managed.partition-spec"), &managed_partition_spec(ingest_id)));
    }
    artifacts
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct StructType<'a> {
    r#type: &'static str,
    schema_id: u32,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    identifier_field_ids: Vec<u32>,
    fields: Vec<NestedField<'a>>,
}

#[derive(Serialize)]
struct NestedField<'a> {
    id: u32,
    name: &'a str,
    required: bool,
    r#type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    doc: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Spec<'a> {
    spec_id: u32,
    fields: Vec<SpecField<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct SpecField<'a> {
    source_id: u32,
    field_id: u32,
    name: &'a str,
    transform: String,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Order {
    order_id: u32,
    fields: Vec<OrderField>,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct OrderField {
    transform: &'static str,
    source_id: u32,
    direction: &'static str,
    null_order: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct CreateTable<'a> {
    name: &'a str,
    schema: StructType<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    partition_spec: Option<Spec<'a>>,
    write_order: Order,
    stage_create: bool,
    properties: &'a BTreeMap<String, String>,
}

fn engine_schema(table: &Table) -> StructType<'_> {
    let fields = table.numbered_columns().map(|(field_id, column)| NestedField {
        id: field_id,
        name: &column.name,
        required: column.required,
        r#type: primitive_type(column.ty),
        doc: Some(column.comment()),
    });
    let mut identifier_field_ids: Vec<u32> =
        table.identifier_columns().iter().filter_map(|column| table.field_id(column.id)).collect();
    identifier_field_ids.sort_unstable();
    StructType { r#type: "struct", schema_id: 0, identifier_field_ids, fields: fields.collect() }
}

/// Returns the schema of the table that the platform's sink creates from the transform's output.
///
/// The sink numbers the fields by position, knows neither documentation nor keys, and takes nullability
/// from what the engine declares for each expression.
fn managed_schema<'a>(table: &'a Table, pipeline: &Pipeline) -> StructType<'a> {
    let mut fields: Vec<NestedField<'_>> = Vec::with_capacity(table.columns.len() + 1);
    for (field_id, column) in table.numbered_columns() {
        let output = sql::output_expression(table, pipeline, column);
        fields.push(NestedField {
            id: field_id,
            name: &column.name,
            required: output.is_ok_and(|o| !o.declared_nullable),
            r#type: managed_type(column.ty),
            doc: None,
        });
    }
    let last = fields.last().map_or(0, |f| f.id);
    fields.push(NestedField { id: last + 1, name: INGEST_COLUMN, required: true, r#type: "timestamp", doc: None });
    StructType { r#type: "struct", schema_id: 0, identifier_field_ids: Vec::new(), fields }
}

fn managed_partition_spec(ingest_id: u32) -> Spec<'static> {
    let field =
        SpecField { source_id: ingest_id, field_id: 1000, name: "__ingest_ts_day", transform: "day".to_owned() };
    Spec { spec_id: 0, fields: vec![field] }
}

fn partition_spec<'a>(table: &Table, spec: &'a PartitionSpec) -> Spec<'a> {
    let fields = spec.fields.iter().map(|field| SpecField {
        source_id: source_id(table, field.source_id),
        field_id: field.id,
        name: &field.name,
        transform: field.transform.to_string(),
    });
    Spec { spec_id: spec.spec_id, fields: fields.collect() }
}

/// Returns the field id of a column that a spec or an order names.
///
/// The loader makes none that names a column which the table does not have.
fn source_id(table: &Table, column_id: u32) -> u32 {
    table.field_id(column_id).unwrap_or_default()
}

/// Returns the sort order; a table without one has order 0, which the specification reserves for it.
fn sort_order(table: &Table) -> Order {
    let Some(order) = &table.sort_order else { return Order { order_id: 0, fields: Vec::new() } };
    let fields = order.fields.iter().map(|field| OrderField {
        transform: "identity",
        source_id: source_id(table, field.source_id),
        direction: match field.direction {
            SortDirection::Asc => "asc",
            SortDirection::Desc => "desc",
        },
        null_order: match field.nulls {
            NullOrder::First => "nulls-first",
            NullOrder::Last => "nulls-last",
        },
    });
    Order { order_id: order.order_id, fields: fields.collect() }
}

fn create_table(table: &Table) -> CreateTable<'_> {
    CreateTable {
        name: &table.physical_name,
        schema: engine_schema(table),
        partition_spec: table.partition_specs.first().map(|spec| partition_spec(table, spec)),
        write_order: sort_order(table),
        stage_create: false,
        properties: &table.properties,
    }
}

/// Returns the primitive type of the Iceberg specification, section 3, in the engine layout.
pub(crate) const fn primitive_type(ty: ColumnType) -> &'static str {
    match ty {
        ColumnType::String | ColumnType::Json => "string",
        ColumnType::Bool => "boolean",
        ColumnType::Int32 => "int",
        ColumnType::Int64 => "long",
        ColumnType::Float64 => "double",
        ColumnType::Timestamp => "timestamptz",
        ColumnType::Binary => "binary",
    }
}

/// Returns the type in the managed layout, where timestamps have no zone.
const fn managed_type(ty: ColumnType) -> &'static str {
    match ty {
        ColumnType::Timestamp => "timestamp",
        _ => primitive_type(ty),
    }
}
