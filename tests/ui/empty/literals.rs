//! A name and a namespace of no characters identify nothing.

use unified_event::UnifiedEvent;

#[derive(UnifiedEvent)]
#[event(type = "tail", name = "", ns = "")]
struct Nameless {
    id: String,
    service_name: String,
}

fn main() {}
