use unified_event::UnifiedEvent;

#[derive(UnifiedEvent)]
struct Nothing {}

fn main() {}
