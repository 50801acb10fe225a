//! Modules and types of the user's whose names are those of the language, of std and of the expansion.

#![allow(dead_code, non_camel_case_types)]

use unified_event::UnifiedEvent as _;

/// A crate that names everything like std does, and means something else.
mod names {
    pub mod core {}
    pub mod std {}
    pub mod alloc {}
    pub mod option {}
    pub mod unified_event {}
    pub mod values {}

    pub struct Option;
    pub struct Result;
    pub struct String;
    pub struct str;
    pub struct bool;
    pub struct u8;
    pub struct Self_;
    pub struct Row;
    pub struct EventRow;
    pub struct UnifiedEventRow;
    pub struct Fault;
    pub struct Timestamp;
    pub trait Sink {}
    pub trait UnifiedEvent {}
    pub trait StringValue {}
    pub trait TryFrom {}
    pub trait From {}

    #[allow(non_snake_case)]
    pub fn Some<T>(_: T) {}
    #[allow(non_upper_case_globals)]
    pub const None: () = ();
    pub fn drop() {}
    pub fn record() {}
    pub const FINGERPRINT: () = ();

    #[allow(unused_macros)]
    macro_rules! assert {
        () => {};
    }
    #[allow(unused_imports)]
    pub(crate) use assert;
}

mod all_of_them {
    #[allow(unused_imports)]
    use super::names::*;

    #[derive(::unified_event::UnifiedEvent)]
    #[event(type = "track", name = "order.placed", ns = "https://shop.example")]
    pub struct OrderPlaced<'a> {
        pub id: &'a ::std::primitive::str,
        pub actor_id: ::std::option::Option<&'a ::std::primitive::str>,
        pub anonymous_id: ::std::option::Option<::std::string::String>,
        pub bot_verified: ::std::primitive::bool,
        pub replay_data: [::std::primitive::u8; 2],
        pub visibility: ::unified_event::Visibility,
        pub started_at: ::std::time::SystemTime,
    }
}

/// Types that shadow those of the prelude and are values all the same.
mod own_text {
    use std::borrow::Cow;

    use unified_event::UnifiedEvent;
    use unified_event::values::{BinaryValue, StringValue};

    pub struct String(pub u8);

    impl StringValue for String {
        fn text(&self) -> Cow<'_, str> {
            format!("user_{}", self.0).into()
        }
    }

    /// The derive believes names, but not paths into the user's modules.
    pub struct Vec(pub [u8; 1]);

    impl BinaryValue for Vec {
        fn bytes(&self) -> &[u8] {
            &self.0
        }
    }

    #[derive(UnifiedEvent)]
    #[event(type = "track", name = "order.placed", ns = "https://shop.example")]
    pub struct OrderPlaced {
        pub id: &'static str,
        pub actor_id: String,
        pub replay_data: self::Vec,
        pub http_status: crate::statuses::bool,
    }
}

mod statuses {
    pub struct bool(pub i32);

    impl unified_event::values::Int32Value for bool {
        fn int32(&self) -> i32 {
            self.0
        }
    }
}

/// Traits whose methods are found before those that an expansion could mean.
mod clashing_methods {
    use unified_event::{HttpContext, UnifiedEvent};

    trait Clash: Sized {
        fn is_none(self) -> u8 {
            panic!("not meant")
        }

        fn is_none_or(self, _: u8) -> u8 {
            panic!("not meant")
        }

        fn as_ref(self) -> u8 {
            panic!("not meant")
        }

        fn record(self) -> u8 {
            panic!("not meant")
        }

        fn string(self) -> u8 {
            panic!("not meant")
        }

        fn to_row(self) -> u8 {
            panic!("not meant")
        }
    }

    impl<T> Clash for T {}

    #[derive(UnifiedEvent)]
    #[event(type = "page", name = "page.viewed", ns = "https://shop.example")]
    pub struct PageViewed {
        pub id: &'static str,
        #[event(flatten)]
        pub http: HttpContext,
        #[event(flatten)]
        pub actor: Option<unified_event::Actor>,
    }

    #[derive(UnifiedEvent)]
    #[event(type = "track", name = "order.placed", ns = "https://shop.example")]
    pub struct OrderPlaced {
        pub id: &'static str,
        #[event(flatten)]
        pub actor: Option<Box<unified_event::Actor>>,
    }
}

fn main() {
    let order = all_of_them::OrderPlaced {
        id: "1",
        actor_id: None,
        anonymous_id: Some("a".to_owned()),
        bot_verified: true,
        replay_data: [0, 255],
        visibility: unified_event::Visibility::Org,
        started_at: std::time::UNIX_EPOCH,
    };
    assert_eq!(
        order.to_json().unwrap(),
        r#"{"id":"1","event_type":"track","event_name":"order.placed","ns":"https://shop.example","anonymous_id":"a","started_at":"1970-01-01T00:00:00.000000Z","bot_verified":true,"replay_data":"AP8=","visibility":"org"}"#
    );
    let order = own_text::OrderPlaced {
        id: "1",
        actor_id: own_text::String(7),
        replay_data: own_text::Vec([1]),
        http_status: statuses::bool(404),
    };
    let row = order.to_row().unwrap();
    assert_eq!((row.actor_id.as_deref(), row.replay_data.as_deref()), (Some("user_7"), Some(&[1][..])));
    assert_eq!(row.http_status, Some(404));
    let http = unified_event::HttpContext { http_url: Some("/".to_owned()), ..Default::default() };
    let page = clashing_methods::PageViewed { id: "1", http, actor: None };
    assert_eq!(unified_event::UnifiedEventRow::try_from(&page).unwrap().http_url.as_deref(), Some("/"));
    let mut order = clashing_methods::OrderPlaced { id: "1", actor: None };
    assert!(order.to_json().is_err());
    order.actor = Some(Box::new(unified_event::Actor { actor_id: Some("user_1".to_owned()), ..Default::default() }));
    assert!(order.to_json().unwrap().ends_with(r#""actor_id":"user_1"}"#));
}
