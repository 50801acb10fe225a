use std::borrow::Cow;
use std::sync::Arc;
use std::time::SystemTime;

use unified_event::values::StringValue;
use unified_event::{Json, Timestamp, UnifiedEvent, UnifiedEventRow, Visibility};

struct UserId(u64);

impl StringValue for UserId {
    fn text(&self) -> Cow<'_, str> {
        format!("user_{}", self.0).into()
    }
}

#[derive(UnifiedEvent)]
#[event(type = "trace", name = "http.request", ns = "https://shop.example")]
struct Request<'a, P, const N: usize>
where
    P: Clone,
{
    id: &'a str,
    trace_id: Arc<str>,
    span_id: Cow<'a, str>,
    actor_id: Option<UserId>,
    started_at: Timestamp,
    ended_at: std::option::Option<SystemTime>,
    http_status: u16,
    http_request_size: u32,
    bot_verified: bool,
    duration_ms: f32,
    visibility: Visibility,
    data: Option<Json>,
    #[event(json)]
    labels: &'a [(P, P)],
    replay_data: [u8; N],
    #[event(skip)]
    #[allow(dead_code)]
    retries: Vec<u8>,
}

fn convert(request: &Request<'_, u8, 4>) -> Result<UnifiedEventRow, unified_event::Fault> {
    request.try_into()
}

fn main() {
    let _ = convert;
}
