//! `#[event(crate = "…")]`: where the expansion finds the generated crate.

use std::iter;

use proc_macro2::{TokenStream, TokenTree};
use syn::meta::ParseNestedMeta;
use syn::spanned::Spanned;
use syn::{Ident, LitStr, Path, Token};

use crate::attr::{ContainerAttrs, Key, faulty, set};
use crate::ctxt::Ctxt;
use crate::hygiene::{parse_quoted, quoted, site, site_at};

const HELP: &str = "say where the crate `unified_event` is found, such as `crate = \"my_telemetry::unified_event\"`";

/// Reads `crate = "path"`, or `crate = path`: a macro has no other way to write `$crate`.
pub(crate) fn read(cx: &Ctxt, meta: &ParseNestedMeta<'_>, slot: &mut Key<Path>) -> syn::Result<()> {
    if !meta.input.peek(Token![=]) {
        cx.error_with_help(&meta.path, "expected `crate = \"…\"`", HELP);
        return faulty(meta, slot);
    }
    let value = meta.value()?;
    if value.peek(LitStr) {
        let text: LitStr = value.parse()?;
        match text.parse_with(Path::parse_mod_style) {
            Ok(path) => set(cx, meta, slot, path),
            Err(_) => {
                let found = text.value();
                let underscored = found.replace('-', "_");
                let is_package = underscored != found && syn::parse_str::<Ident>(&underscored).is_ok();
                let hyphens = format!("in code, the package `{found}` is the crate `{underscored}`");
                let help = if is_package { &*hyphens } else { HELP };
                cx.error_with_help(&text, format_args!("`{found}` is not the path of a crate"), help);
                *slot = Key::Faulty;
            }
        }
        return Ok(());
    }
    // The path must be all there is up to the next key.
    let ahead = value.fork();
    if ahead.call(Path::parse_mod_style).is_ok() && (ahead.is_empty() || ahead.peek(Token![,])) {
        set(cx, meta, slot, value.call(Path::parse_mod_style)?);
        return Ok(());
    }
    if value.is_empty() || value.peek(Token![,]) {
        cx.error_with_help(&meta.path, "expected a path after `crate =`", HELP);
        return faulty(meta, slot);
    }
    let ahead = value.fork();
    let found =
        iter::from_fn(|| (!ahead.is_empty() && !ahead.peek(Token![,])).then(|| ahead.parse::<TokenTree>().ok())?);
    cx.error_with_help(found.collect::<TokenStream>(), "the value of `crate` is not the path of a crate", HELP);
    faulty(meta, slot)
}

/// Returns the import of what an expansion calls; `None` when what is said of the crate is faulty.
///
/// It is all that the path is used for, so that a wrong one is one error, at the path.
pub(crate) fn import(attrs: &ContainerAttrs) -> Option<TokenStream> {
    let (path, private) = match &attrs.krate {
        Key::Absent => (parse_quoted!(::unified_event), Ident::new("__private", site())),
        Key::Given(path) => (path.clone(), Ident::new("__private", site_at(path.span()))),
        Key::Faulty => return None,
    };
    Some(quoted! { use #path::#private as __unified_event; })
}
