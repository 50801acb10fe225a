use unified_event::UnifiedEvent;

struct Payload;

#[derive(UnifiedEvent)]
#[event(type = "page", name = "page.viewed", ns = "https://shop.example")]
struct PageViewed {
    id: String,
    http_url: String,
    #[event(json)]
    data: Payload,
}

fn main() {}
