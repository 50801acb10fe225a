//! The groups: what a producer may set of the wide table, one struct a semantic group.

use std::borrow::Cow;

use proc_macro2::{Literal, TokenStream};
use quote::quote;
use unified_event_schema::{Column, ColumnType, Group, Schema};

use super::enums::Enums;
use super::shape::{Field, FieldType, identifier};
use super::{doc, source};
use crate::Artifact;

/// A field of a group and the position of its column in the wide table.
struct Member<'a> {
    position: usize,
    field: Field<'a>,
}

/// Returns `groups/mod.rs` and one file for each group that has columns for producers.
pub(super) fn emit(schema: &Schema, enums: &Enums<'_>) -> Vec<Artifact> {
    let groups: Vec<(&Group, Vec<Member<'_>>)> =
        schema.groups.iter().map(|group| (group, members(schema, group, enums))).collect();
    let groups: Vec<_> = groups.into_iter().filter(|(_, members)| !members.is_empty()).collect();
    let modules: Vec<_> = groups.iter().map(|(group, _)| identifier(&group.module)).collect();
    let idents = groups.iter().map(|(group, _)| identifier(&group.name));
    let root = quote! {
        //! The semantic groups of the wide table as structs, for `#[event(flatten)]`.
        //!
        //! They hold what a producer may set: columns that the pipeline computes are left out.

        #(mod #modules;)*

        #(pub use #modules::#idents;)*
    };
    let mut files = vec![source("groups/mod.rs", root)];
    for (group, members) in &groups {
        files.push(source(&format!("groups/{}.rs", group.module), module(schema, group, members)));
    }
    files
}

/// Returns the names of the structs, sorted.
pub(super) fn names(schema: &Schema) -> Vec<proc_macro2::Ident> {
    let table = schema.events_table();
    let is_emitted = |group: &&Group| table.settable_columns().any(|column| column.group.as_ref() == Some(&group.name));
    let mut names: Vec<_> = schema.groups.iter().filter(is_emitted).map(|group| identifier(&group.name)).collect();
    names.sort();
    names
}

fn members<'a>(schema: &'a Schema, group: &Group, enums: &Enums<'_>) -> Vec<Member<'a>> {
    let columns = schema.events_table().columns.iter().enumerate();
    let of_group = |column: &Column| column.group.as_ref() == Some(&group.name) && column.is_settable();
    columns
        .filter(|(_, column)| of_group(column))
        .map(|(position, column)| Member { position, field: Field::new(Cow::Borrowed(column), enums) })
        .collect()
}

fn module(schema: &Schema, group: &Group, members: &[Member<'_>]) -> TokenStream {
    let ident = identifier(&group.name);
    let row = identifier(&format!("{}Row", schema.name));
    let title = format!(" The group `{}`.", group.name);
    let docs = doc::attributes(&doc::escaped(&group.doc));
    let imports = imports(members);
    let fields = members.iter().map(|member| {
        let (name, ty) = (&member.field.ident, member.field.field_type());
        let column = &member.field.column;
        let (docs, deprecation) = (doc::of_column(schema, column), doc::deprecation(column));
        quote! { #docs #deprecation pub #name: #ty }
    });
    let (default, constructor) = emit_constructor(&ident, members);
    let copies = members.iter().map(emit_copy);
    let positions = members.iter().map(|member| Literal::usize_unsuffixed(member.position));
    let puts = members.iter().map(emit_put);
    quote! {
        #![doc = #title]
        #![allow(deprecated, reason = "deprecated columns can still be set")]

        #imports
        use crate::rows::#row;

        #docs
        #[derive(Debug, Clone, PartialEq #default)]
        pub struct #ident {
            #(#fields,)*
        }

        #constructor

        impl ColumnGroup for #ident {
            type Row = #row;

            const COLUMNS: &'static [u16] = &[#(#positions),*];

            fn record<S: Sink>(&self, sink: &mut S) {
                #(#puts)*
            }
        }

        impl From<&#row> for #ident {
            fn from(row: &#row) -> Self {
                Self { #(#copies,)* }
            }
        }
    }
}

fn imports(members: &[Member<'_>]) -> TokenStream {
    let enums: Vec<_> = members
        .iter()
        .filter_map(|member| match &member.field.ty {
            FieldType::Enum(ident) => Some(ident),
            FieldType::Plain(_) => None,
        })
        .collect();
    let enums = (!enums.is_empty()).then(|| quote! { use crate::enums::{#(#enums),*}; });
    let has = |ty: ColumnType| members.iter().any(|m| matches!(m.field.ty, FieldType::Plain(plain) if plain == ty));
    let json = has(ColumnType::Json).then(|| quote! { Json, });
    let timestamp = has(ColumnType::Timestamp).then(|| quote! { , Timestamp });
    quote! {
        use unified_event_runtime::{ColumnGroup, #json Sink #timestamp};
        #enums
    }
}

/// Returns the derive of `Default`, or `new` where columns are required.
fn emit_constructor(ident: &proc_macro2::Ident, members: &[Member<'_>]) -> (Option<TokenStream>, Option<TokenStream>) {
    let (required, others): (Vec<_>, Vec<_>) =
        members.iter().map(|member| &member.field).partition(|field| field.column.required);
    if required.is_empty() {
        return (Some(quote! { , Default }), None);
    }
    let (parameters, values): (Vec<_>, Vec<_>) = required.iter().map(|field| field.parameter()).unzip();
    let others = others.iter().map(|field| &field.ident);
    let constructor = quote! {
        impl #ident {
            /// Returns the group with its required columns, and no other.
            pub fn new(#(#parameters),*) -> Self {
                Self { #(#values,)* #(#others: None,)* }
            }
        }
    };
    (None, Some(constructor))
}

/// Returns the statement that hands a field to the sink.
fn emit_put(member: &Member<'_>) -> TokenStream {
    let (ident, position) = (&member.field.ident, Literal::usize_unsuffixed(member.position));
    let is_required = member.field.column.required;
    let value = if is_required {
        quote! { self.#ident }
    } else {
        quote! { value }
    };
    let by_reference = if is_required {
        quote! { &self.#ident }
    } else {
        quote! { value }
    };
    let put = match &member.field.ty {
        FieldType::Enum(_) => quote! { sink.string(#position, #value.as_str()) },
        FieldType::Plain(ColumnType::String) => quote! { sink.string(#position, #by_reference) },
        FieldType::Plain(ColumnType::Bool) => quote! { sink.bool(#position, #value) },
        FieldType::Plain(ColumnType::Int32) => quote! { sink.int32(#position, #value) },
        FieldType::Plain(ColumnType::Int64) => quote! { sink.int64(#position, #value) },
        FieldType::Plain(ColumnType::Float64) => quote! { sink.float64(#position, #value) },
        FieldType::Plain(ColumnType::Timestamp) => quote! { sink.timestamp(#position, #value) },
        FieldType::Plain(ColumnType::Json) => quote! { sink.json_text(#position, #by_reference) },
        FieldType::Plain(ColumnType::Binary) => quote! { sink.binary(#position, #by_reference) },
    };
    let borrows = is_owned(member);
    let pattern = if borrows {
        quote! { Some(value) = &self.#ident }
    } else {
        quote! { Some(value) = self.#ident }
    };
    if is_required {
        quote! { #put; }
    } else {
        quote! { if let #pattern { #put; } }
    }
}

/// Returns the expression that takes a field over from the row.
fn emit_copy(member: &Member<'_>) -> TokenStream {
    let ident = &member.field.ident;
    if is_owned(member) {
        quote! { #ident: row.#ident.clone() }
    } else {
        quote! { #ident: row.#ident }
    }
}

/// Says whether the values are on the heap, so that they are borrowed and cloned and not copied.
fn is_owned(member: &Member<'_>) -> bool {
    matches!(member.field.ty, FieldType::Plain(ColumnType::String | ColumnType::Json | ColumnType::Binary))
}
