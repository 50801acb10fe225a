//! The scalar functions that the platform documents, with what they take and yield.
//!
//! Source: the platform's SQL reference, "Scalar functions", October 2026. A function that is not
//! listed here may exist there, but nobody promises it, and a pipeline cannot be changed later.

use super::SqlType;

/// What an argument must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Arg {
    Any,
    Text,
    Number,
    Integer,
    Time,
    Json,
    List,
    TextOrBytes,
}

/// What a function yields.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Yields {
    /// Always this type.
    Type(SqlType),
    /// The type that all arguments share.
    Common,
    /// The type of the argument at this index.
    Argument(usize),
}

/// One function.
#[derive(Debug, Clone, Copy)]
pub(super) struct Function {
    /// The arguments that must be there.
    pub args: &'static [Arg],
    /// Arguments that may follow.
    pub optional: &'static [Arg],
    /// The kind of any number of further arguments.
    pub variadic: Option<Arg>,
    pub yields: Yields,
    pub nulls: Nulls,
}

/// When a function yields null.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Nulls {
    /// When one of its arguments is null; engines declare the result nullable in any case.
    Propagate,
    /// Only when all of its arguments are null, and engines know it.
    AllNull,
    /// Never, though engines declare the result nullable.
    Never,
    /// Whatever the arguments are.
    Maybe,
}

/// Why a function that exists must not be used.
pub(super) fn refused(name: &str) -> Option<&'static str> {
    match name {
        "now" | "current_timestamp" | "current_date" | "current_time" | "today" => {
            Some("it is evaluated once, when the pipeline starts; let the sender set the time")
        }
        "uuid" | "random" | "rand" => Some("its value differs with every run, so that no backfill can repeat it"),
        "count" | "sum" | "avg" | "min" | "max" | "array_agg" | "string_agg" | "first_value" | "last_value" => {
            Some("it is an aggregate, and a pipeline transforms row by row")
        }
        "row_number" | "rank" | "dense_rank" | "lag" | "lead" | "ntile" => {
            Some("it is a window function, and a pipeline transforms row by row")
        }
        "strftime" => Some("there is none; use `to_char(ts, '%Y-%m-%d')`"),
        "named_struct" => Some("it is not documented; use `struct(a, b)`"),
        _ => None,
    }
}

/// Returns the function called `name`, in lower case.
pub(super) fn find(name: &str) -> Option<Function> {
    FUNCTIONS.iter().find(|(n, _)| *n == name).map(|(_, f)| *f)
}

/// Returns the names of all functions.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    FUNCTIONS.iter().map(|(name, _)| *name)
}

const fn f(args: &'static [Arg], yields: SqlType) -> Function {
    Function { args, optional: &[], variadic: None, yields: Yields::Type(yields), nulls: Nulls::Propagate }
}

const fn opt(args: &'static [Arg], optional: &'static [Arg], yields: SqlType) -> Function {
    Function { args, optional, variadic: None, yields: Yields::Type(yields), nulls: Nulls::Propagate }
}

const fn many(args: &'static [Arg], rest: Arg, yields: SqlType, nulls: Nulls) -> Function {
    Function { args, optional: &[], variadic: Some(rest), yields: Yields::Type(yields), nulls }
}

const fn same(args: &'static [Arg], optional: &'static [Arg], index: usize) -> Function {
    Function { args, optional, variadic: None, yields: Yields::Argument(index), nulls: Nulls::Propagate }
}

const fn common(args: &'static [Arg], rest: Option<Arg>, nulls: Nulls) -> Function {
    Function { args, optional: &[], variadic: rest, yields: Yields::Common, nulls }
}

use Arg::{Any, Integer, Json, List, Number, Text, TextOrBytes, Time};
use SqlType as T;

