use unified_event::UnifiedEvent;

struct HttpContex;

#[derive(UnifiedEvent)]
#[event(type = "page", name = "page.viewed", ns = "https://shop.example")]
struct PageViewed {
    id: String,
    http_url: String,
    #[event(flatten)]
    http: HttpContex,
    #[event(flatten)]
    other: Option<(u8, u8)>,
}

fn main() {}
