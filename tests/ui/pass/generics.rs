//! Generic structs: bounds of the user's, bounds of the derive's, where clauses, const parameters, defaults.

use std::borrow::Cow;
use std::fmt::Debug;
use std::marker::PhantomData;

use serde::Serialize;
use unified_event::values::{Int32Value, StringValue};
use unified_event::{UnifiedEvent, UnifiedEventRow};

#[derive(UnifiedEvent)]
#[event(type = "log", name = "log.recorded", ns = "https://shop.example")]
struct Unbounded<T, U = String> {
    id: T,
    log_level: U,
    log_message: Option<T>,
}

#[derive(UnifiedEvent)]
#[event(type = "log", name = "log.recorded", ns = "https://shop.example")]
struct Bounded<'a, 'b: 'a, T: StringValue + Debug + ?Sized + 'a, D>
where
    D: Serialize,
    &'b T: Debug,
{
    id: &'a T,
    log_level: &'b T,
    log_message: Cow<'a, str>,
    #[event(json)]
    data: &'b [D],
}

#[derive(UnifiedEvent)]
#[event(type = "log", name = "log.recorded", ns = "https://shop.example")]
struct Lengths<const N: usize, const FLAG: bool = true> {
    id: String,
    log_level: String,
    replay_data: [u8; N],
    #[event(json)]
    data: [u8; 2],
}

#[derive(UnifiedEvent)]
#[event(type = "page", name = "page.viewed", ns = "https://shop.example")]
struct Grouped<K: ?Sized, S> {
    id: Box<K>,
    http_url: String,
    http_status: Option<S>,
    #[event(flatten)]
    actor: Option<&'static unified_event::Actor>,
    #[event(skip)]
    marker: PhantomData<fn() -> S>,
}

trait Service {
    type Name: StringValue;
    const STATUS: Self::Status;
    type Status: Int32Value + Copy;
}

struct Ingest;

impl Service for Ingest {
    type Name = &'static str;
    const STATUS: u8 = 200;
    type Status = u8;
}

#[derive(UnifiedEvent)]
#[event(type = "tail", name = "worker.invoked", ns = "https://shop.example")]
struct Invoked<S: Service> {
    id: String,
    service_name: S::Name,
    service_version: Option<<S as Service>::Name>,
    http_status: S::Status,
}

/// Code that is generic over the events themselves.
fn rows<'a, E>(events: &'a [E]) -> Vec<UnifiedEventRow>
where
    E: UnifiedEvent<Row = UnifiedEventRow>,
    UnifiedEventRow: TryFrom<&'a E, Error = unified_event::Fault>,
{
    events.iter().map(|event| event.try_into().unwrap()).collect()
}

fn main() {
    let unbounded: Unbounded<&str> = Unbounded { id: "1", log_level: "info".to_owned(), log_message: None };
    assert_eq!(rows(&[unbounded])[0].log_level.as_deref(), Some("info"));

    let text = "error".to_owned();
    let bounded = Bounded { id: "1", log_level: text.as_str(), log_message: "failed".into(), data: &[1, 2] };
    assert!(bounded.to_json().unwrap().ends_with(r#""log_level":"error","log_message":"failed","data":[1,2]}"#));

    let lengths: Lengths<3> =
        Lengths { id: "1".to_owned(), log_level: "info".to_owned(), replay_data: [0, 1, 255], data: [7, 8] };
    let row = lengths.to_row().unwrap();
    assert_eq!((row.replay_data.as_deref(), row.data.unwrap().as_str()), (Some(&[0, 1, 255][..]), "[7,8]"));

    let actor = unified_event::Actor { actor_id: Some("user_1".to_owned()), ..Default::default() };
    let grouped = Grouped {
        id: Box::<str>::from("1"),
        http_url: "/".to_owned(),
        http_status: Some(200_u16),
        actor: Some(Box::leak(Box::new(actor))),
        marker: PhantomData,
    };
    assert_eq!(rows(&[grouped])[0].actor_id.as_deref(), Some("user_1"));

    let invoked =
        Invoked::<Ingest> { id: "1".to_owned(), service_name: "ingest", service_version: None, http_status: Ingest::STATUS };
    assert_eq!(invoked.to_row().unwrap().http_status, Some(200));
}
