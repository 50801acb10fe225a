//! The Rust target: the crate that users depend on.
//!
//! It holds const tables and plain structs; whatever can be a loop over a table is one function of
//! the runtime crate, so that the width of the table costs users no compile time.

mod arrow;
mod crate_root;
mod doc;
mod enums;
mod groups;
mod manifest;
mod rows;
mod shape;
mod tables;

use proc_macro2::TokenStream;
use unified_event_schema::Schema;

use crate::{Artifact, head_note};

use self::enums::Enums;
use self::shape::Shape;

/// The folder of the crate below the output folder.
const FOLDER: &str = "rust";

/// Returns the files of the generated crate.
pub fn emit(schema: &Schema) -> Vec<Artifact> {
    let enums = Enums::of(schema);
    let shapes = Shape::all(schema, &enums);
    let mut files = manifest::emit(schema);
    files.push(source("lib.rs", crate_root::emit(schema, &enums, &shapes)));
    files.push(source("arrow.rs", arrow::emit(&shapes)));
    files.push(source("enums.rs", enums::emit(schema, &enums)));
    files.extend(groups::emit(schema, &enums));
    files.extend(rows::emit(schema, &shapes));
    files.extend(tables::emit(schema, &shapes));
    files
}

/// Returns a file below `src/` with its head-note.
fn source(path: &str, tokens: TokenStream) -> Artifact {
    Artifact::text(format!("{FOLDER}/src/{path}"), format!("{}{}", head_note("//"), formatted(tokens)))
}

/// Returns items as formatted text.
///
/// Tokens that are no Rust would be a mistake of this target; the compiler then names it in the
/// generated crate, which is better than no file and no message.
fn formatted(tokens: TokenStream) -> String {
    match syn::parse2(tokens.clone()) {
        Ok(file) => prettyplease::unparse(&file),
        Err(error) => format!("compile_error!({:?});\n{tokens}\n", error.to_string()),
    }
}

#[cfg(test)]
mod tests;
