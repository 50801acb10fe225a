//! ClickHouse with a MergeTree table.

use unified_event_schema::{Column, ColumnType, Table, Transform};

use super::{escaped_literal, lines, ticked};

/// Returns the statement that creates a table in the current database.
///
/// The key is the columns that partition by their value and then the sort columns, ascending: ClickHouse reads a key
/// backwards as well as forwards. Parts are cut by month, because a server refuses inserts into
/// more than a hundred partitions.
pub(super) fn create(table: &Table) -> String {
    let keys = key(table);
    let columns = lines(table.columns.iter().map(|column| {
        let codec = if column.ty == ColumnType::Timestamp { "Delta, ZSTD(1)" } else { "ZSTD(1)" };
        let comment = escaped_literal(&column.comment());
        format!("{} {} COMMENT {comment} CODEC({codec})", ticked(&column.name), column_type(table, column))
    }));
    let mut out = format!("CREATE TABLE {} (\n{columns}\n)\nENGINE = MergeTree\n", ticked(&table.physical_name));
    let time = table.columns.iter().find(|c| c.ty == ColumnType::Timestamp && c.name == "timestamp");
    if let Some(time) = time {
        out.push_str(&format!("PARTITION BY toYYYYMM({})\n", ticked(&time.name)));
    }
    let order: Vec<String> = keys.iter().map(|k| ticked(k)).collect();
    out.push_str(&format!("ORDER BY ({})\n", order.join(", ")));
    out.push_str("SETTINGS allow_nullable_key = 1\n");
    out.push_str(&format!("COMMENT {};\n", escaped_literal(&table.doc)));
    out
}

fn key(table: &Table) -> Vec<&str> {
    // A column that partitions by a part of its value is nearly unique itself: no good as a prefix.
    let partition = table.partition_specs.first().into_iter().flat_map(|s| &s.fields);
    let partition = partition.filter(|f| f.transform == Transform::Identity);
    let sort = table.sort_order.iter().flat_map(|s| &s.fields);
    let mut keys: Vec<&str> = Vec::new();
    for column in partition.map(|f| f.column.as_str()).chain(sort.map(|f| f.column.as_str())) {
        if !keys.contains(&column) {
            keys.push(column);
        }
    }
    keys
}

/// Returns the type; columns that partition by their own value have few of them.
fn column_type(table: &Table, column: &Column) -> String {
    let name = type_name(column.ty);
    let identity = table
        .partition_specs
        .iter()
        .any(|spec| spec.fields.iter().any(|f| f.transform == Transform::Identity && f.column == column.name));
    let name = if column.required { name.to_owned() } else { format!("Nullable({name})") };
    if identity && column.ty == ColumnType::String { format!("LowCardinality({name})") } else { name }
}

/// Returns the type in ClickHouse.
pub(crate) const fn type_name(ty: ColumnType) -> &'static str {
    match ty {
        ColumnType::String | ColumnType::Json | ColumnType::Binary => "String",
        ColumnType::Bool => "Bool",
        ColumnType::Int32 => "Int32",
        ColumnType::Int64 => "Int64",
        ColumnType::Float64 => "Float64",
        ColumnType::Timestamp => "DateTime64(6, 'UTC')",
    }
}
