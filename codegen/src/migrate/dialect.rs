//! The SQL dialects of a move: what differs between the engines, and nothing else.

use unified_event_schema::{ColumnType, sql};

use crate::target::ddl;

/// An engine that runs the SQL of a move.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Dialect {
    DataFusion,
    DuckDb,
    Spark,
    /// For views only: the connector has no parameters and no statement for both worlds.
    Trino,
}

impl Dialect {
    /// The dialects in which rows are moved.
    pub(super) const MOVING: [Self; 3] = [Self::DataFusion, Self::DuckDb, Self::Spark];
    /// The dialects that have views.
    pub(super) const VIEWS: [Self; 4] = [Self::DataFusion, Self::DuckDb, Self::Spark, Self::Trino];

    /// Returns the name of the folder or file.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::DataFusion => "datafusion",
            Self::DuckDb => "duckdb",
            Self::Spark => "spark",
            Self::Trino => "trino",
        }
    }

    /// Quotes an identifier.
    pub(super) fn quote(self, name: &str) -> String {
        match self {
            Self::Spark => format!("`{}`", name.replace('`', "``")),
            _ => format!("\"{}\"", name.replace('"', "\"\"")),
        }
    }

    /// Returns a literal of text.
    pub(super) fn literal(self, text: &str) -> String {
        match self {
            Self::Spark => format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'")),
            _ => format!("'{}'", text.replace('\'', "''")),
        }
    }

    /// Returns the marker of a named parameter.
    pub(super) fn parameter(self, name: &str) -> String {
        if self == Self::Spark { format!(":{name}") } else { format!("${name}") }
    }

    /// Returns the name of a type.
    const fn type_name(self, ty: ColumnType) -> &'static str {
        match self {
            // DataFusion takes the names of the platform, but has no type for JSON.
            Self::DataFusion if matches!(ty, ColumnType::Json | ColumnType::String) => "VARCHAR",
            Self::DataFusion => sql::platform_type(ty),
            Self::DuckDb => ddl::duckdb::type_name(ty),
            Self::Spark => ddl::spark::type_name(ty),
            Self::Trino => ddl::trino::type_name(ty),
        }
    }

    /// Returns a cast that may be relied on to succeed.
    pub(super) fn cast(self, expr: &str, ty: ColumnType) -> String {
        match (self, ty) {
            // `TIMESTAMP` is one of nanoseconds without a zone there.
            (Self::DataFusion, ColumnType::Timestamp) => {
                format!("arrow_cast({expr}, 'Timestamp(Microsecond, Some(\"+00:00\"))')")
            }
            _ => format!("CAST({expr} AS {})", self.type_name(ty)),
        }
    }

    /// Returns a cast that yields null where it fails.
    pub(super) fn try_cast(self, expr: &str, ty: ColumnType) -> String {
        let attempt = format!("TRY_CAST({expr} AS {})", self.type_name(ty));
        match (self, ty) {
            (Self::DataFusion, ColumnType::Timestamp) => self.cast(&attempt, ty),
            _ => attempt,
        }
    }

    /// Returns the test of a text by a regular expression.
    pub(super) fn matches(self, expr: &str, pattern: &str) -> String {
        match self {
            Self::DataFusion | Self::Trino => format!("regexp_like({expr}, '{pattern}')"),
            Self::DuckDb => format!("regexp_matches({expr}, '{pattern}')"),
            Self::Spark => format!("{expr} RLIKE '{pattern}'"),
        }
    }

    /// Returns a value as text: RFC 3339 for instants, hexadecimal digits for bytes.
    pub(super) fn text(self, expr: &str, ty: ColumnType) -> String {
        match (ty, self) {
            (ColumnType::Timestamp, Self::DataFusion) => format!("to_char({expr}, '%Y-%m-%dT%H:%M:%S%.6fZ')"),
            (ColumnType::Timestamp, Self::DuckDb) => {
                format!("strftime({expr} AT TIME ZONE 'UTC', '%Y-%m-%dT%H:%M:%S.%fZ')")
            }
            (ColumnType::Timestamp, Self::Spark) => {
                format!("date_format({expr}, \"yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'\")")
            }
            (ColumnType::Timestamp, Self::Trino) => {
                format!("date_format({expr} AT TIME ZONE 'UTC', '%Y-%m-%dT%H:%i:%s.%fZ')")
            }
            (ColumnType::Binary, Self::DataFusion) => format!("encode({expr}, 'hex')"),
            (ColumnType::Binary, Self::DuckDb | Self::Spark) => format!("hex({expr})"),
            (ColumnType::Binary, Self::Trino) => format!("to_hex({expr})"),
            (ColumnType::String, _) => expr.to_owned(),
            (ColumnType::Json, Self::DataFusion | Self::Spark) => expr.to_owned(),
            _ => format!("CAST({expr} AS {})", self.type_name(ColumnType::String)),
        }
    }

    /// Returns the day of an instant as text.
    pub(super) fn day(self, expr: &str, zoned: bool) -> String {
        match self {
            Self::DataFusion => format!("to_char({expr}, '%Y-%m-%d')"),
            Self::DuckDb if zoned => format!("strftime({expr} AT TIME ZONE 'UTC', '%Y-%m-%d')"),
            Self::DuckDb => format!("strftime({expr}, '%Y-%m-%d')"),
            Self::Spark => format!("date_format({expr}, 'yyyy-MM-dd')"),
            Self::Trino => format!("date_format({expr}, '%Y-%m-%d')"),
        }
    }

    /// Returns the comparison in which null equals null.
    pub(super) fn same(self, left: &str, right: &str) -> String {
        match self {
            Self::Spark => format!("{left} <=> {right}"),
            _ => format!("{left} IS NOT DISTINCT FROM {right}"),
        }
    }

    /// Returns a hash of a row, which tells null from every value.
    ///
    /// `columns` are expressions with their types.
    pub(super) fn row_hash(self, columns: &[(String, String, ColumnType)]) -> String {
        match self {
            Self::DuckDb => {
                let values: Vec<&str> = columns.iter().map(|(_, expr, _)| expr.as_str()).collect();
                format!("hash({})", values.join(", "))
            }
            // The names stay in the text, so that a value in the neighbouring column is noticed.
            Self::Spark => {
                let values: Vec<String> =
                    columns.iter().map(|(name, expr, _)| format!("{expr} AS {}", self.quote(name))).collect();
                format!("xxhash64(to_json(struct({})))", values.join(", "))
            }
            Self::DataFusion | Self::Trino => {
                let values: Vec<String> = columns
                    .iter()
                    .map(|(_, expr, ty)| format!("coalesce(md5({}), '-')", self.text(expr, *ty)))
                    .collect();
                // A hash of each value first, so that none can hold the mark between two.
                format!("md5(concat_ws('|', {}))", values.join(", "))
            }
        }
    }
}
