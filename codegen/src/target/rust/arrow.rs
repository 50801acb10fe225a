//! The Arrow schemas as functions.

use proc_macro2::TokenStream;
use quote::quote;

use super::shape::{Shape, identifier};

/// Returns `arrow.rs`: one function for each table.
pub(super) fn emit(shapes: &[Shape<'_>]) -> TokenStream {
    let functions = shapes.iter().filter(|shape| shape.is_stored).map(|shape| {
        let (ident, table) = (identifier(&shape.module), &shape.table);
        let docs = format!(" Returns the Arrow schema of the table `{}`.", shape.name);
        quote! {
            #[doc = #docs]
            pub fn #ident() -> SchemaRef {
                static SCHEMA: OnceLock<SchemaRef> = OnceLock::new();
                SCHEMA.get_or_init(|| schema(&tables::#table)).clone()
            }
        }
    });
    quote! {
        //! The Arrow schemas of the tables: the same as in `generated/arrow/`, built once.

        use std::sync::OnceLock;
        use unified_event_runtime::arrow::schema;
        pub use unified_event_runtime::arrow::{Schema, SchemaRef};
        use crate::tables;

        #(#functions)*
    }
}
