use unified_event::UnifiedEvent;

#[derive(UnifiedEvent)]
#[event(type = "trace", nme = "http.request", ns = "https://shop.example")]
struct Request<'a> {
    id: Option<String>,
    trace_id: [u8; 16],
    #[event(column = "ns")]
    namespace: &'a str,
    is_root: bool,
    http_statsu: i32,
    visibility: String,
    #[event(json)]
    http_method: &'a str,
}

fn main() {}
