//! What a faulty struct expands to: its faults, and impls that keep others from following.

use proc_macro2::TokenStream;
use quote::quote;
use syn::DeriveInput;

/// Returns the faults with impls that do nothing, so that uses of the struct are no further faults.
pub(crate) fn expand(input: &DeriveInput, error: &syn::Error) -> TokenStream {
    let ident = &input.ident;
    let error = error.to_compile_error();
    let (impl_generics, ty_generics, where_clause) = input.generics.split_for_impl();
    let borrowed = crate::expand::borrowed_generics(&input.generics);
    let (borrowed_generics, _, _) = borrowed.split_for_impl();
    quote! {
        #error

        #[doc(hidden)]
        const _: () = {
            #[automatically_derived]
            impl #impl_generics ::unified_event::UnifiedEvent for #ident #ty_generics #where_clause {
                type Row = ::unified_event::__private::EventRow;

                const EVENT_TYPE: ::core::option::Option<&'static ::core::primitive::str> = ::core::option::Option::None;

                fn record<__S: ::unified_event::Sink>(&self, __sink: &mut __S) {}
            }

            #[automatically_derived]
            impl #borrowed_generics ::core::convert::TryFrom<&'__event #ident #ty_generics>
                for ::unified_event::__private::EventRow
            #where_clause
            {
                type Error = ::unified_event::Fault;

                fn try_from(__event: &'__event #ident #ty_generics) -> ::core::result::Result<Self, Self::Error> {
                    ::unified_event::UnifiedEvent::to_row(__event)
                }
            }
        };
    }
}
