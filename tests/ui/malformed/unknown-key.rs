use unified_event::UnifiedEvent;

#[derive(UnifiedEvent)]
#[event(typ = "page", name = "page.viewed", ns = "https://shop.example", version(2))]
struct PageViewed {
    id: String,
    #[event(colum = "http_url", rename = "x")]
    url: String,
}

fn main() {}
