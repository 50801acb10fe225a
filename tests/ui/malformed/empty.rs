use unified_event::UnifiedEvent;

#[derive(UnifiedEvent)]
#[event]
#[event()]
#[event = "page"]
#[event(type = "page", name = "page.viewed", ns = "https://shop.example")]
struct PageViewed {
    id: String,
    http_url: String,
    #[event(,)]
    http_host: String,
}

fn main() {}
