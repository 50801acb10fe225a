//! Nothing of the prelude, and names of the language and of std that mean something else.

#![no_implicit_prelude]
#![allow(dead_code, non_camel_case_types, unused_imports)]

extern crate unified_event;

mod core {}
mod std {}
mod alloc {}

use ::std::{assert, assert_eq};

pub struct Vec;
pub struct Result;
pub struct Box;
pub struct str;
pub struct u8;
pub struct usize;
pub struct Some;
pub struct None;
pub struct Ok;
pub struct Err;
pub trait Into {}
pub trait TryFrom {}
pub trait Clone {}
pub trait Sink {}
pub trait UnifiedEvent {}
pub trait Default {}

macro_rules! assert_that {
    ($condition:expr) => {
        assert!($condition)
    };
}

/// Names of the expansion's own kind.
pub mod values {}
pub mod enums {}
pub fn record() {}
pub const FINGERPRINT: ::core::primitive::u64 = 0;

#[derive(unified_event::UnifiedEvent)]
#[event(type = "track", name = "order.placed", ns = "https://shop.example")]
struct OrderPlaced<'a, T> {
    id: &'a ::core::primitive::str,
    actor_id: ::core::option::Option<T>,
    anonymous_id: ::core::option::Option<T>,
    visibility: ::core::option::Option<unified_event::Visibility>,
    duration_ms: f64,
    started_at: unified_event::Timestamp,
    data: ::core::option::Option<unified_event::Json>,
    #[event(json)]
    properties: ::std::vec::Vec<T>,
    #[event(flatten)]
    http: ::core::option::Option<unified_event::HttpContext>,
}

#[derive(unified_event::UnifiedEvent)]
#[event(type = "page", name = "page.viewed", ns = "https://shop.example")]
struct PageViewed {
    id: ::std::string::String,
    #[event(flatten)]
    http: ::core::option::Option<unified_event::HttpContext>,
}

fn main() {
    let order = OrderPlaced {
        id: "1",
        actor_id: ::core::option::Option::Some("user_1"),
        anonymous_id: ::core::option::Option::None,
        visibility: ::core::option::Option::Some(unified_event::Visibility::Org),
        duration_ms: 0.5,
        started_at: unified_event::Timestamp::UNIX_EPOCH,
        data: ::core::option::Option::None,
        properties: ::std::vec!["a"],
        http: ::core::option::Option::None,
    };
    let json = unified_event::UnifiedEvent::to_json(&order).unwrap();
    assert_eq!(
        json,
        r#"{"id":"1","event_type":"track","event_name":"order.placed","ns":"https://shop.example","actor_id":"user_1","started_at":"1970-01-01T00:00:00.000000Z","duration_ms":0.5,"properties":["a"],"visibility":"org"}"#
    );
    let page = PageViewed { id: ::std::string::String::new(), http: ::core::option::Option::None };
    assert_that!(unified_event::UnifiedEvent::to_json(&page).is_err());
}
