//! What a faulty struct expands to: its faults, and impls that keep others from following.

use proc_macro2::TokenStream;
use syn::DeriveInput;

use crate::attr::ContainerAttrs;
use crate::crate_path;
use crate::hygiene::quoted;

/// Returns the faults with impls that do nothing, so that uses of the struct are no further faults.
///
/// Where the crate of the traits is not known there are no impls: they would be faults themselves.
pub(crate) fn expand(input: &DeriveInput, attrs: &ContainerAttrs, error: &syn::Error) -> TokenStream {
    let ident = &input.ident;
    let error = error.to_compile_error();
    let Some(import) = crate_path::import(attrs) else { return error };
    let (impl_generics, ty_generics, where_clause) = input.generics.split_for_impl();
    let borrowed = crate::expand::borrowed_generics(&input.generics);
    let (borrowed_generics, _, _) = borrowed.split_for_impl();
    quoted! {
        #error

        #[doc(hidden)]
        const _: () = {
            #import

            #[automatically_derived]
            impl #impl_generics __unified_event::UnifiedEvent for #ident #ty_generics #where_clause {
                type Row = __unified_event::EventRow;

                const EVENT_TYPE: __unified_event::core::option::Option<&'static __unified_event::core::primitive::str> =
                    __unified_event::core::option::Option::None;

                fn record<__S: __unified_event::Sink>(&self, __sink: &mut __S) {}
            }

            #[automatically_derived]
            impl #borrowed_generics __unified_event::core::convert::TryFrom<&'__event #ident #ty_generics>
                for __unified_event::EventRow
            #where_clause
            {
                type Error = __unified_event::Fault;

                fn try_from(
                    __event: &'__event #ident #ty_generics,
                ) -> __unified_event::core::result::Result<Self, Self::Error> {
                    __unified_event::UnifiedEvent::to_row(__event)
                }
            }
        };
    }
}
