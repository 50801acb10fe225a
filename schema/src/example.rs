//! Is a value one that a column takes? Used for the examples of the definition.

use unified_event_types::{instant, is_base64};

use crate::{ColumnType, Format, Value, ValueSet};

/// Says what was expected, when `value` is not a value in wire form of the type.
pub(crate) fn check(
    value: &Value,
    ty: ColumnType,
    format: Option<Format>,
    values: Option<&ValueSet>,
) -> Result<(), String> {
    match (ty, value) {
        (ColumnType::String, Value::Text(text)) => {
            if let Some(format) = format.filter(|f| !f.accepts(text)) {
                return Err(format.expected().to_owned());
            }
        }
        (ColumnType::Int32, Value::Int(number)) if i32::try_from(*number).is_err() => {
            return Err("an integer of 32 bits".to_owned());
        }
        (ColumnType::Timestamp, Value::Text(text)) if instant::from_rfc3339(text).is_err() => {
            return Err("an RFC 3339 instant such as \"2026-01-01T12:00:00.123456Z\"".to_owned());
        }
        (ColumnType::Binary, Value::Text(text)) if !is_base64(text) => {
            return Err("base64 text with padding".to_owned());
        }
        (ColumnType::Json, _)
        | (ColumnType::Bool, Value::Bool(_))
        | (ColumnType::Int32 | ColumnType::Int64, Value::Int(_))
        | (ColumnType::Float64, Value::Float(_) | Value::Int(_))
        | (ColumnType::Timestamp | ColumnType::Binary, Value::Text(_)) => {}
        _ => return Err(format!("a value of type `{ty}`, found {}", value.kind())),
    }
    if let Some(set) = values.filter(|s| s.closed && !s.values.iter().any(|v| v.value == *value)) {
        let all: Vec<String> = set.values.iter().map(|v| v.value.to_string()).collect();
        return Err(format!("one of {}", all.join(", ")));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_checked_as_events_are() {
        let text = |text: &str| Value::Text(text.to_owned());
        for (ty, good, bad) in [
            (ColumnType::Timestamp, "2024-02-29T23:59:59.5+02:00", "2026-01-01T12:00:00++5:+5"),
            (ColumnType::Timestamp, "2024-02-29t23:59:59z", "0000-01-01T00:00:00Z"),
            (ColumnType::Binary, "QQ==", "QR=="),
            (ColumnType::Binary, "", "aGk"),
        ] {
            assert_eq!(check(&text(good), ty, None, None), Ok(()), "{good}");
            assert!(check(&text(bad), ty, None, None).is_err(), "{bad}");
        }
        let zero = text("0000000000000000");
        assert!(check(&zero, ColumnType::String, Some(Format::Hex16), None).is_err());
    }
}
