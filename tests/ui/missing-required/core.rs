use unified_event::UnifiedEvent;

#[derive(UnifiedEvent)]
#[event(type = "page")]
struct PageViewed {
    http_url: String,
}

fn main() {}
