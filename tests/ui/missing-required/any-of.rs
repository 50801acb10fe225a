use unified_event::UnifiedEvent;

#[derive(UnifiedEvent)]
#[event(type = "track", name = "order.placed", ns = "https://shop.example")]
struct OrderPlaced {
    id: String,
}

fn main() {}
