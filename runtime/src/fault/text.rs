//! The texts of faults: one function a fault, so that each is worded once.

use std::borrow::Cow;

use super::{Fault, FaultCode};
use crate::json::{JsonProblem, ProblemKind};
use crate::table::{Column, ColumnType, Requirement, Table, Wire};
use unified_event_types::suggest::did_you_mean;

/// The most characters of foreign text that a message repeats.
const MAX_EXCERPT: usize = 60;

/// Returns `text` in backticks, without control characters and cut where it is long.
pub(crate) fn excerpt(text: &str) -> String {
    format!("`{}`", shortened(text))
}

pub(crate) fn shortened(text: &str) -> String {
    let mut out: String = text.chars().take(MAX_EXCERPT).flat_map(visible).collect();
    if text.chars().nth(MAX_EXCERPT).is_some() {
        out.push('…');
    }
    out
}

fn visible(c: char) -> impl Iterator<Item = char> {
    let (plain, escaped) = if c.is_control() { (None, Some(c.escape_default())) } else { (Some(c), None) };
    plain.into_iter().chain(escaped.into_iter().flatten())
}

impl Fault {
    fn of(column: &Column, code: FaultCode, message: String) -> Self {
        Self { column: Some(Cow::Borrowed(column.name)), ..Self::new(code, message) }
    }

    /// The value of `column` is not what was expected.
    fn value(column: &Column, code: FaultCode, expected: impl Into<Cow<'static, str>>, received: &str) -> Self {
        let (expected, received) = (expected.into(), shortened(received));
        let message = format!("column `{}` is `{}`; expected {expected}, found `{received}`", column.name, column.ty);
        Self { expected: Some(expected), received: Some(received), ..Self::of(column, code, message) }
    }

    pub(crate) fn missing_required(column: &Column) -> Self {
        Self::of(column, FaultCode::MissingRequired, format!("column `{}` is required and missing", column.name))
    }

    pub(crate) fn null_in_required(column: &Column) -> Self {
        let message = format!("column `{}` is required; expected a value, found null", column.name);
        let fault = Self::of(column, FaultCode::NullInRequired, message);
        Self { expected: Some(Cow::Borrowed("a value")), received: Some("null".to_owned()), ..fault }
    }

    pub(crate) fn type_mismatch(column: &Column, received: &str) -> Self {
        Self::value(column, FaultCode::TypeMismatch, expected(column), received)
    }

    pub(crate) fn malformed_timestamp(column: &Column, received: &str, reason: &dyn std::fmt::Display) -> Self {
        let expected = "RFC 3339 text such as `2026-01-31T08:30:00.000000Z`";
        let mut fault = Self::value(column, FaultCode::MalformedTimestamp, expected, received);
        fault.message.push_str(&format!(" ({reason})"));
        fault
    }

    /// A value of the caller's that is no timestamp of the table's.
    pub(crate) fn unrepresentable_timestamp(column: &Column, reason: &dyn std::fmt::Display) -> Self {
        let message = format!("column `{}` is `{}`; {reason}", column.name, column.ty);
        Self::of(column, FaultCode::MalformedTimestamp, message)
    }

    pub(crate) fn unrepresentable_json(column: &Column, reason: &dyn std::fmt::Display) -> Self {
        let message = format!("column `{}` is `{}`; the value has no JSON form: {reason}", column.name, column.ty);
        Self::of(column, FaultCode::MalformedJson, message)
    }

    pub(crate) fn malformed_base64(column: &Column, received: &str) -> Self {
        Self::value(column, FaultCode::MalformedBase64, "base64 text with padding (RFC 4648, section 4)", received)
    }

    pub(crate) fn number_out_of_range(column: &Column, received: &str) -> Self {
        let expected = match column.ty {
            ColumnType::Int32 => "-2147483648 to 2147483647",
            ColumnType::Int64 => "-9223372036854775808 to 9223372036854775807",
            _ => "a finite 64-bit number",
        };
        Self::value(column, FaultCode::NumberOutOfRange, expected, received)
    }

