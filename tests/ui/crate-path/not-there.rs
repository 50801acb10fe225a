//! Paths that are paths, but lead to something else: one error each.

use unified_event::UnifiedEvent;

mod telemetry {}

#[derive(UnifiedEvent)]
#[event(crate = "no_such_crate", type = "log", name = "log.recorded", ns = "https://shop.example")]
struct NoSuchCrate {
    id: String,
    log_level: String,
}

#[derive(UnifiedEvent)]
#[event(crate = "crate::telemetry::unified_event", type = "log", name = "log.recorded", ns = "https://shop.example")]
struct NoSuchModule {
    id: String,
    log_level: String,
}

#[derive(UnifiedEvent)]
#[event(crate = "crate::telemetry", type = "log", name = "log.recorded", ns = "https://shop.example")]
struct AnotherModule {
    id: String,
    log_level: String,
}

fn main() {
    let _ = |event: &NoSuchCrate| event.to_json();
}
