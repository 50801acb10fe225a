use unified_event::UnifiedEvent;

struct Actor;

#[derive(UnifiedEvent)]
#[event(type = "page", name = "page.viewed", ns = "https://shop.example")]
struct PageViewed {
    id: String,
    http_url: String,
    #[event(flatten)]
    actor: Actor,
}

fn main() {}