    pub(crate) fn value_not_allowed(column: &Column, values: &[&'static str], received: &str) -> Self {
        let quoted: Vec<String> = values.iter().map(|value| format!("`{value}`")).collect();
        let expected = format!("one of {}", quoted.join(", "));
        let received = shortened(received);
        let mut message =
            format!("column `{}` has a closed set of values; expected {expected}, found `{received}`", column.name);
        if let Some(question) = did_you_mean(&received, values.iter().copied()) {
            message.push_str("; ");
            message.push_str(&question);
        }
        let fault = Self::of(column, FaultCode::ValueNotAllowed, message);
        Self { expected: Some(Cow::Owned(expected)), received: Some(received), ..fault }
    }

    pub(crate) fn format(column: &Column, expected: &'static str, received: &str) -> Self {
        let received = shortened(received);
        let message = format!("column `{}` has a format; expected {expected}, found `{received}`", column.name);
        let fault = Self::of(column, FaultCode::Format, message);
        Self { expected: Some(Cow::Borrowed(expected)), received: Some(received), ..fault }
    }

    pub(crate) fn empty_text(column: &Column) -> Self {
        let expected = "text that is not empty";
        let message = format!("column `{}` must say something; expected {expected}, found ``", column.name);
        let fault = Self::of(column, FaultCode::EmptyText, message);
        Self { expected: Some(Cow::Borrowed(expected)), received: Some(String::new()), ..fault }
    }

    /// What is wrong with the JSON text of a column's value.
    pub(crate) fn json(column: &Column, problem: &JsonProblem) -> Self {
        let mut fault = match &problem.kind {
            ProblemKind::LoneSurrogate => Self::unrepresentable_json(column, &problem.kind),
            ProblemKind::TooDeep { max_depth } => {
                let message = format!("column `{}` nests deeper than {max_depth} levels", column.name);
                let expected = Some(Cow::Owned(format!("at most {max_depth} levels of arrays and objects")));
                Self { expected, ..Self::of(column, FaultCode::TooDeep, message) }
            }
            ProblemKind::NumberOutOfRange(number) => Self::number_out_of_range(column, number),
        };
        if !problem.path.is_empty() {
            fault.message.push_str(&format!(" at `{}{}`", column.name, shortened(&problem.path)));
        }
        fault
    }

    pub(crate) fn requirement_not_met(table: &'static Table, event_type: &str, requirement: &Requirement) -> Self {
        let names: Vec<&'static str> = requirement.columns(table).map(|column| column.name).collect();
        let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
        let columns = if names.len() == 1 { "column " } else { "at least one of the columns " };
        let message = format!("event type `{event_type}` requires {columns}{}", quoted.join(", "));
        let column = if let [name] = names[..] { Some(Cow::Borrowed(name)) } else { None };
        Self { column, ..Self::new(FaultCode::RequirementNotMet, message) }
    }

    pub(crate) fn unknown_field(table: &Table, key: &str, suggest: bool) -> Self {
        let mut message = format!("column {} is not defined in the table `{}`", excerpt(key), table.name);
        let names = table.columns.iter().filter(|column| !column.computed).map(|column| column.name);
        if let Some(question) = suggest.then(|| did_you_mean(key, names)).flatten() {
            message.push_str("; ");
            message.push_str(&question);
        }
        Self { column: Some(Cow::Owned(key.to_owned())), ..Self::new(FaultCode::UnknownField, message) }
    }

    pub(crate) fn duplicate_key(column: &Column) -> Self {
        Self::of(column, FaultCode::DuplicateKey, format!("key `{}` appears more than once", column.name))
    }

    pub(crate) fn computed_column(column: &Column) -> Self {
        let message = format!("column `{}` is computed by the pipeline; no producer may set it", column.name);
        Self::of(column, FaultCode::ComputedColumn, message)
    }

    pub(crate) fn malformed_json(reason: &dyn std::fmt::Display) -> Self {
        Self::new(FaultCode::MalformedJson, format!("the event is no JSON object: {reason}"))
    }

    pub(crate) fn invalid_utf8(position: usize) -> Self {
        Self::new(FaultCode::InvalidUtf8, format!("expected UTF-8, found another byte at byte {position}"))
    }
}

/// Returns what a column expects on the wire, as error texts say it.
const fn expected(column: &Column) -> &'static str {
    match column.ty {
        ColumnType::String => "text",
        ColumnType::Bool => "true or false",
        ColumnType::Int32 => "an integer",
        ColumnType::Int64 => match column.wire {
            Wire::Number => "an integer",
            Wire::DecimalString => "an integer as decimal text",
        },
        ColumnType::Float64 => "a number",
        ColumnType::Timestamp => "RFC 3339 text",
        ColumnType::Json => "any JSON value",
        ColumnType::Binary => "base64 text",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn foreign_text_is_cut_and_made_visible() {
        assert_eq!(excerpt("a\u{0}\n\u{7f}é"), "`a\\u{0}\\n\\u{7f}é`");
        assert_eq!(shortened(&"é".repeat(61)), "é".repeat(60) + "…");
    }
}
