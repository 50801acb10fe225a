use unified_event::{HttpContext, UnifiedEvent};

#[derive(UnifiedEvent)]
#[event(type = "page", name = "page.viewed", ns = "https://shop.example")]
struct PageViewed {
    id: String,
    http_url: String,
    #[event(flatten)]
    http: HttpContext,
    http_method: String,
}

fn main() {}
