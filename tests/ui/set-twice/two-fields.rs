use unified_event::UnifiedEvent;

#[derive(UnifiedEvent)]
#[event(type = "page", name = "page.viewed", ns = "https://shop.example")]
struct PageViewed {
    id: String,
    http_url: String,
    #[event(column = "http_url")]
    url: String,
}

fn main() {}
