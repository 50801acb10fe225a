//! Resolves the definition once, so that the derive has it as tables in its own code.

#[path = "src/definition/resolve.rs"]
mod resolve;
#[path = "src/definition/tables.rs"]
mod tables;

use std::path::Path;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use unified_event_schema::Schema;

use tables::{Column, EventType, Group};

fn main() -> std::io::Result<()> {
    // The definition comes with the schema crate, for whose changes cargo looks by itself.
    println!("cargo::rerun-if-changed=build.rs");
    let definition = match Schema::embedded() {
        Ok(schema) => definition(&schema),
        // The derive says it where it is used: a build script that fails shows no excerpts.
        Err(faults) => {
            let faults = faults.to_string();
            quote! { Err(#faults) }
        }
    };
    let folder = std::env::var_os("OUT_DIR").ok_or_else(|| std::io::Error::other("cargo sets OUT_DIR"))?;
    std::fs::write(Path::new(&folder).join("definition.rs"), definition.to_string())
}

fn definition(schema: &Schema) -> TokenStream {
    let tables::Definition { columns, by_name, event_types, groups, fingerprint } = resolve::resolve(schema);
    let columns = columns.iter().map(column);
    let event_types = event_types.iter().map(|EventType { name, requires }| {
        quote! { EventType { name: #name, requires: &[#(&[#(#requires),*]),*] } }
    });
    let groups =
        groups.iter().map(|Group { name, columns }| quote! { Group { name: #name, columns: &[#(#columns),*] } });
    quote! {
        Ok(Definition {
            columns: &[#(#columns),*],
            by_name: &[#(#by_name),*],
            event_types: &[#(#event_types),*],
            groups: &[#(#groups),*],
            fingerprint: #fingerprint,
        })
    }
}

fn column(column: &Column) -> TokenStream {
    let Column { position, name, ty, required, non_empty, settable, closed, deprecated } = column;
    let ty = format_ident!("{ty:?}");
    let deprecated = deprecated.map_or_else(|| quote! { None }, |note| quote! { Some(#note) });
    quote! {
        Column {
            position: #position,
            name: #name,
            ty: ColumnType::#ty,
            required: #required,
            non_empty: #non_empty,
            settable: #settable,
            closed: #closed,
            deprecated: #deprecated,
        }
    }
}
