//! Tables and their engine layout: partition specs, sort order, properties.

use std::collections::BTreeMap;

use super::Column;
use crate::{ColumnType, naming};

/// A table of the lake.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Table {
    /// The name without a version.
    pub name: String,
    /// The table version; a breaking change makes a new one.
    pub version: u32,
    /// The name with the version, as engines know it.
    pub physical_name: String,
    /// What one row is.
    pub doc: String,
    /// Whether the columns are those of all groups.
    pub grouped: bool,
    /// The columns, by id.
    pub columns: Vec<Column>,
    /// The columns whose values together tell one row from every other; empty where nothing does.
    #[cfg_attr(feature = "serde", serde(default))]
    pub key: Vec<String>,
    /// The partition specs of the engine layout, the default one first.
    pub partition_specs: Vec<PartitionSpec>,
    /// The sort order of the engine layout.
    pub sort_order: Option<SortOrder>,
    /// How writers of the engine layout shuffle rows.
    pub distribution: Option<Distribution>,
    /// Which column statistics writers keep.
    pub metrics: Option<Metrics>,
    /// Iceberg table properties, those that follow from the fields above included.
    pub properties: BTreeMap<String, String>,
}

impl Table {
    /// Returns the column that is called `name`.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|c| c.name == name)
    }

    /// Returns the columns in order, each with its Iceberg field id in this version of the table.
    ///
    /// The field id is the rank of the column: 1 to N, whatever gaps the ids of the definition have. Every
    /// catalog numbers the columns of a new table so, whatever ids a request holds, and gives the next
    /// numbers to columns that are added later.
    pub fn numbered_columns(&self) -> impl Iterator<Item = (u32, &Column)> {
        (1..).zip(&self.columns)
    }

    /// Returns the Iceberg field id, in this version of the table, of the column with an id.
    ///
    /// The id of a column is its identity across all versions; what other systems store is the field id.
    pub fn field_id(&self, column_id: u32) -> Option<u32> {
        self.numbered_columns().find(|(_, column)| column.id == column_id).map(|(field_id, _)| field_id)
    }

    /// Returns the columns of the key where Iceberg takes them as identifier fields, else none.
    ///
    /// Iceberg wants each of them required, and no part of a key tells rows apart.
    pub fn identifier_columns(&self) -> Vec<&Column> {
        let columns: Option<Vec<&Column>> = self.key.iter().map(|name| self.column(name)).collect();
        let is_allowed = |c: &&Column| c.required && c.ty != ColumnType::Float64;
        columns.filter(|columns| columns.iter().all(is_allowed)).unwrap_or_default()
    }

    /// Returns the columns that a producer may set, by id.
    pub fn settable_columns(&self) -> impl Iterator<Item = &Column> {
        self.columns.iter().filter(|c| c.is_settable())
    }

    /// Returns the name of the table's row type in Rust and TypeScript.
    pub fn type_name(&self, schema_name: &str) -> String {
        if self.grouped { schema_name.to_owned() } else { naming::pascal_case(&self.name) }
    }

    /// Returns the names of the columns that a partition spec or the sort order uses.
    pub fn key_columns(&self) -> Vec<&str> {
        let partition = self.partition_specs.iter().flat_map(|s| s.fields.iter().map(|f| f.column.as_str()));
        let sort = self.sort_order.iter().flat_map(|s| s.fields.iter().map(|f| f.column.as_str()));
        let mut keys: Vec<&str> = partition.chain(sort).collect();
        keys.sort_unstable();
        keys.dedup();
        keys
    }

    /// Returns the properties of the Iceberg table that follow from its distribution and metrics.
    pub fn derived_properties(&self) -> BTreeMap<String, String> {
        let mut derived = BTreeMap::new();
        if let Some(distribution) = &self.distribution {
            derived.insert("write.distribution-mode".to_owned(), distribution.mode.clone());
        }
        if let Some(metrics) = &self.metrics {
            derived.insert("write.metadata.metrics.default".to_owned(), metrics.default.clone());
            for column in self.key_columns() {
                derived.insert(format!("write.metadata.metrics.column.{column}"), metrics.keys.clone());
            }
        }
        derived
    }

    /// Says whether a partition spec of the table uses `column`.
    pub fn is_partition_column(&self, column: &str) -> bool {
        self.partition_specs.iter().any(|s| s.fields.iter().any(|f| f.column == column))
    }
}

