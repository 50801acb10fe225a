//! The derive of the UnifiedEvent: structs checked against the definition while they compile.
//!
//! The flow is: tokens → `ast` (with `attr`) → `check` against the `definition` → `expand`, or
//! `fallback` when there are faults. All faults of a struct are reported in one compile. The build script
//! reads the definition itself, never what was generated from it, so that no compile has to.

mod ast;
mod attr;
mod check;
mod crate_path;
mod ctxt;
mod definition;
mod expand;
mod fallback;
mod hygiene;
mod rust_type;
mod symbol;

use proc_macro::TokenStream;
use syn::{DeriveInput, parse_macro_input};

use crate::ast::Container;
use crate::attr::ContainerAttrs;
use crate::ctxt::Ctxt;
use crate::definition::Definition;

/// Makes a struct an event: implements `UnifiedEvent`, and `TryFrom<&Struct>` for `UnifiedEventRow`.
///
/// Every field is a column, by its name. While the struct compiles it is checked against the
/// definition: unknown columns, wrong types, `Option` where a value is required, missing columns that
/// every event or the event type requires, columns set twice, columns that only the pipeline computes.
///
/// ```
/// use std::borrow::Cow;
/// use unified_event::{Timestamp, UnifiedEvent, UnifiedEventRow};
///
/// #[derive(UnifiedEvent)]
/// #[event(type = "trace", name = "http.request", ns = "https://shop.example")]
/// struct Request<'a> {
///     id: String,
///     trace_id: &'a str,
///     span_id: &'a str,
///     parent_id: Option<&'a str>,
///     started_at: Timestamp,
///     duration_ms: f64,
///     #[event(column = "http_path")]
///     path: Cow<'a, str>,
///     http_status: u16,
/// }
///
/// let request = Request {
///     id: "01KF110CNV".to_owned(),
///     trace_id: "4bf92f3577b34da6a3ce929d0e0e4736",
///     span_id: "00f067aa0ba902b7",
///     parent_id: None,
///     started_at: "2026-01-15T14:30:00Z".parse()?,
///     duration_ms: 184.25,
///     path: "/orders".into(),
///     http_status: 200,
/// };
/// let row = UnifiedEventRow::try_from(&request)?;
/// assert_eq!(row.http_status, Some(200));
/// assert!(request.to_json()?.contains(r#""event_type":"trace","event_name":"http.request""#));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # On the struct
///
/// `#[event(…)]` sets columns that are the same for all values:
///
/// - `type = "…"`: the column `event_type`, which decides what else is required;
/// - `name = "…"`: the column `event_name`;
/// - `ns = "…"`: the column `ns`.
///
/// Each may be a field instead. With a field `event_type: EventType` the event type is known only at
/// run time: `validate` then checks what it requires.
///
/// `crate = "…"` says where the crate `unified_event` is found, if not as a dependency of that name: the
/// name it was renamed to, or the path by which another crate or module re-exports it.
///
/// ```
/// mod telemetry {
///     pub use unified_event;
/// }
///
/// #[derive(telemetry::unified_event::UnifiedEvent)]
/// #[event(crate = "crate::telemetry::unified_event")]
/// #[event(type = "log", name = "cache.cleared", ns = "https://shop.example")]
/// struct CacheCleared {
///     id: String,
///     log_level: &'static str,
/// }
/// # fn main() {}
/// ```
///
/// A macro of a crate that re-exports it gives a path without quotes, `crate = $crate::unified_event`:
/// in quotes, `$crate` would not be one.
///
/// # On a field
///
/// - `column = "…"`: the column, where the field is called otherwise;
/// - `json`: a `json` column takes the field in any type that implements `serde::Serialize`;
/// - `flatten`: the field is a group struct of the generated crate, or an `Option` of one;
/// - `skip`: the field is no column.
///
/// ```
/// use serde::Serialize;
/// use unified_event::{Actor, UnifiedEvent};
///
/// #[derive(Serialize)]
/// struct Cart {
///     items: u32,
///     total: f64,
/// }
///
/// #[derive(UnifiedEvent)]
/// #[event(type = "track", name = "order.placed", ns = "https://shop.example")]
/// struct OrderPlaced {
///     id: String,
///     #[event(flatten)]
///     actor: Actor,
///     #[event(json, column = "properties")]
///     cart: Cart,
///     #[event(skip)]
///     retries: u32,
/// }
///
/// let actor = Actor { actor_id: Some("user_1".to_owned()), ..Actor::default() };
/// let order = OrderPlaced { id: "1".to_owned(), actor, cart: Cart { items: 2, total: 59.9 }, retries: 0 };
/// assert!(order.to_json()?.ends_with(r#""actor_id":"user_1","properties":{"items":2,"total":59.9}}"#));
/// # assert_eq!(order.retries, 0);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Types of fields
///
/// | column | field |
/// |---|---|
/// | `string` | `String`, `&str`, `Cow<str>`, `Box<str>`, `Arc<str>` |
/// | `string` with a closed set | its enum, such as `Visibility` |
/// | `bool` | `bool` |
/// | `int32` | `i32` and narrower integers |
/// | `int64` | `i64` and narrower integers |
/// | `float64` | `f64`, `f32` |
/// | `timestamp` | `Timestamp`, `SystemTime` |
/// | `json` | `Json`, `serde_json::Value`; with `json` anything that serialises |
/// | `binary` | `Vec<u8>`, `&[u8]`, `[u8; N]`, `Cow<[u8]>` |
///
/// References and smart pointers of them do as well, and so do types of your own that implement a
/// trait of `unified_event::values`. `Option` makes a value optional; where a column is required, by
/// the table or by the event type, it is an error.
///
/// A field that cannot be a column is a compile error at the smallest place:
///
/// ```compile_fail
/// use unified_event::UnifiedEvent;
///
/// #[derive(UnifiedEvent)]
/// #[event(type = "page", name = "page.viewed", ns = "https://shop.example")]
/// struct PageViewed {
///     id: String,
///     http_url: Option<String>, // event type `page` requires column `http_url`
///     http_statsu: i32,         // did you mean `http_status`?
/// }
/// ```
#[proc_macro_derive(UnifiedEvent, attributes(event))]
pub fn derive_unified_event(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    let cx = Ctxt::new();
    let attrs = ContainerAttrs::read(&cx, &input.attrs);
    let expansion = derive(cx, &attrs, &input).unwrap_or_else(|error| fallback::expand(&input, &attrs, &error));
    expansion.into()
}

fn derive(cx: Ctxt, attrs: &ContainerAttrs, input: &DeriveInput) -> syn::Result<proc_macro2::TokenStream> {
    match Definition::get() {
        Ok(definition) => derive_from(definition, cx, attrs, input),
        Err(faults) => {
            let message = "the definition of the UnifiedEvent is faulty: run `cargo run codegen`";
            cx.error(&input.ident, format_args!("{message}\n{faults}"));
            cx.check().map(|()| proc_macro2::TokenStream::new())
        }
    }
}

fn derive_from(
    definition: &Definition,
    cx: Ctxt,
    attrs: &ContainerAttrs,
    input: &DeriveInput,
) -> syn::Result<proc_macro2::TokenStream> {
    let container = Container::read(&cx, attrs, input);
    let plan = container.as_ref().map(|container| (container, check::check(&cx, definition, container)));
    cx.check()?;
    // Without faults there is a container, and so a plan.
    Ok(plan.map(|(container, plan)| expand::expand(definition, container, &plan)).unwrap_or_default())
}

#[cfg(test)]
mod tests;
