//! The logical types of columns, by their names in the definition.

use std::fmt;
use std::str::FromStr;

/// The logical type of a column of a table, or of a field of a stream.
///
/// ```
/// use unified_event_types::ColumnType;
///
/// let ty: ColumnType = "int64".parse().unwrap();
/// assert_eq!(ty, ColumnType::Int64);
/// assert_eq!(ty.to_string(), "int64");
/// assert!("bigint".parse::<ColumnType>().unwrap_err().to_string().contains("expected one of `string`"));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ColumnType {
    /// UTF-8 text.
    String,
    /// True or false.
    Bool,
    /// A signed 32-bit integer.
    Int32,
    /// A signed 64-bit integer.
    Int64,
    /// A 64-bit IEEE 754 number.
    Float64,
    /// An instant in UTC with microseconds.
    Timestamp,
    /// Any JSON value, stored as its text.
    Json,
    /// Bytes, base64 in JSON.
    Binary,
}

impl ColumnType {
    /// All types, in the order in which documents list them.
    pub const ALL: [Self; 8] =
        [Self::String, Self::Bool, Self::Int32, Self::Int64, Self::Float64, Self::Timestamp, Self::Json, Self::Binary];

    /// Returns the name in the definition.
    pub const fn name(self) -> &'static str {
        match self {
            Self::String => "string",
            Self::Bool => "bool",
            Self::Int32 => "int32",
            Self::Int64 => "int64",
            Self::Float64 => "float64",
            Self::Timestamp => "timestamp",
            Self::Json => "json",
            Self::Binary => "binary",
        }
    }

    /// Returns the owned Rust type of a value; names without a path are exported by the generated crate.
    pub const fn rust(self) -> &'static str {
        match self {
            Self::String => "String",
            Self::Bool => "bool",
            Self::Int32 => "i32",
            Self::Int64 => "i64",
            Self::Float64 => "f64",
            Self::Timestamp => "Timestamp",
            Self::Json => "Json",
            Self::Binary => "Vec<u8>",
        }
    }
}

impl fmt::Display for ColumnType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A text that names no type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnknownType;

impl fmt::Display for UnknownType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("expected one of ")?;
        for (n, ty) in ColumnType::ALL.iter().enumerate() {
            let separator = if n == 0 { "" } else { ", " };
            write!(f, "{separator}`{ty}`")?;
        }
        Ok(())
    }
}

impl std::error::Error for UnknownType {}

impl FromStr for ColumnType {
    type Err = UnknownType;

    fn from_str(text: &str) -> Result<Self, UnknownType> {
        Self::ALL.into_iter().find(|ty| ty.name() == text).ok_or(UnknownType)
    }
}

/// As its name in the definition.
#[cfg(feature = "serde")]
impl serde::Serialize for ColumnType {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(feature = "serde")]
impl<'de> serde::Deserialize<'de> for ColumnType {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Name;

        impl serde::de::Visitor<'_> for Name {
            type Value = ColumnType;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the name of a column type")
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<ColumnType, E> {
                text.parse().map_err(|unknown: UnknownType| E::custom(format_args!("`{text}` is no type: {unknown}")))
            }
        }

        deserializer.deserialize_str(Name)
    }
}
