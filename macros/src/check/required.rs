//! Whether the struct sets what every event needs, and what its event type needs.

use std::collections::BTreeMap;

use super::{Guard, Presence, Setter};
use crate::ast::Container;
use crate::ctxt::Ctxt;
use crate::definition::{Column, Definition, EventType};
use crate::rust_type::{option_contents, text};

type SetColumns<'a> = BTreeMap<usize, Setter<'a>>;

/// The required columns of the table.
pub(super) fn core(cx: &Ctxt, definition: &Definition, container: &Container<'_>, set: &SetColumns<'_>) {
    for column in definition.required_columns() {
        match set.get(&column.position) {
            None => {
                let message = format!("column `{}` is required", column.name);
                cx.error_with_help(container.ident, message, remedy(column));
            }
            Some(setter) => never_null(cx, &format!("column `{}` is required", column.name), setter),
        }
    }
}

/// The requirements of the event type; returns those that depend on the values.
pub(super) fn by_event_type<'a>(
    cx: &Ctxt,
    definition: &Definition,
    container: &Container<'_>,
    event_type: &'static EventType,
    set: &SetColumns<'a>,
) -> Vec<Guard<'a>> {
    let mut guards = Vec::new();
    for positions in event_type.requires {
        let any_of: Vec<&Column> = definition.columns_at(positions).collect();
        let setters: Vec<&Setter<'a>> = any_of.iter().filter_map(|column| set.get(&column.position)).collect();
        let names: Vec<String> = any_of.iter().map(|column| format!("`{}`", column.name)).collect();
        let requires = format!("event type `{}` requires column {}", event_type.name, names.join(" or "));
        match (&setters[..], &any_of[..]) {
            ([], [only]) => cx.error_with_help(container.ident, requires, remedy(only)),
            ([], _) => cx.error_with_help(container.ident, requires, "set at least one of them"),
            // One column that alone must have a value: a field of its own must not leave it open.
            ([setter], [_]) => never_null(cx, &requires, setter),
            _ => {}
        }
        if !setters.is_empty() && !setters.iter().any(|setter| matches!(setter.presence, Presence::Always)) {
            guards.push(Guard {
                event_type: event_type.name,
                any_of: positions,
                places: setters.iter().map(|setter| setter.presence.clone()).collect(),
            });
        }
    }
    guards
}

/// A field of its own must not be an `Option`. A column inside of a group may be: it is checked when recorded.
fn never_null(cx: &Ctxt, why: &str, setter: &Setter<'_>) {
    if let (Presence::IfSome(_), Some(ty)) = (&setter.presence, setter.ty)
        && let Some(contents) = option_contents(ty)
    {
        cx.error(ty, format_args!("{why}; expected `{}`, found `{}`", text(contents), text(ty)));
    }
}

/// Returns how a struct comes to set a column.
fn remedy(column: &Column) -> String {
    let field = format!("add a field `{}: {}`", column.name, column.rust_type());
    let key = match column.name {
        "event_type" => "type",
        "event_name" => "name",
        "ns" => "ns",
        _ => return format!("{field}, or name the column with `#[event(column = \"{}\")]`", column.name),
    };
    format!("say `#[event({key} = \"…\")]` on the struct, or {field}")
}
