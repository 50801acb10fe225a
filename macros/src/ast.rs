//! The struct as the derive sees it, with what each part was written as.

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::{Attribute, Data, DeriveInput, Fields, Generics, Ident, LitStr, Path, Type};

use crate::attr::{ContainerAttrs, FieldAttrs, Key};
use crate::ctxt::Ctxt;

/// A struct that is to be an event.
pub(crate) struct Container<'a> {
    pub(crate) ident: &'a Ident,
    pub(crate) generics: &'a Generics,
    pub(crate) attrs: &'a ContainerAttrs,
    pub(crate) fields: Vec<Field<'a>>,
    /// Whether the user has deprecated the struct or a field of it.
    pub(crate) is_deprecated: bool,
    /// Whether a field says nothing that can be understood, so that it cannot be told what is missing.
    pub(crate) is_partial: bool,
}

/// One field.
pub(crate) struct Field<'a> {
    pub(crate) ident: &'a Ident,
    pub(crate) ty: &'a Type,
    /// The attributes that set levels of lints: code that is written for the field obeys them.
    pub(crate) lints: Vec<&'a Attribute>,
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
        json: Key<Path>,
    },
    /// It sets the columns of a group.
    Flatten,
    /// It sets nothing.
    Skip,
    /// It cannot be told.
    Faulty,
}

impl<'a> Container<'a> {
    /// Reads a struct; `None` when it is not one with named fields.
    pub(crate) fn read(cx: &Ctxt, attrs: &'a ContainerAttrs, input: &'a DeriveInput) -> Option<Self> {
        let fields = named_fields(cx, input)?;
        let roles: Vec<_> = fields.named.iter().filter_map(|field| Some((field, field.ident.as_ref()?))).collect();
        let roles: Vec<_> =
            roles.into_iter().map(|(field, ident)| (field, ident, Role::read(cx, field, ident))).collect();
        Some(Self {
            ident: &input.ident,
            generics: &input.generics,
            attrs,
            is_deprecated: is_deprecated(&input.attrs) || fields.named.iter().any(|field| is_deprecated(&field.attrs)),
            is_partial: roles.iter().any(|(_, _, role)| matches!(role, Role::Faulty)),
            fields: roles
                .into_iter()
                .map(|(field, ident, role)| Field {
                    ident,
                    ty: &field.ty,
                    lints: lints(&input.attrs).chain(lints(&field.attrs)).collect(),
                    role,
                })
                .collect(),
        })
    }
}

fn is_deprecated(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| attribute.path().is_ident("deprecated"))
}

/// Returns the attributes that set levels of lints.
fn lints(attributes: &[Attribute]) -> impl Iterator<Item = &Attribute> {
    const LEVELS: [&str; 4] = ["allow", "warn", "deny", "forbid"];
    attributes.iter().filter(|attribute| LEVELS.iter().any(|level| attribute.path().is_ident(level)))
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

impl Role {
    fn read(cx: &Ctxt, field: &syn::Field, ident: &Ident) -> Self {
        let attrs = FieldAttrs::read(cx, &field.attrs);
        if attrs.column.is_faulty() || attrs.flatten.is_faulty() || attrs.skip.is_faulty() {
            return Self::Faulty;
        }
        if attrs.skip.given().is_some() {
            return Self::Skip;
        }
        if attrs.flatten.given().is_some() {
            return Self::Flatten;
        }
        let written = attrs.column.given().cloned();
        let name = written.as_ref().map_or_else(|| ident.unraw().to_string(), LitStr::value);
        Self::Column { name, written, json: attrs.json }
    }
}

/// Where a column is named: the text of the attribute, or the field itself.
pub(crate) fn place(written: Option<&LitStr>, ident: &Ident) -> TokenStream {
    written.map_or_else(|| ident.to_token_stream(), ToTokens::to_token_stream)
}