/// How the rows of a table are divided into partitions.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct PartitionSpec {
    /// The name of the scheme, such as `hourly`.
    pub scheme: String,
    /// The id among the table's specs, from 0.
    pub spec_id: u32,
    /// The fields in order.
    pub fields: Vec<PartitionField>,
}

/// One field of a partition spec.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct PartitionField {
    /// The id, from 1000; the same field has the same id in every spec (Iceberg specification,
    /// "Partition Evolution").
    pub id: u32,
    /// The name, derived as engines derive it.
    pub name: String,
    /// The source column.
    pub column: String,
    /// The id of the source column in the definition; [`Table::field_id`] gives Iceberg's source id.
    pub source_id: u32,
    /// The function applied to the column.
    pub transform: Transform,
}

/// A partition transform of the Iceberg specification.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transform {
    /// The value itself.
    Identity,
    /// The year of a timestamp.
    Year,
    /// The month of a timestamp.
    Month,
    /// The day of a timestamp.
    Day,
    /// The hour of a timestamp.
    Hour,
    /// The hash of the value modulo N.
    Bucket(u32),
    /// The value cut to width W.
    Truncate(u32),
}

impl Transform {
    /// Returns the transform that Iceberg writes as `text`.
    pub fn from_text(text: &str) -> Option<Self> {
        let number = |name: &str| unified_event_types::transform_parameter(text, name);
        Some(match text {
            "identity" => Self::Identity,
            "year" => Self::Year,
            "month" => Self::Month,
            "day" => Self::Day,
            "hour" => Self::Hour,
            _ => number("bucket").map(Self::Bucket).or_else(|| number("truncate").map(Self::Truncate))?,
        })
    }

    /// Returns the name of a partition field over `column`, as Spark and PyIceberg derive it.
    pub fn field_name(self, column: &str) -> String {
        match self {
            Self::Identity => column.to_owned(),
            Self::Year => format!("{column}_year"),
            Self::Month => format!("{column}_month"),
            Self::Day => format!("{column}_day"),
            Self::Hour => format!("{column}_hour"),
            Self::Bucket(_) => format!("{column}_bucket"),
            Self::Truncate(_) => format!("{column}_trunc"),
        }
    }
}

/// Writes the transform as Iceberg's JSON does.
impl std::fmt::Display for Transform {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Identity => f.write_str("identity"),
            Self::Year => f.write_str("year"),
            Self::Month => f.write_str("month"),
            Self::Day => f.write_str("day"),
            Self::Hour => f.write_str("hour"),
            Self::Bucket(n) => write!(f, "bucket[{n}]"),
            Self::Truncate(w) => write!(f, "truncate[{w}]"),
        }
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for Transform {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(feature = "serde")]
impl<'de> serde::Deserialize<'de> for Transform {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::from_text(&text).ok_or_else(|| serde::de::Error::custom(format!("unknown transform `{text}`")))
    }
}

/// The order of rows within a data file.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct SortOrder {
    /// The id, from 1; 0 means unsorted (Iceberg specification, "Sorting").
    pub order_id: u32,
    /// The fields in order.
    pub fields: Vec<SortField>,
}

/// One field of a sort order.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct SortField {
    /// The column.
    pub column: String,
    /// The id of the column in the definition; [`Table::field_id`] gives Iceberg's source id.
    pub source_id: u32,
    /// Ascending or descending.
    pub direction: SortDirection,
    /// Where nulls go.
    pub nulls: NullOrder,
}

/// The direction of a sort field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "lowercase"))]
pub enum SortDirection {
    /// Smallest first.
    Asc,
    /// Largest first.
    Desc,
}

/// Where nulls go in a sort order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "lowercase"))]
pub enum NullOrder {
    /// Before all values.
    First,
    /// After all values.
    Last,
}

/// How a writer shuffles rows before it writes files.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Distribution {
    /// `none`, `hash` or `range`.
    pub mode: String,
    /// The columns to shuffle by.
    pub columns: Vec<String>,
}

/// Which column statistics a writer keeps in the manifests.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Metrics {
    /// The mode for all columns.
    pub default: String,
    /// The mode for partition and sort columns.
    pub keys: String,
}
