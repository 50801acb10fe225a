use unified_event::UnifiedEvent;

#[derive(UnifiedEvent)]
#[event(type = "page", name = "page.viewed", ns = "https://shop.example")]
struct PageViewed<'a> {
    id: Option<&'a str>,
    http_url: String,
}

fn main() {}
