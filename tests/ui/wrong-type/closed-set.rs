use unified_event::UnifiedEvent;

#[derive(UnifiedEvent)]
#[event(type = "page", name = "page.viewed", ns = "https://shop.example")]
struct PageViewed {
    id: String,
    http_url: String,
    visibility: String,
    #[event(column = "vital_rating")]
    rating: Option<&'static str>,
}

fn main() {}
