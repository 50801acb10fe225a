//! The Rust target: the crate that users depend on.
//!
//! It holds const tables and plain structs; whatever can be a loop over a table is one function of
//! the runtime crate, so that the width of the table costs users no compile time.

mod arrow;
mod crate_root;
mod doc;
mod enums;
mod groups;
mod lines;
mod manifest;
mod rows;
mod shape;
mod tables;

use proc_macro2::TokenStream;
use unified_event_schema::{Column, Schema, naming};

use crate::{Artifact, head_note};

pub(crate) use self::lines::Rust;

use self::enums::Enums;
use self::shape::Shape;

/// The folder of the crate below the output folder.
const FOLDER: &str = "rust";

/// Returns the type of a column's values in memory, without `Option`.
pub(crate) fn value_type(column: &Column) -> String {
    match column.closed_values() {
        Some(_) => naming::pascal_case(&column.name),
        None => column.ty.rust().to_owned(),
    }
}

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

/// Returns items as formatted text, with an empty line between those that are not of one list.
///
/// Tokens that are no Rust would be a mistake of this target; the compiler then names it in the
/// generated crate, which is better than no file and no message.
fn formatted(tokens: TokenStream) -> String {
    let file: syn::File = match syn::parse2(tokens.clone()) {
        Ok(file) => file,
        Err(error) => return format!("compile_error!({:?});\n{tokens}\n", error.to_string()),
    };
    let mut last = std::mem::discriminant(&Layout::Block);
    let mut text = unparsed(file.attrs, Vec::new());
    for item in file.items {
        let layout = std::mem::discriminant(&Layout::of(&item));
        if layout != last || layout == std::mem::discriminant(&Layout::Block) {
            text.push('\n');
        }
        text.push_str(&unparsed(Vec::new(), vec![item]));
        last = layout;
    }
    text
}

fn unparsed(attrs: Vec<syn::Attribute>, items: Vec<syn::Item>) -> String {
    prettyplease::unparse(&syn::File { shebang: None, frontmatter: None, attrs, items })
}

/// How an item is set: lists of modules and of imports stand together.
enum Layout {
    Module,
    Import,
    Reexport,
    Block,
}

impl Layout {
    fn of(item: &syn::Item) -> Self {
        match item {
            syn::Item::Mod(module) if module.content.is_none() => Self::Module,
            syn::Item::Use(import) if matches!(import.vis, syn::Visibility::Inherited) => Self::Import,
            syn::Item::Use(_) => Self::Reexport,
            _ => Self::Block,
        }
    }
}

#[cfg(test)]
mod tests;
