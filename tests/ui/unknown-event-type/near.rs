use unified_event::UnifiedEvent;

#[derive(UnifiedEvent)]
#[event(type = "pgae", name = "page.viewed", ns = "https://shop.example")]
struct PageViewed {
    id: String,
}

fn main() {}
