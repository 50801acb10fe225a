//! Is a value one that a column takes? Used for the examples of the definition.

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
        (ColumnType::Timestamp, Value::Text(text)) if !is_rfc3339(text) => {
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

/// Says whether `text` is an RFC 3339 instant with an offset.
fn is_rfc3339(text: &str) -> bool {
    let bytes = text.as_bytes();
    let number = |from: usize, to: usize| -> Option<u32> {
        let part = bytes.get(from..to)?;
        part.iter().all(u8::is_ascii_digit).then(|| part.iter().fold(0, |n, b| n * 10 + u32::from(b - b'0')))
    };
    let at = |i: usize, b: u8| bytes.get(i) == Some(&b);
    let separators = at(4, b'-') && at(7, b'-') && at(10, b'T') && at(13, b':') && at(16, b':');
    let (Some(year), Some(month), Some(day)) = (number(0, 4), number(5, 7), number(8, 10)) else { return false };
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        2 => 28 + u32::from(leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return false,
    };
    let time = number(11, 13).is_some_and(|h| h < 24)
        && number(14, 16).is_some_and(|m| m < 60)
        && number(17, 19).is_some_and(|s| s < 60);
    let rest = text.get(19..).unwrap_or("");
    let offset = match rest.strip_prefix('.') {
        Some(fraction) => {
            let end = fraction.find(|c: char| !c.is_ascii_digit()).unwrap_or(fraction.len());
            if end == 0 {
                return false;
            }
            &fraction[end..]
        }
        None => rest,
    };
    let offset_valid = offset == "Z" || {
        let o = offset.as_bytes();
        o.len() == 6
            && matches!(o[0], b'+' | b'-')
            && o[3] == b':'
            && offset[1..3].parse::<u8>().is_ok_and(|h| h < 24)
            && offset[4..6].parse::<u8>().is_ok_and(|m| m < 60)
    };
    separators && (1..=days).contains(&day) && time && offset_valid
}

/// Says whether `text` is standard base64 with padding.
fn is_base64(text: &str) -> bool {
    let body = text.trim_end_matches('=');
    text.len().is_multiple_of(4)
        && text.len() - body.len() <= 2
        && body.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'+' || b == b'/')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_need_a_date_that_exists_and_an_offset() {
        for good in ["2026-01-01T12:00:00Z", "2024-02-29T23:59:59.5+02:00", "1969-12-31T00:00:00.123456789-11:30"] {
            assert!(is_rfc3339(good), "{good}");
        }
        for bad in [
            "2026-02-29T00:00:00Z",
            "2026-01-01T12:00:00",
            "2026-01-01 12:00:00Z",
            "2026-01-01T24:00:00Z",
            "",
            "2026-01-01T12:00:00.Z",
        ] {
            assert!(!is_rfc3339(bad), "{bad}");
        }
    }

    #[test]
    fn base64_needs_padding() {
        assert!(is_base64("aGk=") && is_base64("") && is_base64("AAAA"));
        assert!(!is_base64("aGk") && !is_base64("a_==") && !is_base64("a==="));
    }
}
