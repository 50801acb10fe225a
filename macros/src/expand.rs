//! The code of a struct that passed every check. Nothing is validated here.

mod bounds;

use proc_macro2::{Literal, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Generics, Ident, LitStr, Type, parse_quote};
use unified_event_schema::ColumnType;

use crate::ast::Container;
use crate::check::{Deprecated, Guard, Plan, Presence, Step, StepKind};
use crate::definition::{Column, Definition};
use crate::rust_type::option_contents;

/// Returns the impls of an event.
///
/// ```ignore
/// const _: () = {
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
    let event = unified_event(container, plan);
    let conversion = try_from(container);
    let deprecations = plan.deprecated.iter().map(deprecation);
    quote! {
        #[doc(hidden)]
        const _: () = {
            const _: () = ::core::assert!(
                ::unified_event::__private::FINGERPRINT == #fingerprint,
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
        Some(name) => quote! { ::core::option::Option::Some(#name) },
        None => quote! { ::core::option::Option::None },
    };
    let guards = plan.guards.iter().map(guard);
    let steps = plan.steps.iter().map(step);
    let generics = bounds::with_bounds(container.generics, plan);
    let (impl_generics, ty_generics, where_clause) = generics.split_for_impl();
    quote! {
        #[automatically_derived]
        impl #impl_generics ::unified_event::UnifiedEvent for #ident #ty_generics #where_clause {
            type Row = ::unified_event::__private::EventRow;

            const EVENT_TYPE: ::core::option::Option<&'static ::core::primitive::str> = #event_type;

            #[inline]
            fn record<__S: ::unified_event::Sink>(&self, __sink: &mut __S) {
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
        generics.make_where_clause().predicates.push(parse_quote!(#ident #ty_generics: ::unified_event::UnifiedEvent<
            Row = ::unified_event::__private::EventRow
        >));
    }
    let (impl_generics, _, where_clause) = generics.split_for_impl();
    quote! {
        #[automatically_derived]
        impl #impl_generics ::core::convert::TryFrom<&'__event #ident #ty_generics>
            for ::unified_event::__private::EventRow
        #where_clause
        {
            type Error = ::unified_event::Fault;

            // Only who converts compiles the conversion.
            #[inline]
            fn try_from(__event: &'__event #ident #ty_generics) -> ::core::result::Result<Self, Self::Error> {
                ::unified_event::UnifiedEvent::to_row(__event)
            }
        }
    }
}

/// Returns the generics with a lifetime for a reference to the struct.
pub(crate) fn borrowed_generics(generics: &Generics) -> Generics {
    let mut generics = generics.clone();
    generics.params.insert(0, parse_quote!('__event));
    generics
}

fn step(step: &Step<'_>) -> TokenStream {
    let position = Literal::usize_suffixed(step.position);
    match &step.kind {
        StepKind::Literal(text) => literal(&position, text),
        StepKind::Group { ident, ty } => group(ident, ty),
        StepKind::Field { ident, ty, column, is_json } => match option_contents(ty) {
            Some(contents) => {
                let value = put(&position, column, contents, *is_json, &quote! { __value });
                quote! {
                    if let ::core::option::Option::Some(__value) = ::core::option::Option::as_ref(&self.#ident) {
                        #value
                    }
                }
            }
            None => put(&position, column, ty, *is_json, &quote! { &self.#ident }),
        },
    }
}

fn literal(position: &Literal, text: &LitStr) -> TokenStream {
    quote! { ::unified_event::Sink::string(__sink, #position, #text); }
}

fn group(ident: &Ident, ty: &Type) -> TokenStream {
    match option_contents(ty) {
        Some(contents) => quote_spanned! {contents.span()=>
            if let ::core::option::Option::Some(__group) = ::core::option::Option::as_ref(&self.#ident) {
                <#contents as ::unified_event::ColumnGroup>::record(__group, __sink);
            }
        },
        None => quote_spanned! {ty.span()=>
            <#ty as ::unified_event::ColumnGroup>::record(&self.#ident, __sink);
        },
    }
}

/// Returns the statement that hands a value to the sink; `value` is a reference to it.
///
/// The type is said in full, so that a missing impl is an error at the type of the field.
fn put(position: &Literal, column: &Column, ty: &Type, is_json: bool, value: &TokenStream) -> TokenStream {
    let values = bounds::value_trait(column, is_json);
    let table = (column.ty == ColumnType::Timestamp).then(|| {
        quote! { <Self as ::unified_event::UnifiedEvent>::TABLE, }
    });
    quote_spanned! {ty.span()=> <#ty as #values>::record(#value, #table #position, __sink); }
}

/// Returns the check that an event has one of the columns that its type requires.
fn guard(guard: &Guard<'_>) -> TokenStream {
    let absent = guard.places.iter().map(absent);
    let event_type = guard.event_type;
    let any_of = guard.any_of.iter().map(|position| Literal::usize_unsuffixed(*position));
    quote! {
        if #(#absent)&&* {
            ::unified_event::Sink::fault(
                __sink,
                ::core::option::Option::None,
                ::unified_event::__private::requirement_fault(
                    <Self as ::unified_event::UnifiedEvent>::TABLE,
                    #event_type,
                    &[#(#any_of),*],
                ),
            );
        }
    }
}

fn absent(presence: &Presence<'_>) -> TokenStream {
    match presence {
        Presence::Always => quote! { false },
        Presence::IfSome(ident) => quote! { self.#ident.is_none() },
        Presence::InGroup { ident, is_optional: false, column } => {
            let column = field_of_group(column);
            quote! { self.#ident.#column.is_none() }
        }
        Presence::InGroup { ident, is_optional: true, column } => {
            let column = field_of_group(column);
            quote! { self.#ident.as_ref().is_none_or(|__group| __group.#column.is_none()) }
        }
    }
}

/// Returns the field of a generated group: raw where the name of the column is a keyword.
fn field_of_group(column: &str) -> Ident {
    syn::parse_str(column).unwrap_or_else(|_| Ident::new_raw(column, proc_macro2::Span::call_site()))
}

/// Returns an item that uses a deprecated constant in place of the column: the only way to warn on stable.
fn deprecation(Deprecated { at, column, note }: &Deprecated) -> TokenStream {
    let name = format_ident!("column_{column}", span = at.span());
    quote! {
        const _: () = {
            #[deprecated(note = #note)]
            #[allow(non_upper_case_globals, reason = "the warning says the name")]
            const #name: () = ();
            #name
        };
    }
}
