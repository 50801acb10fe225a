//! The code of a struct that passed every check. Nothing is validated here.

mod bounds;

use proc_macro2::{Literal, TokenStream};
use quote::{format_ident, quote_spanned};
use syn::spanned::Spanned;
use syn::{Generics, Ident, Type};
use unified_event_schema::ColumnType;

use crate::ast::Container;
use crate::check::{Deprecated, Guard, Plan, Presence, Step, StepKind};
use crate::crate_path;
use crate::definition::{Column, Definition};
use crate::hygiene::{parse_quoted, quoted, site_at};
use crate::rust_type::option_contents;

/// Returns the impls of an event.
///
/// ```ignore
/// const _: () = {
///     // All that follows is found by this one path, whatever else the names mean in the user's module.
///     use ::unified_event::__private as __unified_event;
///
///     // The generated crate is of the definition that the struct was checked against.
///     const _: () = assert!(FINGERPRINT == 0x…, "generated/ is stale: …");
///
///     impl UnifiedEvent for PageViewed<'_> {
///         type Row = UnifiedEventRow;
///         const EVENT_TYPE: Option<&'static str> = Some("page");
///         fn record<S: Sink>(&self, sink: &mut S) {
///             <&str as StringValue>::record(&self.id, 0, sink);
///             sink.string(1, "page");
///             …
///         }
///     }
///
///     impl TryFrom<&PageViewed<'_>> for UnifiedEventRow { … }
/// };
/// ```
pub(crate) fn expand(definition: &Definition, container: &Container<'_>, plan: &Plan<'_>) -> TokenStream {
    let fingerprint = Literal::u64_suffixed(definition.fingerprint);
    let import = crate_path::import(container.attrs);
    let event = unified_event(container, plan);
    let conversion = try_from(container);
    let deprecations = plan.deprecated.iter().map(deprecation);
    // What the user has deprecated is named here, but its use is the user's to be warned of.
    let allow = container.is_deprecated.then(|| quoted! { #[allow(deprecated)] });
    quoted! {
        #allow
        #[doc(hidden)]
        const _: () = {
            #import

            const _: () = __unified_event::core::assert!(
                __unified_event::FINGERPRINT == #fingerprint,
                "generated/ is stale: run `cargo run codegen`"
            );
            #event
            #conversion
        };
        #(#deprecations)*
    }
}

fn unified_event(container: &Container<'_>, plan: &Plan<'_>) -> TokenStream {
    let ident = container.ident;
    let event_type = match container.attrs.event_type.given() {
        Some(name) => quoted! { __unified_event::core::option::Option::Some(#name) },
        None => quoted! { __unified_event::core::option::Option::None },
    };
    let guards = plan.guards.iter().map(guard);
    let params = bounds::Params::of(container.generics);
    let steps = plan.steps.iter().map(|one| step(one, &params));
    let generics = bounds::with_bounds(container.generics, plan);
    let (impl_generics, ty_generics, where_clause) = generics.split_for_impl();
    quoted! {
        #[automatically_derived]
        impl #impl_generics __unified_event::UnifiedEvent for #ident #ty_generics #where_clause {
            type Row = __unified_event::EventRow;

            const EVENT_TYPE: __unified_event::core::option::Option<&'static __unified_event::core::primitive::str> = #event_type;

            #[inline]
            fn record<__S: __unified_event::Sink>(&self, __sink: &mut __S) {
                #(#guards)*
                #(#steps)*
            }
        }
    }
}

/// Returns the conversion into a row, which is `to_row` under the name that generic code knows.
fn try_from(container: &Container<'_>) -> TokenStream {
    let ident = container.ident;
    let (_, ty_generics, _) = container.generics.split_for_impl();
    let mut generics = borrowed_generics(container.generics);
    if container.generics.type_params().next().is_some() {
        generics.make_where_clause().predicates.push(parse_quoted!(#ident #ty_generics: __unified_event::UnifiedEvent<
            Row = __unified_event::EventRow
        >));
    }
    let (impl_generics, _, where_clause) = generics.split_for_impl();
    quoted! {
        #[automatically_derived]
        impl #impl_generics __unified_event::core::convert::TryFrom<&'__event #ident #ty_generics>
            for __unified_event::EventRow
        #where_clause
        {
            type Error = __unified_event::Fault;

            // Only who converts compiles the conversion.
            #[inline]
            fn try_from(__event: &'__event #ident #ty_generics) -> __unified_event::core::result::Result<Self, Self::Error> {
                __unified_event::UnifiedEvent::to_row(__event)
            }
        }
    }
}

/// Returns the generics with a lifetime for a reference to the struct.
pub(crate) fn borrowed_generics(generics: &Generics) -> Generics {
    let mut generics = generics.clone();
    generics.params.insert(0, parse_quoted!('__event));
    generics
}

fn step(step: &Step<'_>, params: &bounds::Params) -> TokenStream {
    let position = Literal::usize_suffixed(step.position);
    match &step.kind {
        StepKind::Literal(text) => quoted! { __unified_event::Sink::string(__sink, #position, #text); },
        StepKind::Group { ident, ty } => each(ident, ty, |contents, value| {
            let contents = params.bounded(contents);
            quote_spanned! {site_at(contents.span())=>
                <#contents as __unified_event::ColumnGroup>::record(#value, __sink);
            }
        }),
        StepKind::Field { ident, ty, column, is_json } => {
            each(ident, ty, |contents, value| put(&position, column, params.bounded(contents), *is_json, value))
        }
    }
}

/// Returns what is done with the value of a field, if it is an `Option` only where there is one.
///
/// The value is a reference, and coerces where the field is a pointer.
fn each(ident: &Ident, ty: &Type, statement: impl FnOnce(&Type, &TokenStream) -> TokenStream) -> TokenStream {
    let Some(contents) = option_contents(ty) else { return statement(ty, &quoted! { &self.#ident }) };
    let statement = statement(contents, &quoted! { __value });
    quoted! {
        if let __unified_event::core::option::Option::Some(__value) =
            __unified_event::core::option::Option::as_ref(&self.#ident)
        {
            #statement
        }
    }
}

/// Returns the statement that hands a value to the sink; `value` is a reference to it.
///
/// The type is said in full, so that a missing impl is an error at the type of the field.
fn put(position: &Literal, column: &Column, ty: &Type, is_json: bool, value: &TokenStream) -> TokenStream {
    let values = bounds::value_trait(column, is_json);
    let table = (column.ty == ColumnType::Timestamp).then(|| {
        quoted! { <Self as __unified_event::UnifiedEvent>::TABLE, }
    });
    quote_spanned! {site_at(ty.span())=> <#ty as #values>::record(#value, #table #position, __sink); }
}

/// Returns the check that an event has one of the columns that its type requires.
fn guard(guard: &Guard<'_>) -> TokenStream {
    let absent = guard.places.iter().map(absent);
    let event_type = guard.event_type;
    let any_of = guard.any_of.iter().map(|position| Literal::usize_unsuffixed(*position));
    quoted! {
        if #(#absent)&&* {
            __unified_event::Sink::fault(
                __sink,
                __unified_event::core::option::Option::None,
                __unified_event::requirement_fault(
                    <Self as __unified_event::UnifiedEvent>::TABLE,
                    #event_type,
                    &[#(#any_of),*],
                ),
            );
        }
    }
}

fn absent(presence: &Presence<'_>) -> TokenStream {
    // Said as paths: a method would be looked up among the traits that the user has in scope, too.
    let option = quoted! { __unified_event::core::option::Option };
    match presence {
        Presence::Always => quoted! { false },
        Presence::IfSome(ident) => quoted! { #option::is_none(&self.#ident) },
        Presence::InGroup { ident, is_optional: false, column } => {
            let column = field_of_group(column);
            quoted! { #option::is_none(&self.#ident.#column) }
        }
        Presence::InGroup { ident, is_optional: true, column } => {
            let column = field_of_group(column);
            quoted! {
                #option::is_none_or(#option::as_ref(&self.#ident), |__group| #option::is_none(&__group.#column))
            }
        }
    }
}

/// Returns the field of a generated group: raw where the name of the column is a keyword.
fn field_of_group(column: &str) -> Ident {
    syn::parse_str(column).unwrap_or_else(|_| Ident::new_raw(column, proc_macro2::Span::call_site()))
}

/// Returns an item that uses a deprecated constant in place of the column: the only way to warn on stable.
fn deprecation(Deprecated { at, column, note, lints }: &Deprecated<'_>) -> TokenStream {
    let name = format_ident!("column_{column}", span = at.span());
    quoted! {
        #(#lints)*
        const _: () = {
            #[deprecated(note = #note)]
            #[allow(non_upper_case_globals, reason = "the warning says the name")]
            const #name: () = ();
            #name
        };
    }
}
