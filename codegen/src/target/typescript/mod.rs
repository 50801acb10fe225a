//! The TypeScript target: the npm package `unified-event`.
//!
//! The names that the package exports are a contract with the hand-written modules it replaces, so
//! they are written out here and do not follow the name of the schema.

mod columns;
mod event_types;
mod groups;
mod lines;
mod package;
mod pipeline;
mod records;
mod streams;
mod surface;
mod tables;
mod text;
mod tsdoc;
pub(crate) mod types;
mod validate;
mod values;
mod warnings;
mod zod;

pub(crate) use lines::TypeScript;
pub(crate) use surface::memory_type;

use unified_event_schema::{Schema, WireLimits};

use crate::{Artifact, head_note};

/// The folder of the package below the output folder.
const FOLDER: &str = "typescript";

/// The modules that no definition changes, as they are.
const MODULES: [(&str, &str); 23] = [
    ("bytes.ts", include_str!("modules/bytes.ts")),
    ("check.ts", include_str!("modules/check.ts")),
    ("claims.ts", include_str!("modules/claims.ts")),
    ("clock.ts", include_str!("modules/clock.ts")),
    ("convert.ts", include_str!("modules/convert.ts")),
    ("delivery.ts", include_str!("modules/delivery.ts")),
    ("division.ts", include_str!("modules/division.ts")),
    ("faults.ts", include_str!("modules/faults.ts")),
    ("formats.ts", include_str!("modules/formats.ts")),
    ("hooks.ts", include_str!("modules/hooks.ts")),
    ("json.ts", include_str!("modules/json.ts")),
    ("options.ts", include_str!("modules/options.ts")),
    ("problems.ts", include_str!("modules/problems.ts")),
    ("properties.ts", include_str!("modules/properties.ts")),
    ("queue.ts", include_str!("modules/queue.ts")),
    ("review.ts", include_str!("modules/review.ts")),
    ("sanitize.ts", include_str!("modules/sanitize.ts")),
    ("sender.ts", include_str!("modules/sender.ts")),
    ("signal.ts", include_str!("modules/signal.ts")),
    ("size.ts", include_str!("modules/size.ts")),
    ("tally.ts", include_str!("modules/tally.ts")),
    ("text.ts", include_str!("modules/text.ts")),
    ("tokens.ts", include_str!("modules/tokens.ts")),
];

/// Returns the files of the npm package.
pub fn emit(schema: &Schema) -> Vec<Artifact> {
    let mut files = package::emit(schema);
    files.push(source("index.ts", &index()));
    files.push(source("unified-event.ts", &unified_event(schema)));
    files.push(source("limits.ts", &limits(schema)));
    files.push(source("values.ts", &values::emit(schema)));
    files.push(source("unified-event-schema.ts", &zod::emit(schema)));
    files.push(source("records.ts", &records::emit(schema)));
    files.push(source("tables.ts", &tables::emit(schema)));
    files.push(source("validate.ts", &validate::emit(schema)));
    files.push(source("warnings.ts", &warnings::emit(schema)));
    files.push(source("pipeline.ts", &pipeline::emit(schema)));
    files.push(source("cloudflare.ts", &pipeline::emit_bindings(schema)));
    files.extend(MODULES.iter().map(|(name, text)| source(name, text)));
    files
}

/// Returns a file below `src/` with its head-note.
fn source(name: &str, body: &str) -> Artifact {
    Artifact::text(format!("{FOLDER}/src/{name}"), format!("{}\n{body}", head_note("//")))
}

/// Returns the module that replaces the hand-written one.
fn unified_event(schema: &Schema) -> String {
    [groups::emit(schema), event_types::emit(schema), columns::emit(schema), event_types::emit_guards(schema)]
        .join("\n")
}

/// Returns the module with the limits of the wire form.
fn limits(schema: &Schema) -> String {
    let WireLimits { max_depth, max_record_bytes, max_request_bytes } = schema.wire;
    format!(
        "/** How deep arrays and objects may nest in the value of a column, empty ones counted. */\n\
         export const MAX_DEPTH = {max_depth};\n\n\
         /** A record stays below so many bytes of JSON. */\n\
         export const MAX_RECORD_BYTES = {max_record_bytes};\n\n\
         /** All records of a request stay below so many bytes of JSON. */\n\
         export const MAX_REQUEST_BYTES = {max_request_bytes};\n"
    )
}

fn index() -> String {
    "export * from \"./unified-event.js\";\nexport * from \"./values.js\";\n".to_owned()
}

#[cfg(test)]
mod tests;
