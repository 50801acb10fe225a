use unified_event::UnifiedEvent;

struct Code;
struct Moment;
struct Audience;
struct Payload;
type Title = Option<String>;

#[derive(UnifiedEvent)]
#[event(type = "page", name = "page.viewed", ns = "https://shop.example")]
struct PageViewed {
    id: String,
    http_url: String,
    http_status: Code,
    page_title: Title,
    timestamp: Option<Moment>,
    visibility: Audience,
    data: Payload,
    metric_value: Option<Title>,
}

fn main() {}
