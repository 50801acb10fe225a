//! `#[event(…)]` on structs and fields. Faults go to the context, and reading goes on.

use std::fmt::Display;

use proc_macro2::{Group, TokenTree};
use syn::meta::ParseNestedMeta;
use syn::{Attribute, LitStr, Meta, Path, Token};
use unified_event_schema::naming;

use crate::ctxt::Ctxt;
use crate::symbol::{COLUMN, CONTAINER_KEYS, EVENT, FIELD_KEYS, FLATTEN, JSON, NAME, NS, SKIP, Symbol, TYPE};

/// What is said on a struct.
#[derive(Default)]
pub(crate) struct ContainerAttrs {
    pub(crate) event_type: Option<LitStr>,
    pub(crate) name: Option<LitStr>,
    pub(crate) ns: Option<LitStr>,
}

/// What is said on a field.
#[derive(Default)]
pub(crate) struct FieldAttrs {
    pub(crate) column: Option<LitStr>,
    pub(crate) flatten: Option<Path>,
    pub(crate) json: Option<Path>,
    pub(crate) skip: Option<Path>,
}

impl ContainerAttrs {
    pub(crate) fn read(cx: &Ctxt, attributes: &[Attribute]) -> Self {
        let mut attrs = Self::default();
        each_key(cx, attributes, "a struct", |meta| {
            let slot = match &meta.path {
                path if *path == TYPE => &mut attrs.event_type,
                path if *path == NAME => &mut attrs.name,
                path if *path == NS => &mut attrs.ns,
                _ => return unknown_key(cx, meta, "a struct", CONTAINER_KEYS),
            };
            text(cx, meta, slot)
        });
        attrs
    }
}

impl FieldAttrs {
    pub(crate) fn read(cx: &Ctxt, attributes: &[Attribute]) -> Self {
        let mut attrs = Self::default();
        each_key(cx, attributes, "a field", |meta| match &meta.path {
            path if *path == COLUMN => text(cx, meta, &mut attrs.column),
            path if *path == FLATTEN => flag(cx, meta, &mut attrs.flatten),
            path if *path == JSON => flag(cx, meta, &mut attrs.json),
            path if *path == SKIP => flag(cx, meta, &mut attrs.skip),
            _ => unknown_key(cx, meta, "a field", FIELD_KEYS),
        });
        attrs.exclude_each_other(cx);
        attrs
    }

    /// `skip` leaves nothing to say, and `flatten` only the type.
    fn exclude_each_other(&self, cx: &Ctxt) {
        let column = self.column.is_some().then_some(COLUMN);
        let json = self.json.is_some().then_some(JSON);
        let flatten = self.flatten.is_some().then_some(FLATTEN);
        if let Some(skip) = &self.skip {
            for other in [column, json, flatten].into_iter().flatten() {
                cx.error(skip, format_args!("key `{SKIP}` excludes key `{other}`"));
            }
        } else if let Some(flatten) = &self.flatten {
            for other in [column, json].into_iter().flatten() {
                cx.error(flatten, format_args!("key `{FLATTEN}` excludes key `{other}`"));
            }
        }
    }
}

/// Calls `read` for every key in every `#[event(…)]`.
fn each_key(
    cx: &Ctxt,
    attributes: &[Attribute],
    place: &str,
    mut read: impl FnMut(&ParseNestedMeta<'_>) -> syn::Result<()>,
) {
    for attribute in attributes.iter().filter(|attribute| *attribute.path() == EVENT) {
        match &attribute.meta {
            Meta::List(list) if list.tokens.is_empty() => cx.error(attribute, empty(place)),
            Meta::List(_) => {
                if let Err(error) = attribute.parse_nested_meta(|meta| read(&meta)) {
                    cx.syn_error(error);
                }
            }
            _ => cx.error(attribute, empty(place)),
        }
    }
}

fn empty(place: &str) -> impl Display {
    let keys = if place == "a field" { FIELD_KEYS } else { CONTAINER_KEYS };
    format!("expected `#[event(…)]` with keys\nhelp: {}", allowed(place, keys))
}

fn allowed(place: &str, keys: &[Symbol]) -> String {
    let keys: Vec<String> = keys.iter().map(|key| format!("`{key}`")).collect();
    format!("{place} may have {}", keys.join(", "))
}

/// Reads `key = "text"`.
fn text(cx: &Ctxt, meta: &ParseNestedMeta<'_>, slot: &mut Option<LitStr>) -> syn::Result<()> {
    let key = key_of(&meta.path);
    if !meta.input.peek(Token![=]) {
        cx.error(&meta.path, format_args!("expected `{key} = \"…\"`"));
        return skip_value(meta);
    }
    let value = meta.value()?;
    if !value.peek(LitStr) {
        let found: TokenTree = value.parse()?;
        cx.error(&found, format_args!("expected text in quotes after `{key} =`, found `{found}`"));
        return Ok(());
    }
    set(cx, meta, slot, value.parse()?);
    Ok(())
}

/// Reads a key without a value.
fn flag(cx: &Ctxt, meta: &ParseNestedMeta<'_>, slot: &mut Option<Path>) -> syn::Result<()> {
    if meta.input.is_empty() || meta.input.peek(Token![,]) {
        set(cx, meta, slot, meta.path.clone());
        return Ok(());
    }
    cx.error(&meta.path, format_args!("key `{}` takes no value", key_of(&meta.path)));
    skip_value(meta)
}

fn set<T>(cx: &Ctxt, meta: &ParseNestedMeta<'_>, slot: &mut Option<T>, value: T) {
    if slot.is_some() {
        cx.error(&meta.path, format_args!("key `{}` is given twice", key_of(&meta.path)));
    } else {
        *slot = Some(value);
    }
}

fn unknown_key(cx: &Ctxt, meta: &ParseNestedMeta<'_>, place: &str, keys: &[Symbol]) -> syn::Result<()> {
    let key = key_of(&meta.path);
    let allowed = allowed(place, keys);
    let help = match naming::did_you_mean(&key, keys.iter().map(|key| key.0)) {
        Some(question) => format!("{question} {allowed}"),
        None => allowed,
    };
    cx.error_with_help(&meta.path, format_args!("key `{key}` is not known on {place}"), help);
    skip_value(meta)
}

/// Passes over whatever follows a key, so that the next one is read.
fn skip_value(meta: &ParseNestedMeta<'_>) -> syn::Result<()> {
    if meta.input.peek(syn::token::Paren) {
        meta.input.parse::<Group>()?;
    }
    while !meta.input.is_empty() && !meta.input.peek(Token![,]) {
        meta.input.parse::<TokenTree>()?;
    }
    Ok(())
}

fn key_of(path: &Path) -> String {
    let segments: Vec<String> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
    segments.join("::")
}
