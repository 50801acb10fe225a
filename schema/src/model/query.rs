//! The query library: what people ask of the tables, within the limits of the platform's SQL.

use crate::{ColumnType, Value};

/// A query over the tables.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Query {
    /// The name, also that of its file.
    pub name: String,
    /// What it answers.
    pub doc: String,
    /// What it should take: the name of a query target of the lake.
    pub target: Option<String>,
    /// What the caller fills in, in the order of the definition.
    pub parameters: Vec<Parameter>,
    /// The query with tables under their names without versions and parameters as `$name`.
    pub sql: String,
}

/// What the caller of a query fills in: `$name` stands for a literal.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Parameter {
    /// The name.
    pub name: String,
    /// The type of the literal; instants are text.
    #[cfg_attr(feature = "serde", serde(rename = "type"))]
    pub ty: ColumnType,
    /// What it means.
    pub doc: String,
    /// A value with which the query finds something.
    pub example: Value,
}
