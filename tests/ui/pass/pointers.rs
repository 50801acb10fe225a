//! Values behind references and smart pointers, and options behind them.

use std::borrow::Cow;
use std::rc::Rc;
use std::sync::Arc;

use unified_event::{Actor, GeoLocation, HttpContext, Json, Timestamp, UnifiedEvent, Visibility, VitalRating};

#[derive(UnifiedEvent)]
#[event(type = "trace", name = "http.request", ns = "https://shop.example")]
struct Pointers<'a> {
    id: &'a &'a str,
    trace_id: Arc<str>,
    span_id: Rc<str>,
    parent_id: Box<str>,
    actor_id: Cow<'a, str>,
    actor_name: &'a mut String,
    log_level: Option<Cow<'static, str>>,
    log_message: &'a Option<String>,
    page_title: Box<Option<&'a str>>,
    anonymous_id: Option<&'a Box<Rc<str>>>,
    started_at: Rc<Timestamp>,
    http_status: &'a u16,
    timestamp_ns: Arc<i64>,
    duration_ms: Box<f64>,
    bot_verified: Option<&'a bool>,
    replay_data: Cow<'a, [u8]>,
    visibility: Arc<Visibility>,
    vital_rating: Option<Box<VitalRating>>,
    data: Arc<Json>,
    labels: Cow<'a, Json>,
    properties: Option<Rc<serde_json::Value>>,
    #[event(flatten)]
    geo: Arc<GeoLocation>,
}

#[derive(UnifiedEvent)]
#[event(type = "page", name = "page.viewed", ns = "https://shop.example")]
struct Groups<'a> {
    id: &'a String,
    #[event(flatten)]
    http: Cow<'a, HttpContext>,
    #[event(flatten)]
    actor: &'a Option<Actor>,
}

fn main() {
    let (mut name, message) = ("Ada".to_owned(), Some("failed".to_owned()));
    let json = Json::parse("[1]").unwrap();
    let rc = Box::new(Rc::from("anon"));
    let pointers = Pointers {
        id: &"1",
        trace_id: "4bf92f3577b34da6a3ce929d0e0e4736".into(),
        span_id: "00f067aa0ba902b7".into(),
        parent_id: "00f067aa0ba902b8".into(),
        actor_id: "user_1".into(),
        actor_name: &mut name,
        log_level: None,
        log_message: &message,
        page_title: Box::new(None),
        anonymous_id: Some(&rc),
        started_at: Rc::new(Timestamp::UNIX_EPOCH),
        http_status: &200,
        timestamp_ns: Arc::new(7),
        duration_ms: Box::new(0.5),
        bot_verified: Some(&true),
        replay_data: Cow::Borrowed(b"ab"),
        visibility: Arc::new(Visibility::Org),
        vital_rating: Some(Box::new(VitalRating::Good)),
        data: Arc::new(json.clone()),
        labels: Cow::Borrowed(&json),
        properties: Some(Rc::new(serde_json::json!({"a": 1}))),
        geo: Arc::new(GeoLocation { geo_city: Some("Basel".to_owned()), ..GeoLocation::default() }),
    };
    let row = pointers.to_row().unwrap();
    assert_eq!(row.id, "1");
    assert_eq!((row.actor_name.as_deref(), row.anonymous_id.as_deref()), (Some("Ada"), Some("anon")));
    assert_eq!((row.log_message.as_deref(), row.page_title.as_deref()), (Some("failed"), None));
    assert_eq!((row.visibility, row.vital_rating), (Some(Visibility::Org), Some(VitalRating::Good)));
    assert_eq!((row.timestamp_ns, row.http_status, row.bot_verified), (Some(7), Some(200), Some(true)));
    assert_eq!(row.replay_data.as_deref(), Some(&b"ab"[..]));
    assert_eq!((row.data.unwrap().as_str(), row.labels.unwrap().as_str()), ("[1]", "[1]"));
    assert_eq!(row.properties.unwrap().as_str(), r#"{"a":1}"#);
    assert_eq!(row.geo_city.as_deref(), Some("Basel"));

    let http = HttpContext { http_url: Some("/".to_owned()), ..HttpContext::default() };
    let (id, actor) = ("1".to_owned(), Some(Actor { actor_id: Some("user_1".to_owned()), ..Actor::default() }));
    let mut groups = Groups { id: &id, http: Cow::Borrowed(&http), actor: &actor };
    assert!(groups.to_json().unwrap().ends_with(r#""actor_id":"user_1","http_url":"/"}"#));
    groups.http.to_mut().http_url = None;
    assert!(groups.to_json().is_err());
}
