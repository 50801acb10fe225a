//! `src/values.ts`: the closed sets of values, and what each event type requires, as data.

use unified_event_schema::Schema;

use super::surface;
use super::text;
use super::tsdoc::Tsdoc;

/// Returns the module.
pub(super) fn emit(schema: &Schema) -> String {
    let mut out = "import type { EventType, UnifiedEvent } from \"./unified-event.js\";\n\n".to_owned();
    out.push_str(&Tsdoc::new("All event types, in the order of the definition.").write(0));
    let names: Vec<String> = schema.event_types.iter().map(|t| text::quote(&t.name)).collect();
    out.push_str(&text::array("export const EVENT_TYPES = ", &names, " as const;\n\n"));
    out.push_str(&requirements(schema));
    for set in surface::closed_sets(schema) {
        let (type_name, const_name) = (&set.type_name, &set.const_name);
        let values: Vec<String> = set.values.iter().map(surface::value).collect();
        let doc = Tsdoc::new(&format!("All values that `{}` may have.", set.column))
            .names("They mean:", set.values.iter().map(|v| (surface::value_name(v), v.doc.as_str())));
        out.push_str(&format!("\n{}", doc.write(0)));
        out.push_str(&text::array(&format!("export const {const_name} = "), &values, " as const;\n"));
        out.push_str(&format!("\n/** A value that `{}` may have. */\n", set.column));
        out.push_str(&format!("export type {type_name} = (typeof {const_name})[number];\n"));
    }
    out
}

/// Returns the table of what each event type requires.
fn requirements(schema: &Schema) -> String {
    let doc = Tsdoc::new("What an event of each type must set beyond the columns that are never null.")
        .paragraph("Of the columns in each inner array at least one must be set; mostly there is only one.");
    let mut out = doc.write(0);
    out.push_str("export const EVENT_TYPE_REQUIREMENTS: {\n");
    out.push_str("  readonly [Type in EventType]: readonly (readonly (keyof UnifiedEvent)[])[];\n");
    out.push_str("} = {\n");
    for event_type in &schema.event_types {
        let columns = event_type.requires.iter().map(|r| {
            let names: Vec<String> = r.any_of.iter().map(|c| text::quote(c)).collect();
            format!("[{}]", names.join(", "))
        });
        out.push_str(&text::array(
            &format!("  {}: ", text::key(&event_type.name)),
            &columns.collect::<Vec<_>>(),
            ",\n",
        ));
    }
    out.push_str("};\n");
    out
}
