use unified_event::UnifiedEvent;

#[derive(UnifiedEvent)]
#[event(type = "page", name = "page.viewed", ns = "https://shop.example")]
struct PageViewed {
    id: String,
    http_url: String,
    http_status: String,
    http_host: &'static [u8],
    bot_verified: u8,
    duration_ms: Option<i64>,
    timestamp: i64,
    timestamp_ns: u64,
    replay_data: String,
    page_title: Vec<String>,
    bot_score: u32,
}

fn main() {}
