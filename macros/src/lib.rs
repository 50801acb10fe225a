//! stub
/// Stub.
#[proc_macro_derive(UnifiedEvent, attributes(event))]
pub fn derive(_: proc_macro::TokenStream) -> proc_macro::TokenStream {
    proc_macro::TokenStream::new()
}
