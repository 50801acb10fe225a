//! The struct as the derive sees it, with what each part was written as.

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::{Data, DeriveInput, Fields, Generics, Ident, LitStr, Path, Type};

use crate::attr::{ContainerAttrs, FieldAttrs};
use crate::ctxt::Ctxt;

/// A struct that is to be an event.
pub(crate) struct Container<'a> {
    pub(crate) ident: &'a Ident,
    pub(crate) generics: &'a Generics,
    pub(crate) attrs: ContainerAttrs,
    pub(crate) fields: Vec<Field<'a>>,
}

/// One field that takes part.
pub(crate) struct Field<'a> {
    pub(crate) ident: &'a Ident,
    pub(crate) ty: &'a Type,
    pub(crate) role: Role,
}

/// What a field is for.
pub(crate) enum Role {
    /// It sets one column.
    Column {
        name: String,
        /// Where the name is written, when not as the name of the field.
        written: Option<LitStr>,
        /// `#[event(json)]`.
        json: Option<Path>,
    },
    /// It sets the columns of a group.
    Flatten,
}

impl<'a> Container<'a> {
    /// Reads a struct; `None` when it is not one with named fields.
    pub(crate) fn read(cx: &Ctxt, input: &'a DeriveInput) -> Option<Self> {
        let attrs = ContainerAttrs::read(cx, &input.attrs);
        let fields = named_fields(cx, input)?;
        let fields = fields.iter().filter_map(|field| Field::read(cx, field)).collect();
        Some(Self { ident: &input.ident, generics: &input.generics, attrs, fields })
    }
}

fn named_fields<'a>(cx: &Ctxt, input: &'a DeriveInput) -> Option<&'a syn::FieldsNamed> {
    let (tokens, found): (TokenStream, _) = match &input.data {
        Data::Struct(data) => match &data.fields {
            Fields::Named(fields) => return Some(fields),
            Fields::Unnamed(fields) => (fields.to_token_stream(), "a tuple struct"),
            Fields::Unit => (input.ident.to_token_stream(), "a struct without fields"),
        },
        Data::Enum(data) => (data.enum_token.to_token_stream(), "an enum"),
        Data::Union(data) => (data.union_token.to_token_stream(), "a union"),
    };
    cx.error_with_help(
        tokens,
        format_args!("expected a struct with named fields, found {found}"),
        "columns are matched by the names of fields",
    );
    None
}

impl<'a> Field<'a> {
    fn read(cx: &Ctxt, field: &'a syn::Field) -> Option<Self> {
        let attrs = FieldAttrs::read(cx, &field.attrs);
        let ident = field.ident.as_ref()?;
        if attrs.skip.is_some() {
            return None;
        }
        let role = if attrs.flatten.is_some() {
            Role::Flatten
        } else {
            let name = attrs.column.as_ref().map_or_else(|| ident.unraw().to_string(), LitStr::value);
            Role::Column { name, written: attrs.column, json: attrs.json }
        };
        Some(Self { ident, ty: &field.ty, role })
    }
}

/// Where a column is named: the text of the attribute, or the field itself.
pub(crate) fn place(written: Option<&LitStr>, ident: &Ident) -> TokenStream {
    written.map_or_else(|| ident.to_token_stream(), ToTokens::to_token_stream)
}
