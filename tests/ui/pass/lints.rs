//! The lints that a strict crate denies: of rustc here; of Clippy in `lints.rs` of the tests.

#![deny(warnings, unused, nonstandard_style, future_incompatible, rust_2018_idioms, rust_2024_compatibility)]
#![deny(let_underscore, missing_docs, unreachable_pub, unused_qualifications, unused_lifetimes, unused_results)]
#![deny(absolute_paths_not_starting_with_crate, ambiguous_negative_literals, elided_lifetimes_in_paths)]
#![deny(explicit_outlives_requirements, macro_use_extern_crate, meta_variable_misuse, missing_debug_implementations)]
#![deny(redundant_imports, redundant_lifetimes, single_use_lifetimes, trivial_casts, trivial_numeric_casts)]
#![deny(unit_bindings, unsafe_code, unused_crate_dependencies, unused_extern_crates, unused_import_braces)]
#![deny(unused_macro_rules, variant_size_differences, unnameable_types, private_bounds, private_interfaces)]
#![deny(deprecated, deprecated_in_future, non_local_definitions, let_underscore_drop, missing_copy_implementations)]
#![allow(unused_crate_dependencies, reason = "the tests have more of them than this case")]

use std::marker::PhantomData;

use unified_event::{HttpContext, UnifiedEvent};

/// A public event, by a path that the crate would otherwise name in full.
#[derive(Debug, UnifiedEvent)]
#[event(type = "page", name = "page.viewed", ns = "https://shop.example", crate = "unified_event")]
pub struct PageViewed<'a, T> {
    /// A text.
    pub id: &'a str,
    /// A group.
    #[event(flatten)]
    pub http: HttpContext,
    actor_id: Option<T>,
    page_title: Inner<T>,
}

/// What only this crate names.
#[derive(Debug)]
pub(crate) struct Inner<T>(PhantomData<T>);

impl<T> unified_event::values::StringValue for Inner<T> {
    fn text(&self) -> std::borrow::Cow<'_, str> {
        "Home".into()
    }
}

#[deprecated = "of the user's own"]
#[derive(Debug, UnifiedEvent)]
#[event(type = "log", name = "log.recorded", ns = "https://shop.example")]
struct OldLine {
    id: &'static str,
    #[deprecated]
    log_level: &'static str,
}

fn main() {
    /// In a function, with a type that only the function has.
    #[derive(UnifiedEvent)]
    #[event(type = "track", name = "order.placed", ns = "https://shop.example")]
    struct OrderPlaced {
        id: Local,
        actor_id: Option<Local>,
        anonymous_id: Option<Local>,
    }

    struct Local;

    impl unified_event::values::StringValue for Local {
        fn text(&self) -> std::borrow::Cow<'_, str> {
            "local".into()
        }
    }

    let order = OrderPlaced { id: Local, actor_id: Some(Local), anonymous_id: None };
    assert!(order.to_json().is_ok_and(|json| json.ends_with(r#""actor_id":"local"}"#)));
    let http = HttpContext { http_url: Some("/".to_owned()), ..HttpContext::default() };
    let page = PageViewed { id: "1", http, actor_id: Some("user_1"), page_title: Inner(PhantomData) };
    assert_eq!(page.to_row().map(|row| row.page_title), Ok(Some("Home".to_owned())));
    #[allow(deprecated)]
    let line = OldLine { id: "1", log_level: "info" }.to_json();
    assert!(line.is_ok_and(|json| json.ends_with(r#""log_level":"info"}"#)));
}
