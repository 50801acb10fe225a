use unified_event::UnifiedEvent;

#[derive(UnifiedEvent)]
enum Enum {
    A,
}

#[derive(UnifiedEvent)]
union Union {
    a: u8,
}

#[derive(UnifiedEvent)]
struct Tuple(String);

#[derive(UnifiedEvent)]
struct Unit;

fn main() {}
