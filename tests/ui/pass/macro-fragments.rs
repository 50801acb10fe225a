//! Structs that macros make: every part may be a fragment of another place.

use unified_event::{HttpContext, Timestamp, UnifiedEvent};

macro_rules! by_types {
    ($(#[$attribute:meta])* $vis:vis struct $name:ident { $($field:ident: $ty:ty,)* }) => {
        $(#[$attribute])*
        #[event(ns = "https://shop.example")]
        $vis struct $name { $($field: $ty,)* }
    };
}

by_types! {
    #[derive(UnifiedEvent)]
    #[event(type = "trace", name = "http.request")]
    pub(crate) struct ByTypes {
        id: String,
        trace_id: &'static str,
        span_id: Box<str>,
        parent_id: Option<String>,
        started_at: Timestamp,
        http_status: u16,
    }
}

macro_rules! by_values {
    ($name:ident, $type:literal, $event:expr, $column:literal, $lifetime:lifetime, $field:tt: $ty:ty) => {
        #[derive(UnifiedEvent)]
        #[event(type = $type, name = $event, ns = "https://shop.example")]
        struct $name<$lifetime> {
            id: &$lifetime str,
            #[event(column = $column)]
            $field: $ty,
            #[event(flatten)]
            http: Option<HttpContext>,
        }
    };
}

by_values!(ByValues, "log", "log.recorded", "log_level", 'a, level: &'a str);

macro_rules! by_item {
    ($item:item) => {
        #[derive(UnifiedEvent)]
        #[event(type = "log", name = "log.recorded", ns = "https://shop.example")]
        $item
    };
}

by_item! {
    struct ByItem<T> {
        id: T,
        log_level: &'static str,
        #[event(json)]
        data: Option<Vec<T>>,
    }
}

macro_rules! by_tokens {
    ($($token:tt)*) => { $($token)* };
}

by_tokens! {
    #[derive(UnifiedEvent)]
    #[event(type = "track", name = "order.placed", ns = "https://shop.example")]
    struct ByTokens {
        id: String,
        actor_id: Option<String>,
        anonymous_id: Option<String>,
    }
}

/// A macro that writes a macro: the type comes from the outer, the struct from the inner.
macro_rules! outer {
    ($ty:ty) => {
        macro_rules! inner {
            ($name:ident, $field:ident: $optional:ty) => {
                #[derive(UnifiedEvent)]
                #[event(type = "page", name = "page.viewed", ns = "https://shop.example")]
                struct $name {
                    id: $ty,
                    http_url: $ty,
                    $field: $optional,
                }
            };
        }
    };
}

outer!(String);
inner!(ByMacroOfMacro, page_title: Option<&'static str>);

macro_rules! with_own_locals {
    ($name:ident { $($sink:ident: $ty:ty),* }) => {
        #[derive(UnifiedEvent)]
        #[event(type = "tail", name = "worker.invoked", ns = "https://shop.example")]
        struct $name {
            id: String,
            #[event(column = "service_name")]
            __sink: String,
            #[event(column = "actor_id")]
            __value: Option<String>,
            #[event(flatten)]
            __group: Option<Box<HttpContext>>,
            $(#[event(skip)] $sink: $ty),*
        }
    };
}

with_own_locals!(WithOwnLocals { sink: u8, value: Option<u8> });

fn main() {
    let by_types = ByTypes {
        id: "1".to_owned(),
        trace_id: "4bf92f3577b34da6a3ce929d0e0e4736",
        span_id: "00f067aa0ba902b7".into(),
        parent_id: None,
        started_at: Timestamp::UNIX_EPOCH,
        http_status: 200,
    };
    assert_eq!(by_types.to_row().unwrap().http_status, Some(200));
    let by_values = ByValues { id: "1", level: "info", http: None };
    assert_eq!(
        by_values.to_json().unwrap(),
        r#"{"id":"1","event_type":"log","event_name":"log.recorded","ns":"https://shop.example","log_level":"info"}"#
    );
    let by_item = ByItem { id: "1", log_level: "info", data: Some(vec!["a"]) };
    assert!(by_item.to_json().unwrap().ends_with(r#""log_level":"info","data":["a"]}"#));
    let by_tokens = ByTokens { id: "1".to_owned(), actor_id: None, anonymous_id: None };
    assert!(by_tokens.to_json().is_err());
    let by_tokens = ByTokens { anonymous_id: Some("a".to_owned()), ..by_tokens };
    assert!(by_tokens.to_json().unwrap().ends_with(r#""anonymous_id":"a"}"#));
    let nested = ByMacroOfMacro { id: "1".to_owned(), http_url: "/".to_owned(), page_title: Some("Home") };
    assert_eq!(nested.to_row().unwrap().page_title.as_deref(), Some("Home"));
    let own = WithOwnLocals {
        id: "1".to_owned(),
        __sink: "ingest".to_owned(),
        __value: Some("user_1".to_owned()),
        __group: Some(Box::new(HttpContext { http_status: Some(404), ..HttpContext::default() })),
        sink: 1,
        value: None,
    };
    let row = own.to_row().unwrap();
    assert_eq!((row.service_name.as_deref(), row.actor_id.as_deref()), (Some("ingest"), Some("user_1")));
    assert_eq!(row.http_status, Some(404));
    assert_eq!((own.sink, own.value), (1, None));
}