/// Every documented function. A typed JSON getter yields `''`, `0` or `false` for what is missing.
#[rustfmt::skip]
const FUNCTIONS: &[(&str, Function)] = &[
    // Conditional.
    ("coalesce", common(&[Any], Some(Any), Nulls::AllNull)),
    ("ifnull", common(&[Any, Any], None, Nulls::AllNull)),
    ("nvl", common(&[Any, Any], None, Nulls::AllNull)),
    ("nullif", Function { nulls: Nulls::Maybe, ..same(&[Any, Any], &[], 0) }),
    ("nvl2", Function { nulls: Nulls::Maybe, ..same(&[Any, Any, Any], &[], 1) }),
    // Strings.
    ("ascii", f(&[Text], T::Int32)),
    ("bit_length", f(&[Text], T::Int32)),
    ("btrim", opt(&[Text], &[Text], T::Text)),
    ("char_length", f(&[Text], T::Int32)),
    ("character_length", f(&[Text], T::Int32)),
    ("chr", f(&[Integer], T::Text)),
    ("concat", many(&[Any], Any, T::Text, Nulls::Never)),
    ("concat_ws", many(&[Text, Any], Any, T::Text, Nulls::Propagate)),
    ("ends_with", f(&[Text, Text], T::Bool)),
    ("find_in_set", f(&[Text, Text], T::Int32)),
    ("initcap", f(&[Text], T::Text)),
    ("instr", f(&[Text, Text], T::Int32)),
    ("left", f(&[Text, Integer], T::Text)),
    ("length", f(&[Text], T::Int32)),
    ("levenshtein", f(&[Text, Text], T::Int32)),
    ("lower", f(&[Text], T::Text)),
    ("lpad", opt(&[Text, Integer], &[Text], T::Text)),
    ("ltrim", opt(&[Text], &[Text], T::Text)),
    ("octet_length", f(&[TextOrBytes], T::Int32)),
    ("repeat", f(&[Text, Integer], T::Text)),
    ("replace", f(&[Text, Text, Text], T::Text)),
    ("reverse", f(&[Text], T::Text)),
    ("right", f(&[Text, Integer], T::Text)),
    ("rpad", opt(&[Text, Integer], &[Text], T::Text)),
    ("rtrim", opt(&[Text], &[Text], T::Text)),
    ("split_part", f(&[Text, Text, Integer], T::Text)),
    ("starts_with", f(&[Text, Text], T::Bool)),
    ("strpos", f(&[Text, Text], T::Int32)),
    ("substr", opt(&[Text, Integer], &[Integer], T::Text)),
    ("substr_index", f(&[Text, Text, Integer], T::Text)),
    ("to_hex", f(&[Integer], T::Text)),
    ("translate", f(&[Text, Text, Text], T::Text)),
    ("trim", opt(&[Text], &[Text], T::Text)),
    ("upper", f(&[Text], T::Text)),
    // Numbers.
    ("abs", same(&[Number], &[], 0)),
    ("ceil", same(&[Number], &[], 0)),
    ("exp", f(&[Number], T::Float64)),
    ("floor", same(&[Number], &[], 0)),
    ("ln", f(&[Number], T::Float64)),
    ("log10", f(&[Number], T::Float64)),
    ("log2", f(&[Number], T::Float64)),
    ("power", same(&[Number, Number], &[], 0)),
    ("round", same(&[Number], &[Integer], 0)),
    ("signum", same(&[Number], &[], 0)),
    ("sqrt", f(&[Number], T::Float64)),
    ("trunc", same(&[Number], &[Integer], 0)),
    // Time.
    ("date_bin", f(&[Any, Time], T::Timestamp)),
    ("date_format", f(&[Time, Text], T::Text)),
    ("date_part", f(&[Text, Time], T::Int32)),
    ("date_trunc", same(&[Text, Time], &[], 1)),
    ("datepart", f(&[Text, Time], T::Int32)),
    ("datetrunc", same(&[Text, Time], &[], 1)),
    ("from_unixtime", f(&[Integer], T::TimestampSeconds)),
    ("make_date", f(&[Integer, Integer, Integer], T::Date)),
    ("to_char", f(&[Time, Text], T::Text)),
    ("to_timestamp", opt(&[Any], &[Text], T::TimestampNanos)),
    ("to_timestamp_micros", opt(&[Any], &[Text], T::Timestamp)),
    ("to_timestamp_millis", opt(&[Any], &[Text], T::TimestampMillis)),
    ("to_timestamp_nanos", opt(&[Any], &[Text], T::TimestampNanos)),
    ("to_timestamp_seconds", opt(&[Any], &[Text], T::TimestampSeconds)),
    // JSON.
    ("extract_json", f(&[Json, Text], T::List)),
    ("extract_json_string", Function { nulls: Nulls::Maybe, ..f(&[Json, Text], T::Text) }),
    ("json_as_text", many(&[Json, Any], Any, T::Text, Nulls::Maybe)),
    ("json_contains", many(&[Json, Any], Any, T::Bool, Nulls::Propagate)),
    ("json_get", many(&[Json, Any], Any, T::Json, Nulls::Maybe)),
    ("json_get_bool", many(&[Json, Any], Any, T::Bool, Nulls::Maybe)),
    ("json_get_float", many(&[Json, Any], Any, T::Float64, Nulls::Maybe)),
    ("json_get_int", many(&[Json, Any], Any, T::Int64, Nulls::Maybe)),
    ("json_get_json", many(&[Json, Any], Any, T::Json, Nulls::Maybe)),
    ("json_get_str", many(&[Json, Any], Any, T::Text, Nulls::Maybe)),
    ("json_length", many(&[Json], Any, T::Int64, Nulls::Maybe)),
    // Regular expressions.
    ("regexp_like", opt(&[Text, Text], &[Text], T::Bool)),
    ("regexp_match", Function { nulls: Nulls::Maybe, ..opt(&[Text, Text], &[Text], T::List) }),
    ("regexp_replace", opt(&[Text, Text, Text], &[Text], T::Text)),
    // Hashes and bytes.
    ("decode", f(&[TextOrBytes, Text], T::Binary)),
    ("digest", f(&[TextOrBytes, Text], T::Binary)),
    ("encode", f(&[TextOrBytes, Text], T::Text)),
    ("md5", f(&[TextOrBytes], T::Text)),
    ("sha224", f(&[TextOrBytes], T::Binary)),
    ("sha256", f(&[TextOrBytes], T::Binary)),
    ("sha384", f(&[TextOrBytes], T::Binary)),
    ("sha512", f(&[TextOrBytes], T::Binary)),
    // Lists; no column holds one, but an expression may pass through one.
    ("array_join", opt(&[List, Text], &[Text], T::Text)),
    ("array_length", f(&[List], T::Int64)),
    ("array_to_string", opt(&[List, Text], &[Text], T::Text)),
    ("cardinality", f(&[List], T::Int64)),
    ("empty", f(&[List], T::Bool)),
    ("make_array", many(&[Any], Any, T::List, Nulls::Never)),
    ("string_to_array", opt(&[Text, Text], &[Text], T::List)),
    // Others.
    ("arrow_typeof", f(&[Any], T::Text)),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_not_refused() {
        let mut all: Vec<&str> = names().collect();
        assert!(all.iter().all(|n| refused(n).is_none()));
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), FUNCTIONS.len());
    }
}
