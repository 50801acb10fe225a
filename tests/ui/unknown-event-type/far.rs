use unified_event::UnifiedEvent;

#[derive(UnifiedEvent)]
#[event(type = "order", name = "order.placed", ns = "https://shop.example")]
struct OrderPlaced {
    id: String,
}

fn main() {}
