//! How a value of one type becomes one of another, when it can be said exactly.

use unified_event_schema::ColumnType;

use super::dialect::Dialect;

const INTEGER: &str = "^[+-]?[0-9]+$";
const NUMBER: &str = "^[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)([eE][+-]?[0-9]+)?$";
const INSTANT: &str =
    "^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{1,6})?(Z|[+-][0-9]{2}:[0-9]{2})$";
/// Every integer up to this one is a 64-bit float.
const EXACT: &str = "9007199254740992";

/// The SQL for one value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Conversion {
    /// The expression; null where the value has no exact counterpart. It never fails.
    pub value: String,
    /// Whether some value has no exact counterpart.
    pub partial: bool,
}

/// Returns the conversion of `expr` from one type to another.
///
/// Casts of engines round, wrap or cut without a word, each in its own way. So values are tested
/// first, and only those that keep what they say are cast.
pub(super) fn convert(dialect: Dialect, expr: &str, old: ColumnType, new: ColumnType) -> Conversion {
    use ColumnType::{Binary, Bool, Float64, Int32, Int64, Json, String as Text, Timestamp};
    let whole = |value: String| Conversion { value, partial: false };
    let when =
        |test: String, value: String| Conversion { value: format!("CASE WHEN {test} THEN {value} END"), partial: true };
    let between = |low: &str, high: &str| format!("{expr} BETWEEN {low} AND {high}");
    match (old, new) {
        _ if old == new => whole(expr.to_owned()),
        (Int32, Int64 | Float64) => whole(dialect.cast(expr, new)),
        (Int64, Float64) => when(between(&format!("-{EXACT}"), EXACT), dialect.cast(expr, new)),
        (Int64, Int32) => when(between("-2147483648", "2147483647"), dialect.cast(expr, new)),
        (Float64, Int32 | Int64) => {
            let range =
                if new == Int32 { between("-2147483648", "2147483647") } else { between(&format!("-{EXACT}"), EXACT) };
            when(format!("{range} AND floor({expr}) = {expr}"), dialect.cast(expr, new))
        }
        (Text, Int32 | Int64) => when(dialect.matches(expr, INTEGER), dialect.try_cast(expr, new)),
        (Text, Float64) => when(dialect.matches(expr, NUMBER), dialect.try_cast(expr, new)),
        (Text, Timestamp) => when(dialect.matches(expr, INSTANT), dialect.try_cast(expr, new)),
        (Text, Bool) => when(format!("{expr} IN ('true', 'false')"), dialect.cast(expr, new)),
        (Text, Json) => match dialect {
            Dialect::DuckDb => when(format!("json_valid({expr})"), dialect.cast(expr, new)),
            Dialect::Spark => when(format!("get_json_object({expr}, '$') IS NOT NULL"), expr.to_owned()),
            // Neither engine can tell JSON from other text without a fault.
            Dialect::DataFusion | Dialect::Trino => whole(expr.to_owned()),
        },
        (Bool | Int32 | Int64 | Float64 | Timestamp | Json, Text) => whole(dialect.text(expr, old)),
        // Bytes have several texts, truth several numbers, an instant several units: nobody said which.
        (Binary | Bool | Timestamp | Json | Text | Int32 | Int64 | Float64, _) => {
            Conversion { value: dialect.cast("NULL", new), partial: true }
        }
    }
}
