//! The types of events of one type, their union and their type guards.

use unified_event_schema::{EventType, Schema};

use super::surface::{self, EVENT_TYPE_COLUMN};
use super::text;
use super::tsdoc::Tsdoc;

/// Returns the declarations of the types.
pub(super) fn emit(schema: &Schema) -> String {
    let mut out = String::new();
    for event_type in &schema.event_types {
        out.push_str(&narrowed(schema, event_type));
        out.push('\n');
    }
    let names: Vec<String> = schema.event_types.iter().map(surface::event_name).collect();
    let doc = Tsdoc::new("An event of any type, as a union that `event_type` discriminates.");
    out.push_str(&format!("{}{}", doc.write(0), text::union("export type DiscriminatedUnifiedEvent", &names)));
    out
}

/// Returns the type of events of one type: the required columns of the type are not null.
fn narrowed(schema: &Schema, event_type: &EventType) -> String {
    let mut doc = Tsdoc::new(&event_type.doc);
    if !event_type.requires.is_empty() {
        let columns: Vec<String> = event_type.requires.iter().map(ToString::to_string).collect();
        doc = doc.paragraph(&format!("Must set {}.", list(&columns)));
    }
    let mut out = doc.write(0);
    let name = surface::event_name(event_type);
    out.push_str(&format!("export type {name} = UnifiedEvent & {{\n"));
    out.push_str(&format!("  {EVENT_TYPE_COLUMN}: {};\n", text::quote(&event_type.name)));
    for column in surface::single_requirements(event_type) {
        out.push_str(&format!("  {}\n", present(schema, column, ";")));
    }
    out.push('}');
    for columns in surface::choice_requirements(event_type) {
        let choices: Vec<String> = columns.iter().map(|c| format!("{{ {} }}", present(schema, c, ""))).collect();
        out.push_str(&format!(" & ({})", choices.join(" | ")));
    }
    out.push_str(";\n");
    out
}

/// Returns the type of what events of one type have beyond others, on one line.
pub(super) fn requirement(schema: &Schema, event_type: &EventType) -> String {
    let mut out = format!("{{ {EVENT_TYPE_COLUMN}: {}", text::quote(&event_type.name));
    for column in surface::single_requirements(event_type) {
        out.push_str(&format!("; {}", present(schema, column, "")));
    }
    out.push_str(" }");
    for columns in surface::choice_requirements(event_type) {
        let choices: Vec<String> = columns.iter().map(|c| format!("{{ {} }}", present(schema, c, ""))).collect();
        out.push_str(&format!(" & ({})", choices.join(" | ")));
    }
    out
}

/// Returns the property of a column that must not be null.
fn present(schema: &Schema, column: &str, end: &str) -> String {
    let ty = schema.column(column).map_or("unknown", surface::memory_type);
    format!("{column}: {ty}{end}")
}

/// Returns the type guards.
pub(super) fn emit_guards(schema: &Schema) -> String {
    let guards: Vec<String> = schema.event_types.iter().map(guard).collect();
    guards.join("\n")
}

fn guard(event_type: &EventType) -> String {
    let name = &event_type.name;
    let doc = Tsdoc::new(&if event_type.requires.is_empty() {
        format!("Says whether the type of `event` is `{name}`.")
    } else {
        format!("Says whether `event` is of type `{name}` and sets the columns that the type requires.")
    });
    let mut conditions = vec![format!("event.{EVENT_TYPE_COLUMN} === {}", text::quote(name))];
    // `!=` so that an event from plain JavaScript, where a column is missing, is not let through.
    conditions.extend(surface::single_requirements(event_type).map(|c| format!("event.{c} != null")));
    conditions.extend(surface::choice_requirements(event_type).map(|columns| {
        let choices: Vec<String> = columns.iter().map(|c| format!("event.{c} != null")).collect();
        format!("({})", choices.join(" || "))
    }));
    format!(
        "{}export function {}(event: UnifiedEvent): event is {} {{\n{}}}\n",
        doc.write(0),
        surface::guard_name(event_type),
        surface::event_name(event_type),
        text::return_all(&conditions),
    )
}

/// Joins words as English does: `a, b and c`.
fn list(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [word] => word.clone(),
        [rest @ .., last] => format!("{} and {last}", rest.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::list;

    #[test]
    fn words_are_joined_as_in_english() {
        let words = ["a", "b", "c"].map(str::to_owned);
        assert_eq!(list(&words), "a, b and c");
        assert_eq!(list(&words[..1]), "a");
    }
}
