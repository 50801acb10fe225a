//! First stage: is every key known, present where it must be, and of the right kind?

use toml::de::{DeTable, DeValue};

use super::keys::{Key, Kind};
use crate::diag::{Code, Place, Sink};
use crate::suggest;

/// A value of the parser with its place.
pub(super) type Item<'a> = toml::Spanned<DeValue<'a>>;

/// Checks a table against the keys that it may have; reports every difference.
pub(super) fn check(sink: &mut Sink, file: usize, table: &DeTable<'_>, own: &Place, keys: &'static [Key]) {
    for (key, value) in table {
        let name = key.get_ref().as_ref();
        let Some(known) = keys.iter().find(|k| k.name == name) else {
            let all: Vec<String> = keys.iter().map(|k| format!("`{}`", k.name)).collect();
            let help = suggest::did_you_mean(name, keys.iter().map(|k| k.name));
            sink.fault(Code::UnknownKey, &Place { file, span: key.span() }, format!("unknown key `{name}`"))
                .help(help.unwrap_or_else(|| format!("expected one of {}", all.join(", "))));
            continue;
        };
        check_value(sink, file, known, value);
    }
    for key in keys.iter().filter(|k| k.required) {
        if !table.iter().any(|(k, _)| k.get_ref().as_ref() == key.name) {
            sink.fault(Code::MissingKey, own, format!("missing key `{}`", key.name)).help(format!(
                "add `{} = {}`: {}",
                key.name,
                sample(key.kind),
                lower_first(key.doc)
            ));
        }
    }
}

fn check_value(sink: &mut Sink, file: usize, key: &Key, item: &Item<'_>) {
    let place = Place { file, span: item.span() };
    let value = item.get_ref();
    match (key.kind, value) {
        (Kind::Text, DeValue::String(_)) | (Kind::Bool, DeValue::Boolean(_)) | (Kind::Any, _) => {}
        (Kind::Integer(min, max), DeValue::Integer(_)) => {
            let inside = integer(value).is_some_and(|n| (min..=max).contains(&n));
            if !inside {
                let expected = if min == max { format!("{min}") } else { format!("an integer from {min} to {max}") };
                sink.fault(Code::NotAllowed, &place, format!("`{}` is out of range", key.name))
                    .help(format!("expected {expected}"));
            }
        }
        (Kind::Choice(choices) | Kind::TextMapOr(choices), DeValue::String(text)) => {
            if !choices.contains(&text.as_ref()) {
                let all: Vec<String> = choices.iter().map(|c| format!("`{c}`")).collect();
                let expected = format!("expected {}", all.join(", "));
                let help = match suggest::did_you_mean(text, choices.iter().copied()) {
                    Some(near) => format!("{expected}; {near}"),
                    None => expected,
                };
                sink.fault(Code::NotAllowed, &place, format!("`{text}` is no `{}`", key.name)).help(help);
            }
        }
        (Kind::Texts, DeValue::Array(items)) => {
            for item in items.iter().filter(|i| !i.get_ref().is_str()) {
                wrong_kind(sink, file, item, "text");
            }
        }
        (Kind::TextMap | Kind::TextMapOr(_), DeValue::Table(entries)) => {
            for (_, item) in entries.iter().filter(|(_, i)| !i.get_ref().is_str()) {
                wrong_kind(sink, file, item, "text");
            }
        }
        (Kind::Table(keys), DeValue::Table(table)) => check(sink, file, table, &place, keys),
        (Kind::Tables(keys), DeValue::Table(tables)) => {
            for (name, item) in tables {
                match item.get_ref() {
                    DeValue::Table(table) => {
                        // Point at the name rather than at the whole body of the table.
                        check(sink, file, table, &Place { file, span: name.span() }, keys);
                    }
                    _ => wrong_kind(sink, file, item, "a table"),
                }
            }
        }
        (Kind::List(keys), DeValue::Array(items)) => {
            for item in items.iter() {
                match item.get_ref() {
                    DeValue::Table(table) => check(sink, file, table, &Place { file, span: item.span() }, keys),
                    _ => wrong_kind(sink, file, item, "a table"),
                }
            }
        }
        (kind, _) => wrong_kind(sink, file, item, wanted(kind)),
    }
}

fn wrong_kind(sink: &mut Sink, file: usize, item: &Item<'_>, wanted: &str) {
    let found = kind_name(item.get_ref());
    sink.fault(Code::WrongKind, &Place { file, span: item.span() }, format!("expected {wanted}, found {found}"));
}

/// Returns the integer, when the value is one of 64 bits.
pub(super) fn integer(value: &DeValue<'_>) -> Option<i64> {
    let value = value.as_integer()?;
    i64::from_str_radix(value.as_str(), value.radix()).ok()
}

fn kind_name(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "text",
        DeValue::Integer(_) => "an integer",
        DeValue::Float(_) => "a float",
        DeValue::Boolean(_) => "a boolean",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "an array",
        DeValue::Table(_) => "a table",
    }
}

fn wanted(kind: Kind) -> &'static str {
    match kind {
        Kind::Text | Kind::Choice(_) => "text",
        Kind::Bool => "a boolean",
        Kind::Integer(..) => "an integer",
        Kind::Texts => "an array of texts",
        Kind::TextMap => "a table of texts",
        Kind::TextMapOr(_) => "a table of texts or a name",
        Kind::Any => "a value",
        Kind::Table(_) | Kind::Tables(_) => "a table",
        Kind::List(_) => "an array of tables",
    }
}

fn sample(kind: Kind) -> &'static str {
    match kind {
        Kind::Text | Kind::Choice(_) => "\"…\"",
        Kind::Bool => "true",
        Kind::Integer(..) => "1",
        Kind::Texts | Kind::List(_) => "[…]",
        Kind::Any => "…",
        Kind::TextMap | Kind::TextMapOr(_) | Kind::Table(_) | Kind::Tables(_) => "{…}",
    }
}

fn lower_first(text: &str) -> String {
    let text = text.trim_end_matches('.');
    // A quoted name keeps its case.
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |c| c.to_lowercase().chain(chars).collect())
}
