use unified_event::UnifiedEvent;

#[derive(UnifiedEvent)]
#[event(type = "trace", name = "http.request", ns = "https://shop.example")]
struct Request {
    id: String,
    trace_id: String,
}

fn main() {}
