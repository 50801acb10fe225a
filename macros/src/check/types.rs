//! Whether the type of a field is one for its column.

use syn::{Path, Type};
use unified_event_schema::ColumnType;

use crate::ast::Container;
use crate::attr::Key;
use crate::ctxt::Ctxt;
use crate::definition::Column;
use crate::rust_type::{Known, fits, known, text};

/// Checks a type, `Option` taken off; what the spelling does not give away is left to a trait bound.
pub(super) fn check(cx: &Ctxt, container: &Container<'_>, column: &Column, ty: &Type, json: &Key<Path>) {
    let (name, column_type) = (column.name, column.ty);
    match json {
        Key::Faulty => {}
        Key::Given(_) if column_type == ColumnType::Json => {}
        Key::Given(key) => {
            cx.error(key, format_args!("column `{name}` is `{column_type}`; key `json` is for `json` columns"))
        }
        Key::Absent => {
            if let Some(known) = known(ty, container.generics).filter(|known| !fits(column, *known)) {
                wrong_type(cx, column, ty, known);
            }
        }
    }
}

fn wrong_type(cx: &Ctxt, column: &Column, ty: &Type, known: Known) {
    let (name, expected, found) = (column.name, column.rust_type(), text(ty));
    let said = match column.enum_name() {
        Some(_) => "has a closed set of values".to_owned(),
        None => format!("is `{}`", column.ty),
    };
    let message = format!("column `{name}` {said}; expected `{expected}`, found `{found}`");
    match help(column, known, &found) {
        Some(help) => cx.error_with_help(ty, message, help),
        None => cx.error(ty, message),
    }
}

fn help(column: &Column, known: Known, found: &str) -> Option<String> {
    let is_wide = ["u64", "usize", "isize", "i128", "u128"].contains(&found);
    match (column.ty, known) {
        _ if column.enum_name().is_some() => {
            Some(format!("`unified_event::{}` is the enum of its values", column.rust_type()))
        }
        (ColumnType::Json, _) => Some("`#[event(json)]` takes any type that implements `serde::Serialize`".to_owned()),
        (ColumnType::Int64, Known::Other) if is_wide => Some(format!("not every `{found}` fits 64 bits with a sign")),
        (ColumnType::Int32, Known::Int64 | Known::Other) if is_wide || known == Known::Int64 => {
            Some(format!("not every `{found}` fits 32 bits with a sign"))
        }
        (ColumnType::Timestamp, Known::Int32 | Known::Int64) => {
            Some("make one of a number with `Timestamp::from_micros` or `Timestamp::from_unix_nanos`".to_owned())
        }
        _ => None,
    }
}
