//! Dual emission in Rust: over the JSON of the wire, so that it needs neither version of the crate.

use std::fmt::Write;

use unified_event_schema::{ColumnType, StreamField, naming};

use super::{Streams, Way};
use crate::head_note;

pub(super) fn emit(streams: &Streams<'_>) -> String {
    let (old, new) = (&streams.old.stream.name, &streams.new.stream.name);
    let mut out = head_note("//");
    let _ = write!(
        out,
        "//! Records of `{}` for both versions, while `{old}` and `{new}` are fed.\n\n\
         use serde_json::{{Map, Value}};\n\n\
         /// The stream of the old version.\npub const OLD_STREAM: &str = {old:?};\n\
         /// The stream of the new version.\npub const NEW_STREAM: &str = {new:?};\n\n",
        streams.table
    );
    let only: Vec<&StreamField> = streams.old_only().collect();
    let derives =
        if only.iter().any(|f| f.required) { "Debug, Clone, PartialEq" } else { "Debug, Clone, Default, PartialEq" };
    let _ = writeln!(out, "/// What the old version has and nothing of the new one says.\n#[derive({derives})]");
    if only.is_empty() {
        out.push_str("pub struct OldOnly {}\n\n");
    } else {
        out.push_str("pub struct OldOnly {\n");
        for field in &only {
            let ty = rust_type(field.ty);
            let ty = if field.required { ty.to_owned() } else { format!("Option<{ty}>") };
            let _ = writeln!(out, "    /// {}\n    pub {}: {ty},", field.doc, ident(&field.name));
        }
        out.push_str("}\n\n");
    }
    out.push_str(TYPES);
    out.push_str("impl Dual {\n    /// Returns the records of both streams for one new record.\n    ///\n    /// # Errors\n    ///\n    /// When the new record does not say what the old version requires.\n    pub fn new(new: Map<String, Value>, old_only: OldOnly) -> Result<Self, CannotSay> {\n        let mut old = Map::new();\n");
    for field in &streams.fields {
        let name = &field.old.name;
        let required = field.old.required;
        let line = match field.from {
            Some((from, way)) => {
                let way = match way {
                    Way::Copy => "copy".to_owned(),
                    Way::Text => "text".to_owned(),
                    Way::Number => "number".to_owned(),
                    Way::Integer(low, high) => format!("|v| integer(v, {low}, {high})"),
                };
                format!("put(&mut old, {name:?}, new.get({:?}).and_then({way}), {required})?;", from.name)
            }
            None if required => format!("put(&mut old, {name:?}, Some(old_only.{}.into()), true)?;", ident(name)),
            None => format!("put(&mut old, {name:?}, old_only.{}.map(Value::from), false)?;", ident(name)),
        };
        let _ = writeln!(out, "        {line}");
    }
    if only.is_empty() {
        out.push_str("        let OldOnly {} = old_only;\n");
    }
    out.push_str("        Ok(Self { old, new })\n    }\n}\n\n");
    let uses = |way: fn(&Way) -> bool| streams.fields.iter().any(|f| f.from.is_some_and(|(_, w)| way(&w)));
    out.push_str(PUT);
    for (used, text) in [
        (uses(|w| matches!(w, Way::Copy)), COPY),
        (uses(|w| matches!(w, Way::Text)), TEXT),
        (uses(|w| matches!(w, Way::Integer(..))), INTEGER),
        (uses(|w| matches!(w, Way::Number)), NUMBER),
    ] {
        if used {
            out.push('\n');
            out.push_str(text);
        }
    }
    out
}

const fn rust_type(ty: ColumnType) -> &'static str {
    match ty {
        ColumnType::String | ColumnType::Timestamp | ColumnType::Binary => "String",
        ColumnType::Bool => "bool",
        ColumnType::Int32 => "i32",
        ColumnType::Int64 => "i64",
        ColumnType::Float64 => "f64",
        ColumnType::Json => "Value",
    }
}

/// Keys of streams may be in another case, or words of Rust, of which three cannot even be raw.
fn ident(name: &str) -> String {
    let name = naming::snake_case(name);
    match name.as_str() {
        "self" | "super" | "crate" => format!("{name}_"),
        _ if syn::parse_str::<syn::Ident>(&name).is_ok() => name,
        _ => format!("r#{name}"),
    }
}

const TYPES: &str = r#"/// One event as the records of both streams.
#[derive(Debug, Clone, PartialEq)]
pub struct Dual {
    /// For [`OLD_STREAM`].
    pub old: Map<String, Value>,
    /// For [`NEW_STREAM`].
    pub new: Map<String, Value>,
}

/// A field that the old version requires, and the new record does not say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CannotSay {
    /// The field of the old stream.
    pub field: &'static str,
}

impl std::fmt::Display for CannotSay {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "the new record says nothing that `{}` of the old version can hold", self.field)
    }
}

impl std::error::Error for CannotSay {}

"#;

const PUT: &str = r"fn put(
    record: &mut Map<String, Value>,
    field: &'static str,
    value: Option<Value>,
    required: bool,
) -> Result<(), CannotSay> {
    match value.filter(|v| !v.is_null()) {
        Some(value) => {
            record.insert(field.to_owned(), value);
            Ok(())
        }
        None if required => Err(CannotSay { field }),
        None => Ok(()),
    }
}
";

const COPY: &str = r"fn copy(value: &Value) -> Option<Value> {
    Some(value.clone())
}
";

const TEXT: &str = r"fn text(value: &Value) -> Option<Value> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(Value::from(text.as_str())),
        other => Some(Value::from(other.to_string())),
    }
}
";

const INTEGER: &str = r"/// Text and whole floats count where they say an integer exactly.
fn integer(value: &Value, low: i64, high: i64) -> Option<Value> {
    let number = match value {
        Value::String(text) => text.parse().ok()?,
        Value::Number(number) => match number.as_i64() {
            Some(whole) => whole,
            None => number.as_f64().filter(|n| n.fract() == 0.0 && n.abs() < 9e15)? as i64,
        },
        _ => return None,
    };
    (low..=high).contains(&number).then(|| Value::from(number))
}
";

const NUMBER: &str = r"fn number(value: &Value) -> Option<Value> {
    match value {
        Value::String(text) => text.parse::<f64>().ok().filter(|n| n.is_finite()).map(Value::from),
        Value::Number(_) => Some(value.clone()),
        _ => None,
    }
}
";
