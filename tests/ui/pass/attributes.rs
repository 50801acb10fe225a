//! Raw names, attributes under conditions, fields under conditions.

use unified_event::UnifiedEvent;

#[derive(UnifiedEvent)]
#[cfg_attr(all(), event(type = "log"))]
#[cfg_attr(any(), event(type = "page", crate = "no_such_crate"))]
#[event(name = r"log.recorded")]
#[cfg_attr(all(), event(ns = r#"https://shop.example"#))]
struct r#Line<'r#fn> {
    r#id: &'r#fn str,
    #[event(column = "log_level")]
    r#type: &'static str,
    #[cfg(any())]
    no_such_column: String,
    #[cfg(all())]
    log_message: Option<String>,
    #[cfg_attr(all(), event(skip))]
    retries: u8,
    #[cfg_attr(all(), event(column = "actor_name"), doc = "Who did it.")]
    #[cfg_attr(any(), event(column = "no_such_column"))]
    r#match: Option<&'r#fn str>,
    #[event(json, column = "data")]
    r#struct: Vec<u8>,
    #[event(flatten)]
    r#mod: Option<unified_event::HttpContext>,
}

#[cfg_attr(all(), derive(UnifiedEvent))]
#[event(
    type = "track",
    name = "order.placed",
    ns = "https://shop.example",
)]
struct Either {
    id: String,
    #[event(column = "actor_id",)]
    r#if: Option<String>,
    #[event(column = "anonymous_id")]
    r#else: Option<String>,
}

fn main() {
    let line = Line {
        id: "1",
        r#type: "info",
        log_message: None,
        retries: 3,
        r#match: Some("Ada"),
        r#struct: vec![1],
        r#mod: None,
    };
    assert_eq!(
        line.to_json().unwrap(),
        r#"{"id":"1","event_type":"log","event_name":"log.recorded","ns":"https://shop.example","actor_name":"Ada","log_level":"info","data":[1]}"#
    );
    assert_eq!(line.retries, 3);
    let mut either = Either { id: "1".to_owned(), r#if: None, r#else: None };
    assert!(either.to_json().is_err());
    either.r#else = Some("a".to_owned());
    assert!(either.to_json().unwrap().ends_with(r#""anonymous_id":"a"}"#));
}
