//! The logical column types and what each is called in every target: the only place that knows.

/// The logical type of a column or of a field of a stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "lowercase"))]
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

/// What one logical type is called in every target.
///
/// The sources are section 3 of the Iceberg specification for `iceberg`, the type list of the
/// platform's streams for `stream`, and the reference manual of each engine for its SQL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TypeNames {
    /// The name in the definition.
    pub name: &'static str,
    /// The owned Rust type; names without a path are exported by the crate `unified-event`.
    pub rust: &'static str,
    /// The Arrow type, as `arrow-schema` prints it.
    pub arrow: &'static str,
    /// The Iceberg type in the engine layout.
    pub iceberg: &'static str,
    /// The Iceberg type in the managed layout, where timestamps have no zone.
    pub iceberg_managed: &'static str,
    /// The type in the schema of a stream.
    pub stream: &'static str,
    /// The TypeScript type of an event in memory, where no column says otherwise.
    pub typescript: &'static str,
    /// The TypeScript type of an event on the wire.
    pub typescript_wire: &'static str,
    /// The looser type of the public reference schema.
    pub reference: &'static str,
    /// The type in Spark SQL.
    pub spark: &'static str,
    /// The type in Trino.
    pub trino: &'static str,
    /// The type in DuckDB.
    pub duckdb: &'static str,
    /// The type in ClickHouse.
    pub clickhouse: &'static str,
    /// The type in the SQL of the platform's pipelines.
    pub pipeline_sql: &'static str,
}

impl ColumnType {
    /// All types, in the order in which documents list them.
    pub const ALL: [ColumnType; 8] = [
        ColumnType::String,
        ColumnType::Bool,
        ColumnType::Int32,
        ColumnType::Int64,
        ColumnType::Float64,
        ColumnType::Timestamp,
        ColumnType::Json,
        ColumnType::Binary,
    ];

    /// Returns the type that the definition calls `name`.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|t| t.names().name == name)
    }

    /// Returns what the type is called in every target.
    pub const fn names(self) -> &'static TypeNames {
        match self {
            Self::String => &STRING,
            Self::Bool => &BOOL,
            Self::Int32 => &INT32,
            Self::Int64 => &INT64,
            Self::Float64 => &FLOAT64,
            Self::Timestamp => &TIMESTAMP,
            Self::Json => &JSON,
            Self::Binary => &BINARY,
        }
    }

    /// Returns the name in the definition.
    pub const fn name(self) -> &'static str {
        self.names().name
    }
}

impl std::fmt::Display for ColumnType {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

const STRING: TypeNames = TypeNames {
    name: "string",
    rust: "String",
    arrow: "Utf8",
    iceberg: "string",
    iceberg_managed: "string",
    stream: "string",
    typescript: "string",
    typescript_wire: "string",
    reference: "string",
    spark: "STRING",
    trino: "VARCHAR",
    duckdb: "VARCHAR",
    clickhouse: "String",
    pipeline_sql: "STRING",
};

const BOOL: TypeNames = TypeNames {
    name: "bool",
    rust: "bool",
    arrow: "Boolean",
    iceberg: "boolean",
    iceberg_managed: "boolean",
    stream: "bool",
    typescript: "boolean",
    typescript_wire: "boolean",
    reference: "boolean",
    spark: "BOOLEAN",
    trino: "BOOLEAN",
    duckdb: "BOOLEAN",
    clickhouse: "Bool",
    pipeline_sql: "BOOLEAN",
};

const INT32: TypeNames = TypeNames {
    name: "int32",
    rust: "i32",
    arrow: "Int32",
    iceberg: "int",
    iceberg_managed: "int",
    stream: "int32",
    typescript: "number",
    typescript_wire: "number",
    reference: "number",
    spark: "INT",
    trino: "INTEGER",
    duckdb: "INTEGER",
    clickhouse: "Int32",
    pipeline_sql: "INT",
};

const INT64: TypeNames = TypeNames {
    name: "int64",
    rust: "i64",
    arrow: "Int64",
    iceberg: "long",
    iceberg_managed: "long",
    stream: "int64",
    typescript: "number",
    typescript_wire: "number",
    reference: "number",
    spark: "BIGINT",
    trino: "BIGINT",
    duckdb: "BIGINT",
    clickhouse: "Int64",
    pipeline_sql: "BIGINT",
};

const FLOAT64: TypeNames = TypeNames {
    name: "float64",
    rust: "f64",
    arrow: "Float64",
    iceberg: "double",
    iceberg_managed: "double",
    stream: "float64",
    typescript: "number",
    typescript_wire: "number",
    reference: "number",
    spark: "DOUBLE",
    trino: "DOUBLE",
    duckdb: "DOUBLE",
    clickhouse: "Float64",
    pipeline_sql: "DOUBLE",
};

const TIMESTAMP: TypeNames = TypeNames {
    name: "timestamp",
    rust: "Timestamp",
    arrow: "Timestamp(µs, \"+00:00\")",
    iceberg: "timestamptz",
    iceberg_managed: "timestamp",
    stream: "timestamp",
    typescript: "string",
    typescript_wire: "string",
    reference: "timestamp",
    spark: "TIMESTAMP",
    trino: "TIMESTAMP(6) WITH TIME ZONE",
    duckdb: "TIMESTAMPTZ",
    clickhouse: "DateTime64(6, 'UTC')",
    pipeline_sql: "TIMESTAMP",
};

const JSON: TypeNames = TypeNames {
    name: "json",
    rust: "Json",
    arrow: "Utf8 (arrow.json)",
    iceberg: "string",
    iceberg_managed: "string",
    stream: "json",
    typescript: "Record<string, unknown>",
    typescript_wire: "JsonValue",
    reference: "json",
    spark: "STRING",
    trino: "VARCHAR",
    duckdb: "JSON",
    clickhouse: "String",
    pipeline_sql: "JSON",
};

const BINARY: TypeNames = TypeNames {
    name: "binary",
    rust: "Vec<u8>",
    arrow: "Binary",
    iceberg: "binary",
    iceberg_managed: "binary",
    stream: "binary",
    typescript: "string",
    typescript_wire: "string",
    reference: "bytes",
    spark: "BINARY",
    trino: "VARBINARY",
    duckdb: "BLOB",
    clickhouse: "String",
    pipeline_sql: "BYTEA",
};
