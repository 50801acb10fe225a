use unified_event::UnifiedEvent;

#[derive(UnifiedEvent)]
#[event(type = "page", type = "track", name = "page.viewed")]
#[event(name = "page.read", ns = "https://shop.example")]
struct PageViewed {
    id: String,
    #[event(column = "http_url", column = "http_host")]
    url: String,
}

fn main() {}
