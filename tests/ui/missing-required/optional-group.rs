use unified_event::{CoreIdentity, UnifiedEvent};

#[derive(UnifiedEvent)]
struct Anything {
    #[event(flatten)]
    core: Option<CoreIdentity>,
}

fn main() {}
