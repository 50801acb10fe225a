//! What the lock keeps of a model: the identities of its tables, and nothing else.
//!
//! They are read without the rest of the model, so that a release of long ago counts however the
//! model has grown since.

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;
use unified_event_schema::{ColumnType, PartitionSpec, Schema, SortOrder, Table};

/// The identities of one table of a model.
#[derive(Debug, Clone, Deserialize)]
pub struct TableIdentities {
    /// The table without a version.
    pub name: String,
    /// The table version.
    pub version: u32,
    /// The columns.
    pub(super) columns: Vec<ColumnIdentity>,
    /// The partition specs.
    pub(super) partition_specs: Vec<PartitionSpec>,
    /// The sort order.
    pub(super) sort_order: Option<SortOrder>,
}

/// The identity of one column.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct ColumnIdentity {
    pub id: u32,
    pub name: String,
    #[serde(rename = "type")]
    pub ty: ColumnType,
    pub required: bool,
    #[serde(default, deserialize_with = "is_there")]
    pub deprecated: bool,
}

fn is_there<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    Option::<IgnoredAny>::deserialize(deserializer).map(|value| value.is_some())
}

/// Returns the identities of a frozen model.
///
/// # Errors
///
/// When the JSON is no model.
pub fn of_frozen(model: &Value) -> serde_json::Result<Vec<TableIdentities>> {
    #[derive(Deserialize)]
    struct Model {
        tables: Vec<TableIdentities>,
    }
    Ok(Model::deserialize(model)?.tables)
}

/// Returns the identities of a model.
pub fn of_model(schema: &Schema) -> Vec<TableIdentities> {
    schema.tables.iter().map(of_table).collect()
}

fn of_table(table: &Table) -> TableIdentities {
    let columns = table.columns.iter().map(|c| ColumnIdentity {
        id: c.id,
        name: c.name.clone(),
        ty: c.ty,
        required: c.required,
        deprecated: c.deprecated.is_some(),
    });
    TableIdentities {
        name: table.name.clone(),
        version: table.version,
        columns: columns.collect(),
        partition_specs: table.partition_specs.clone(),
        sort_order: table.sort_order.clone(),
    }
}
