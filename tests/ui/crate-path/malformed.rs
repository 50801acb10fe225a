use unified_event::UnifiedEvent;

#[derive(UnifiedEvent)]
#[event(crate, type = "log", name = "log.recorded", ns = "https://shop.example")]
struct NoValue {
    id: String,
    log_level: String,
}

#[derive(UnifiedEvent)]
#[event(crate = , type = "log", name = "log.recorded", ns = "https://shop.example")]
struct Nothing {
    id: String,
    log_level: String,
}

#[derive(UnifiedEvent)]
#[event(crate = "", type = "log", name = "log.recorded", ns = "https://shop.example")]
struct Empty {
    id: String,
    log_level: String,
}

#[derive(UnifiedEvent)]
#[event(crate = "my telemetry", type = "log", name = "log.recorded", ns = "https://shop.example")]
struct TwoWords {
    id: String,
    log_level: String,
}

#[derive(UnifiedEvent)]
#[event(crate = "my-telemetry", type = "log", name = "log.recorded", ns = "https://shop.example")]
struct NameOfThePackage {
    id: String,
    log_level: String,
}

#[derive(UnifiedEvent)]
#[event(crate = 5, type = "log", name = "log.recorded", ns = "https://shop.example")]
struct Number {
    id: String,
    log_level: String,
}

#[derive(UnifiedEvent)]
#[event(crate = my_telemetry::Event<u8>, type = "log", name = "log.recorded", ns = "https://shop.example")]
struct NoPathOfACrate {
    id: String,
    log_level: String,
}

#[derive(UnifiedEvent)]
#[event(crate = "unified_event", crate = "unified_event")]
#[event(type = "log", name = "log.recorded", ns = "https://shop.example")]
struct Twice {
    id: String,
    log_level: String,
}

#[derive(UnifiedEvent)]
#[event(krate = "unified_event", type = "log", name = "log.recorded", ns = "https://shop.example")]
struct Misspelled {
    id: String,
    log_level: String,
}

#[derive(UnifiedEvent)]
#[event(type = "log", name = "log.recorded", ns = "https://shop.example")]
struct OnAField {
    #[event(crate = "unified_event")]
    id: String,
    log_level: String,
}

fn main() {}
