//! The expansion is clean under lints that a user may have set.

#![deny(warnings)]
#![deny(missing_docs, unreachable_pub, unused_qualifications, unused_lifetimes, single_use_lifetimes)]
#![deny(elided_lifetimes_in_paths, explicit_outlives_requirements, let_underscore_drop, missing_debug_implementations)]
#![deny(
    trivial_casts,
    trivial_numeric_casts,
    unsafe_code,
    unused_import_braces,
    unused_results,
    variant_size_differences
)]
#![deny(clippy::all, clippy::pedantic, clippy::nursery)]
#![deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::question_mark_used)]
#![deny(clippy::absolute_paths, clippy::default_trait_access, clippy::shadow_reuse, clippy::shadow_unrelated)]
#![deny(clippy::pattern_type_mismatch, clippy::min_ident_chars, clippy::missing_trait_methods)]

use std::time::SystemTime;

use unified_event::{Actor, HttpContext, Json, UnifiedEvent, UnifiedEventRow, Visibility};

/// An event with a field of every kind.
#[derive(Debug, UnifiedEvent)]
#[event(type = "page", name = "page.viewed", ns = "https://shop.example")]
pub struct Everything<'a, T> {
    /// A text.
    pub id: &'a str,
    /// A generic text.
    pub session_id: Option<T>,
    /// An instant.
    pub timestamp: Option<SystemTime>,
    /// A number.
    pub duration_ms: f64,
    /// A value of a closed set.
    pub visibility: Option<Visibility>,
    /// JSON.
    pub data: Option<Json>,
    /// What becomes JSON.
    #[event(json)]
    pub labels: Vec<T>,
    /// Bytes.
    pub replay_data: Vec<u8>,
    /// A group with a required column.
    #[event(flatten)]
    pub http: HttpContext,
    /// A group that may be absent.
    #[event(flatten)]
    pub actor: Option<Actor>,
    /// No column.
    #[event(skip)]
    pub retries: u32,
    /// A field that the user has deprecated.
    #[deprecated]
    pub page_title: Option<String>,
}

#[test]
fn the_expansion_is_used() {
    let convert = |event: &Everything<'_, String>| UnifiedEventRow::try_from(event).is_ok();
    assert!(size_of_val(&convert) == 0);
}
