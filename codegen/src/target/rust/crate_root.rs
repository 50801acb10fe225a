//! The root of the crate: what it is, and everything under one name.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;
use unified_event_schema::{Requirement, Schema};

use super::enums::Enums;
use super::shape::Shape;
use super::{doc, groups};

/// Returns `lib.rs`.
pub(super) fn emit(schema: &Schema, enums: &Enums<'_>, shapes: &[Shape<'_>]) -> TokenStream {
    let docs = inner(doc::attributes(&text(schema)));
    let enums = sorted(enums.iter().map(|one| &one.ident));
    let rows = sorted(shapes.iter().map(|shape| &shape.type_name));
    // By name, so that an enum and a group of one name are an error and not one hidden by the other.
    let groups = groups::names(schema);
    let wide = shapes.iter().find(|shape| shape.has_event_types).map(|shape| &shape.table);
    let fingerprint = wide.map(|table| {
        // A number and no call: every crate that reads the constant would evaluate the call again.
        let number = Literal::u64_unsuffixed(schema.fingerprint());
        quote! {
            /// What an expansion of the derive was made for must be what it is compiled with.
            pub const FINGERPRINT: u64 = #number;
            const _: () = assert!(FINGERPRINT == unified_event_runtime::table::fingerprint(&crate::tables::#table));
        }
    });
    let row = shapes.iter().find(|shape| shape.has_event_types).map(|shape| {
        let ident = &shape.type_name;
        quote! { pub use crate::rows::#ident as EventRow; }
    });
    quote! {
        #docs

        #[cfg(feature = "arrow")]
        pub mod arrow;
        mod enums;
        mod groups;
        mod rows;
        pub mod tables;

        pub use unified_event_macros::UnifiedEvent;
        pub use unified_event_runtime::{
            Closed, ColumnGroup, Fault, FaultCode, Faults, Field, Format, Json, NotTaken, Row, Scalar, Sink, Timestamp,
            TimestampError, UnifiedEvent, UnknownValue, Value, Warning, WarningCode, table, values,
        };
        #[cfg(feature = "arrow")]
        pub use unified_event_runtime::{batch, ndjson};

        pub use enums::{#(#enums),*};
        pub use groups::{#(#groups),*};
        pub use rows::{#(#rows),*};

        /// What expansions of the derive call; no part of the interface.
        #[doc(hidden)]
        pub mod __private {
            pub use unified_event_runtime::__private::*;
            /// The enums of closed sets.
            pub mod enums {
                pub use crate::{#(#enums),*};
            }
            #row
            #fingerprint
        }
    }
}

fn sorted<'a>(idents: impl Iterator<Item = &'a Ident>) -> Vec<&'a Ident> {
    let mut idents: Vec<&Ident> = idents.collect();
    idents.sort();
    idents
}

/// Turns `#[doc]` into `#![doc]`.
fn inner(attributes: TokenStream) -> TokenStream {
    attributes
        .into_iter()
        .flat_map(|token| match &token {
            proc_macro2::TokenTree::Punct(punct) if punct.as_char() == '#' => quote! { # ! },
            _ => quote! { #token },
        })
        .collect()
}

/// Returns the documentation of the crate, with the numbers of the model.
fn text(schema: &Schema) -> String {
    let counts = &schema.counts;
    let types: Vec<String> = schema.event_types.iter().map(|event_type| format!("`{}`", event_type.name)).collect();
    let row = format!("{}Row", schema.name);
    let example = if has_example(schema) { EXAMPLE } else { "" };
    format!(
        "{}\n\n\
         An event has {} event columns; with {} system columns a stored row has {}, in {} groups.\n\
         The {} event types are {}.\n\n\
         Structs of your own become events with `#[derive(UnifiedEvent)]`, which checks them against the\n\
         definition while your crate compiles; [`{row}`] is a whole row.\n{example}",
        doc::escaped(&schema.doc),
        counts.event,
        counts.system,
        counts.stored,
        schema.groups.len(),
        schema.event_types.len(),
        types.join(", "),
    )
}

/// Says whether the example compiles: it is for definitions that have its columns and require no others.
fn has_example(schema: &Schema) -> bool {
    const SET: [&str; 7] = ["id", "event_type", "event_name", "ns", "timestamp", "http_url", "page_title"];
    let is_met = |requirement: &Requirement| requirement.any_of.iter().any(|name| name == "http_url");
    let mut required = schema.events_table().columns.iter().filter(|column| column.required);
    schema.event_type("page").is_some_and(|page| page.requires.iter().all(is_met))
        && SET.iter().all(|name| schema.column(name).is_some())
        && required.all(|column| SET.contains(&column.name.as_str()))
}

const EXAMPLE: &str = r##"
```
use unified_event::{Timestamp, UnifiedEvent};

#[derive(UnifiedEvent)]
#[event(type = "page", name = "page.viewed", ns = "https://shop.example")]
struct PageViewed<'a> {
    id: &'a str,
    timestamp: Timestamp,
    #[event(column = "http_url")]
    url: &'a str,
    #[event(column = "page_title")]
    title: Option<&'a str>,
}

let timestamp = "2026-01-15T14:30:00Z".parse()?;
let event = PageViewed { id: "01KF110CNV", timestamp, url: "https://shop.example/", title: None };
assert_eq!(
    event.to_json()?,
    r#"{"id":"01KF110CNV","event_type":"page","event_name":"page.viewed","ns":"https://shop.example","timestamp":"2026-01-15T14:30:00.000000Z","http_url":"https://shop.example/"}"#,
);
assert_eq!(event.to_row()?.http_url.as_deref(), Some("https://shop.example/"));
# Ok::<(), Box<dyn std::error::Error>>(())
```"##;
