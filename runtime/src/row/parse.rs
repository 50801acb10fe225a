//! From a value as it comes in to a value of its column.

use std::borrow::Cow;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::value::RawValue;

use super::input::{Input, NotAnInteger, Number};
use crate::table::{Column, ColumnType, Wire};
use crate::{Fault, Json, Value};

/// Returns the value of a column that is not of type `json`; null is none.
pub(super) fn value<'a>(column: &'static Column, input: Input<'a>) -> Result<Option<Value<'a>>, Fault> {
    let value = match (column.ty, input) {
        (_, Input::Null) => return Ok(None),
        (ColumnType::String, Input::Text(text)) => Value::String(text),
        (ColumnType::Bool, Input::Bool(value)) => Value::Bool(value),
        (ColumnType::Int32, Input::Number(number)) => int32(column, &number)?,
        (ColumnType::Int64, Input::Text(text)) if column.wire == Wire::DecimalString => decimal(column, &text)?,
        (ColumnType::Int64, Input::Number(number)) if column.wire == Wire::Number => {
            Value::Int64(integer(column, &number)?)
        }
        (ColumnType::Float64, Input::Number(number)) => float64(column, &number)?,
        (ColumnType::Timestamp, Input::Text(text)) => timestamp(column, &text)?,
        (ColumnType::Binary, Input::Text(text)) => binary(column, &text)?,
        (_, other) => return Err(Fault::type_mismatch(column, &other.to_string())),
    };
    Ok(Some(value))
}

/// Returns the value of a column of type `json`; null is none. Its depth is for the check.
pub(super) fn json(column: &'static Column, raw: &RawValue) -> Result<Option<Value<'static>>, Fault> {
    let json = Json::from_raw(raw).map_err(|problem| Fault::json(column, &problem))?;
    Ok(if json.is_null() { None } else { Some(Value::Json(Cow::Owned(json))) })
}

fn integer(column: &'static Column, number: &Number<'_>) -> Result<i64, Fault> {
    number.to_integer().map_err(|error| match error {
        NotAnInteger::Fraction => Fault::type_mismatch(column, &number.to_string()),
        NotAnInteger::TooLarge => Fault::number_out_of_range(column, &number.to_string()),
    })
}

fn int32(column: &'static Column, number: &Number<'_>) -> Result<Value<'static>, Fault> {
    let integer = integer(column, number)?;
    match i32::try_from(integer) {
        Ok(value) => Ok(Value::Int32(value)),
        Err(_) => Err(Fault::number_out_of_range(column, &number.to_string())),
    }
}

/// Reads an integer of 64 bits from decimal text: an optional `-` and digits.
fn decimal(column: &'static Column, text: &str) -> Result<Value<'static>, Fault> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Fault::type_mismatch(column, &format!("\"{text}\"")));
    }
    text.parse().map(Value::Int64).map_err(|_| Fault::number_out_of_range(column, text))
}

fn float64(column: &'static Column, number: &Number<'_>) -> Result<Value<'static>, Fault> {
    let float = number.to_float();
    if float.is_finite() {
        Ok(Value::Float64(float))
    } else {
        Err(Fault::number_out_of_range(column, &number.to_string()))
    }
}

fn timestamp(column: &'static Column, text: &str) -> Result<Value<'static>, Fault> {
    text.parse().map(Value::Timestamp).map_err(|error| Fault::malformed_timestamp(column, text, &error))
}

fn binary(column: &'static Column, text: &str) -> Result<Value<'static>, Fault> {
    match STANDARD.decode(text) {
        Ok(bytes) => Ok(Value::Binary(Cow::Owned(bytes))),
        Err(_) => Err(Fault::malformed_base64(column, text)),
    }
}
