//! One hygiene for all code that the derive writes.
//!
//! A struct may come out of a macro, where the tokens of a field are of another place than those of the
//! next. A local of the expansion must not take its hygiene from any of them: its uses would no longer
//! find it. So every token is of the mixed site, and spans of the user's only say where.

use proc_macro2::Span;

/// Returns the span of code that is written for the whole struct.
pub(crate) fn site() -> Span {
    Span::mixed_site()
}

/// Returns the span of code that is written for something of the user's: faults show there.
pub(crate) fn site_at(place: Span) -> Span {
    Span::mixed_site().located_at(place)
}

/// `quote!`, with the hygiene of the derive.
macro_rules! quoted {
    ($($tokens:tt)*) => {
        ::quote::quote_spanned! {$crate::hygiene::site()=> $($tokens)*}
    };
}

/// `parse_quote!`, with the hygiene of the derive.
macro_rules! parse_quoted {
    ($($tokens:tt)*) => {
        ::syn::parse_quote_spanned! {$crate::hygiene::site()=> $($tokens)*}
    };
}

pub(crate) use {parse_quoted, quoted};
