use unified_event::UnifiedEvent;

#[derive(UnifiedEvent)]
#[event(type, name = 5, ns("https://shop.example"))]
struct PageViewed {
    id: String,
    #[event(column)]
    url: String,
    #[event(skip = true)]
    http_url: String,
}

fn main() {}
