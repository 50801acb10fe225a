//! The rows and records: plain structs, and the two functions that make them fit the loops.

use proc_macro2::{Literal, TokenStream};
use quote::quote;
use unified_event_schema::Schema;

use super::shape::{Field, FieldType, Shape, identifier};
use super::{doc, source};
use crate::Artifact;

/// The most parameters that clippy lets a function have.
const MAX_PARAMETERS: usize = 7;

/// Returns `rows/mod.rs` and one file for each table.
pub(super) fn emit(schema: &Schema, shapes: &[Shape<'_>]) -> Vec<Artifact> {
    let modules: Vec<_> = schema.tables.iter().map(|table| identifier(&table.name)).collect();
    let root = quote! {
        //! One struct for every table, and one for every stream that is not a table's own.

        #(mod #modules;)*

        #(pub use #modules::*;)*
    };
    let mut files = vec![source("rows/mod.rs", root)];
    for table in &schema.tables {
        let of_table: Vec<&Shape<'_>> = shapes.iter().filter(|shape| shape.module == table.name).collect();
        files.push(source(&format!("rows/{}.rs", table.name), module(schema, &table.name, &of_table)));
    }
    files
}

fn module(schema: &Schema, table: &str, shapes: &[&Shape<'_>]) -> TokenStream {
    let title = format!(" The rows of `{table}`.");
    let imports = imports(shapes);
    let structs = shapes.iter().map(|shape| emit_struct(schema, shape));
    quote! {
        #![doc = #title]
        #![allow(deprecated, reason = "deprecated columns are still stored")]

        #imports
        #(#structs)*
    }
}

fn imports(shapes: &[&Shape<'_>]) -> TokenStream {
    let fields = || shapes.iter().flat_map(|shape| &shape.fields);
    let mut enums: Vec<_> = fields()
        .filter_map(|field| match &field.ty {
            FieldType::Enum(ident) => Some(ident.clone()),
            FieldType::Plain(_) => None,
        })
        .collect();
    enums.sort();
    enums.dedup();
    let enums = (!enums.is_empty()).then(|| quote! { use crate::enums::{#(#enums),*}; });
    let has = |name: &str| fields().any(|field| field.value_type().to_string() == name);
    let has_required_enum = fields().any(|field| field.column.required && matches!(field.ty, FieldType::Enum(_)));
    let is_wide = shapes.iter().any(|shape| shape.has_event_types);
    let mut names = vec!["Row", "impl_row"];
    names.extend(["Json", "Timestamp"].into_iter().filter(|name| has(name)));
    names.extend(has_required_enum.then_some("Closed"));
    names.extend(["ColumnGroup", "Fault", "Sink", "UnifiedEvent"].into_iter().filter(|_| is_wide));
    names.sort_unstable();
    let names = names.into_iter().map(identifier);
    quote! {
        use unified_event_runtime::__private::Fields;
        use unified_event_runtime::table::Table;
        use unified_event_runtime::{#(#names),*};
        #enums
        use crate::tables;
    }
}

fn emit_struct(schema: &Schema, shape: &Shape<'_>) -> TokenStream {
    let ident = &shape.type_name;
    let docs = doc::attributes(&doc::escaped(&shape.doc));
    let fields = shape.fields.iter().map(|field| {
        let (name, ty) = (&field.ident, field.field_type());
        let (docs, deprecation) = (doc::of_column(schema, &field.column), doc::deprecation(&field.column));
        quote! { #docs #deprecation pub #name: #ty }
    });
    let constructor = emit_constructor(shape);
    let row = emit_row(shape);
    let ways = match (shape.is_stored, shape.is_sent) {
        (_, true) => quote! { sent },
        _ => quote! { stored },
    };
    let event = shape.has_event_types.then(|| emit_event(shape));
    quote! {
        #docs
        #[derive(Clone, PartialEq)]
        #[non_exhaustive]
        pub struct #ident {
            #(#fields,)*
        }

        #constructor
        #row
        impl_row!(#ident, #ways);
        #event
    }
}

/// Returns `new`, which takes the required columns.
fn emit_constructor(shape: &Shape<'_>) -> TokenStream {
    let ident = &shape.type_name;
    let required: Vec<&Field<'_>> = shape.fields.iter().filter(|field| field.column.required).collect();
    let (parameters, values): (Vec<_>, Vec<_>) = required.iter().map(|field| field.parameter()).unzip();
    let others = shape.fields.iter().filter(|field| !field.column.required).map(|field| &field.ident);
    let allow = (required.len() > MAX_PARAMETERS)
        .then(|| quote! { #[allow(clippy::too_many_arguments, reason = "one for each required column")] });
    quote! {
        impl #ident {
            /// Returns a value with the required columns, and no other.
            #allow
            pub fn new(#(#parameters),*) -> Self {
                Self { #(#values,)* #(#others: None,)* }
            }
        }
    }
}

fn emit_row(shape: &Shape<'_>) -> TokenStream {
    let (ident, table) = (&shape.type_name, &shape.table);
    let positions: Vec<Literal> = (0..shape.fields.len()).map(Literal::usize_unsuffixed).collect();
    let names: Vec<_> = shape.fields.iter().map(|field| &field.ident).collect();
    let blanks = shape.fields.iter().map(Field::blank);
    quote! {
        impl Fields for #ident {
            fn field(&self, position: usize) -> Option<&dyn unified_event_runtime::Field> {
                Some(match position {
                    #(#positions => &self.#names,)*
                    _ => return None,
                })
            }

            fn field_mut(&mut self, position: usize) -> Option<&mut dyn unified_event_runtime::Field> {
                Some(match position {
                    #(#positions => &mut self.#names,)*
                    _ => return None,
                })
            }
        }

        impl Row for #ident {
            const TABLE: &'static Table = &tables::#table;

            fn blank() -> Self {
                Self { #(#names: #blanks,)* }
            }
        }
    }
}

/// Returns what makes the row of the wide table an event itself.
fn emit_event(shape: &Shape<'_>) -> TokenStream {
    let ident = &shape.type_name;
    quote! {
        impl #ident {
            /// Sets the columns that have a value in a group, and leaves the others as they are.
            ///
            /// # Errors
            ///
            /// When a value of the group does not fit its column.
            pub fn set_group<G: ColumnGroup<Row = Self>>(&mut self, group: &G) -> Result<(), Fault> {
                Row::set_group(self, group)
            }
        }

        impl UnifiedEvent for #ident {
            type Row = Self;

            const EVENT_TYPE: Option<&'static str> = None;

            fn record<S: Sink>(&self, sink: &mut S) {
                Row::record(self, sink);
            }
        }
    }
}
