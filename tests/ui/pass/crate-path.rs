//! Where the crate is found: by another name, through another crate, through a macro.

extern crate unified_event as my_telemetry;

/// What a crate of a team's own would re-export.
mod telemetry {
    pub use unified_event;

    /// What its macro would expand to: `$crate` is that crate.
    #[macro_export]
    macro_rules! log_event {
        ($name:ident, $($field:ident: $ty:ty),*) => {
            #[derive($crate::telemetry::unified_event::UnifiedEvent)]
            #[event(crate = $crate::telemetry::unified_event)]
            #[event(type = "log", name = "log.recorded", ns = "https://shop.example")]
            struct $name { $($field: $ty),* }
        };
    }
}

#[derive(my_telemetry::UnifiedEvent)]
#[event(crate = "my_telemetry", type = "log", name = "log.recorded", ns = "https://shop.example")]
struct Renamed {
    id: String,
    log_level: String,
}

#[derive(my_telemetry::UnifiedEvent)]
#[event(crate = "::my_telemetry", type = "log", name = "log.recorded", ns = "https://shop.example")]
struct Rooted<T> {
    id: T,
    log_level: T,
    visibility: Option<my_telemetry::Visibility>,
    #[event(flatten)]
    http: Option<my_telemetry::HttpContext>,
    started_at: Option<my_telemetry::Timestamp>,
}

#[derive(telemetry::unified_event::UnifiedEvent)]
#[event(type = "log", name = "log.recorded", ns = "https://shop.example")]
#[event(crate = "crate::telemetry::unified_event")]
struct ThroughCrate<'a> {
    id: &'a str,
    log_level: &'a str,
}

mod inner {
    /// No crate, but a module of this name: only the path that is given counts.
    pub mod unified_event {}

    pub mod events {
        #[derive(super::super::telemetry::unified_event::UnifiedEvent)]
        #[event(type = "log", name = "log.recorded", ns = "https://shop.example")]
        #[event(crate = "super::super::telemetry::unified_event")]
        pub struct ThroughSuper<'a> {
            pub id: &'a str,
            pub log_level: &'a str,
        }
    }
}

log_event!(ThroughMacro, id: String, log_level: &'static str);

fn main() {
    use my_telemetry::UnifiedEvent;

    let json = r#"{"id":"1","event_type":"log","event_name":"log.recorded","ns":"https://shop.example","log_level":"info"}"#;
    let renamed = Renamed { id: "1".to_owned(), log_level: "info".to_owned() };
    assert_eq!(renamed.to_json().unwrap(), json);
    let rooted = Rooted { id: "1", log_level: "info", visibility: None, http: None, started_at: None };
    assert_eq!(rooted.to_json().unwrap(), json);
    assert_eq!(ThroughCrate { id: "1", log_level: "info" }.to_json().unwrap(), json);
    assert_eq!(inner::events::ThroughSuper { id: "1", log_level: "info" }.to_json().unwrap(), json);
    let row = my_telemetry::UnifiedEventRow::try_from(&ThroughMacro { id: "1".to_owned(), log_level: "info" });
    assert_eq!(row.unwrap().to_json().unwrap(), json);
}
