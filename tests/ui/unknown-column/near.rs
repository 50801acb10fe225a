use unified_event::UnifiedEvent;

#[derive(UnifiedEvent)]
#[event(type = "page", name = "page.viewed", ns = "https://shop.example")]
struct PageViewed {
    id: String,
    http_url: String,
    http_statsu: i32,
    #[event(column = "httpMethod")]
    method: String,
}

fn main() {}
