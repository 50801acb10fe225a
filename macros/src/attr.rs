//! `#[event(…)]` on structs and fields. Faults go to the context, and reading goes on.

use std::fmt::Display;

use proc_macro2::{Group, TokenTree};
use syn::meta::ParseNestedMeta;
use syn::{Attribute, LitStr, Meta, Path, Token};
use unified_event_schema::suggest;

use crate::crate_path;
use crate::ctxt::Ctxt;
use crate::symbol::{COLUMN, CONTAINER_KEYS, CRATE, EVENT, FIELD_KEYS, FLATTEN, JSON, NAME, NS, SKIP, Symbol, TYPE};

/// What is said on a struct.
#[derive(Default)]
pub(crate) struct ContainerAttrs {
    pub(crate) event_type: Key<LitStr>,
    pub(crate) name: Key<LitStr>,
    pub(crate) ns: Key<LitStr>,
    /// The path of the generated crate.
    pub(crate) krate: Key<Path>,
}

/// What is said on a field.
#[derive(Default)]
pub(crate) struct FieldAttrs {
    pub(crate) column: Key<LitStr>,
    pub(crate) flatten: Key<Path>,
    pub(crate) json: Key<Path>,
    pub(crate) skip: Key<Path>,
}

/// A key, as far as it was given.
#[derive(Default)]
pub(crate) enum Key<T> {
    #[default]
    Absent,
    /// Its fault is reported; it is no second fault that it says nothing.
    Faulty,
    Given(T),
}

impl<T> Key<T> {
    pub(crate) fn given(&self) -> Option<&T> {
        match self {
            Self::Given(value) => Some(value),
            Self::Absent | Self::Faulty => None,
        }
    }

    pub(crate) fn is_faulty(&self) -> bool {
        matches!(self, Self::Faulty)
    }

    fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }
}

impl ContainerAttrs {
    pub(crate) fn read(cx: &Ctxt, attributes: &[Attribute]) -> Self {
        let mut attrs = Self::default();
        each_key(cx, attributes, "a struct", |meta| {
            let key = known_key(cx, meta, "a struct", CONTAINER_KEYS);
            let slot = match key.symbol {
                Some(TYPE) => &mut attrs.event_type,
                Some(NAME) => &mut attrs.name,
                Some(NS) => &mut attrs.ns,
                Some(CRATE) if !key.is_meant => return crate_path::read(cx, meta, &mut attrs.krate),
                Some(CRATE) => return faulty(meta, &mut attrs.krate),
                _ => return skip_value(meta),
            };
            text(cx, meta, slot, key.is_meant)
        });
        attrs
    }
}

impl FieldAttrs {
    pub(crate) fn read(cx: &Ctxt, attributes: &[Attribute]) -> Self {
        let mut attrs = Self::default();
        each_key(cx, attributes, "a field", |meta| {
            let key = known_key(cx, meta, "a field", FIELD_KEYS);
            let slot = match key.symbol {
                Some(COLUMN) => return text(cx, meta, &mut attrs.column, key.is_meant),
                Some(FLATTEN) => &mut attrs.flatten,
                Some(JSON) => &mut attrs.json,
                Some(SKIP) => &mut attrs.skip,
                _ => return skip_value(meta),
            };
            flag(cx, meta, slot, key.is_meant)
        });
        attrs.exclude_each_other(cx);
        attrs
    }

    /// `skip` leaves nothing to say, and `flatten` only the type.
    fn exclude_each_other(&self, cx: &Ctxt) {
        let column = self.column.given().map(|_| COLUMN);
        let json = self.json.given().map(|_| JSON);
        let flatten = self.flatten.given().map(|_| FLATTEN);
        if let Some(skip) = self.skip.given() {
            for other in [column, json, flatten].into_iter().flatten() {
                cx.error(skip, format_args!("key `{SKIP}` excludes key `{other}`"));
            }
        } else if let Some(flatten) = self.flatten.given() {
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

/// A key as it was found.
struct FoundKey {
    /// The key, or the one that it resembles.
    symbol: Option<Symbol>,
    /// Whether it only resembles the key, which is reported already.
    is_meant: bool,
}

/// Returns the key that is written, or reports that there is no such key.
fn known_key(cx: &Ctxt, meta: &ParseNestedMeta<'_>, place: &str, keys: &[Symbol]) -> FoundKey {
    if let Some(symbol) = keys.iter().find(|symbol| meta.path == **symbol) {
        return FoundKey { symbol: Some(*symbol), is_meant: false };
    }
    let key = key_of(&meta.path);
    let nearest = suggest::nearest(&key, keys.iter().map(|key| key.0));
    let allowed = allowed(place, keys);
    let help = match nearest.first() {
        Some(nearest) => format!("did you mean `{nearest}`? {allowed}"),
        None => allowed,
    };
    cx.error_with_help(&meta.path, format_args!("key `{key}` is not known on {place}"), help);
    let symbol = nearest.first().and_then(|nearest| keys.iter().find(|key| key.0 == *nearest)).copied();
    FoundKey { symbol, is_meant: true }
}

/// Reads `key = "text"`.
fn text(cx: &Ctxt, meta: &ParseNestedMeta<'_>, slot: &mut Key<LitStr>, is_meant: bool) -> syn::Result<()> {
    let key = key_of(&meta.path);
    if is_meant {
        return faulty(meta, slot);
    }
    if !meta.input.peek(Token![=]) {
        cx.error(&meta.path, format_args!("expected `{key} = \"…\"`"));
        return faulty(meta, slot);
    }
    let value = meta.value()?;
    if !value.peek(LitStr) {
        let found: TokenTree = value.parse()?;
        cx.error(&found, format_args!("expected text in quotes after `{key} =`, found `{found}`"));
        return faulty(meta, slot);
    }
    set(cx, meta, slot, value.parse()?);
    Ok(())
}

/// Reads a key without a value.
fn flag(cx: &Ctxt, meta: &ParseNestedMeta<'_>, slot: &mut Key<Path>, is_meant: bool) -> syn::Result<()> {
    if !is_meant && (meta.input.is_empty() || meta.input.peek(Token![,])) {
        set(cx, meta, slot, meta.path.clone());
        return Ok(());
    }
    if !is_meant {
        cx.error(&meta.path, format_args!("key `{}` takes no value", key_of(&meta.path)));
    }
    faulty(meta, slot)
}

/// Passes over the value of a key whose fault is reported.
pub(crate) fn faulty<T>(meta: &ParseNestedMeta<'_>, slot: &mut Key<T>) -> syn::Result<()> {
    if slot.is_absent() {
        *slot = Key::Faulty;
    }
    skip_value(meta)
}

/// Takes the value of a key, unless it has one.
pub(crate) fn set<T>(cx: &Ctxt, meta: &ParseNestedMeta<'_>, slot: &mut Key<T>, value: T) {
    if slot.is_absent() {
        *slot = Key::Given(value);
    } else {
        cx.error(&meta.path, format_args!("key `{}` is given twice", key_of(&meta.path)));
    }
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
