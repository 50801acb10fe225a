//! The TypeScript target: the npm package `unified-event`.
//!
//! The names that the package exports are a contract with the hand-written modules it replaces, so
//! they are written out here and do not follow the name of the schema.

mod columns;
mod event_types;
mod groups;
mod package;
mod surface;
mod text;
mod tsdoc;
mod values;

pub(super) use surface::memory_type;

use unified_event_schema::Schema;

use crate::{Artifact, head_note};

/// The folder of the package below the output folder.
const FOLDER: &str = "typescript";

/// Returns the files of the npm package.
pub fn emit(schema: &Schema) -> Vec<Artifact> {
    let mut files = package::emit(schema);
    files.push(source("index.ts", &index()));
    files.push(source("unified-event.ts", &unified_event(schema)));
    files.push(source("values.ts", &values::emit(schema)));
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

fn index() -> String {
    "export * from \"./unified-event.js\";\nexport * from \"./values.js\";\n".to_owned()
}

#[cfg(test)]
pub(crate) mod tests;
