use unified_event::{HttpContext, UnifiedEvent};

#[derive(UnifiedEvent)]
#[event(type = "page", name = "page.viewed", ns = "https://shop.example")]
struct PageViewed {
    id: String,
    #[event(skip, json)]
    a: String,
    #[event(flatten, column = "http_host")]
    http_host: HttpContext,
}

fn main() {}
