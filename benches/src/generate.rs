//! Realistic events, the same ones in every run.

mod backend;
mod frontend;

use std::fmt::{Display, Write};

/// How many events the measurements read.
pub const N_EVENTS: usize = 200_000;

/// Returns `n` events as NDJSON: the mix of the ten types, about 25 fields and 850 bytes each.
pub fn ndjson(n: usize) -> String {
    let mut generator = Generator::new();
    let mut out = String::with_capacity(n * 880);
    for _ in 0..n {
        generator.event(&mut out);
    }
    out
}

/// Makes events from a linear congruence.
#[derive(Debug)]
pub struct Generator {
    state: u64,
    n: u64,
}

/// Adds the fields of one event type.
type Make = fn(&mut Generator, &mut Object<'_>);

/// In per cent: how much of the stream each type is.
const MIX: [(u64, Make); 10] = [
    (28, backend::trace),
    (12, backend::metric),
    (20, backend::log),
    (6, backend::cdc),
    (10, frontend::track),
    (8, frontend::page),
    (5, frontend::vital),
    (3, frontend::replay),
    (5, backend::tail),
    (3, frontend::snippet),
];

impl Generator {
    /// Starts at the first event.
    #[expect(clippy::new_without_default, reason = "there is nothing default about it")]
    pub fn new() -> Self {
        Self { state: 0x5EED, n: 0 }
    }

    /// Appends the next event and a line feed.
    pub fn event(&mut self, out: &mut String) {
        self.n += 1;
        let mut roll = self.below(100);
        let mut object = Object { out };
        for (share, make) in MIX {
            if roll < share {
                make(self, &mut object);
                break;
            }
            roll -= share;
        }
        object.out.push_str("}\n");
    }

    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let x = self.state ^ (self.state >> 33);
        x.wrapping_mul(0xFF51_AFD7_ED55_8CCD) >> 16
    }

    pub(crate) fn below(&mut self, n: u64) -> u64 {
        self.next() % n
    }

    /// Says yes in so many of a hundred cases.
    pub(crate) fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    pub(crate) fn pick<'a>(&mut self, values: &[&'a str]) -> &'a str {
        values[self.below(values.len() as u64) as usize]
    }

    pub(crate) fn hex(&mut self, n: usize) -> String {
        let digits = format!(
            "{:016x}{:016x}",
            self.next().wrapping_mul(0x9E37_79B9_7F4A_7C15),
            self.next().wrapping_mul(0x9E37_79B9_7F4A_7C15)
        );
        digits[..n].to_owned()
    }

    /// Milliseconds with some digits of fraction.
    pub(crate) fn millis(&mut self, most: u64) -> f64 {
        self.below(most * 1_000) as f64 / 1_000.0
    }

    pub(crate) fn timestamp(&mut self) -> String {
        let millis = self.n * 37 + self.below(37);
        let (second, milli) = (millis / 1_000 % 86_400, millis % 1_000);
        let day = 1 + millis / 86_400_000 % 28;
        format!("2026-11-{day:02}T{:02}:{:02}:{:02}.{milli:03}Z", second / 3_600, second / 60 % 60, second % 60)
    }

    pub(crate) fn nanos(&mut self) -> String {
        (1_795_219_200_000_000_000 + self.n * 37_000_000 + self.below(37_000_000)).to_string()
    }

    pub(crate) fn id(&mut self) -> String {
        format!("01KAJ0{}", self.hex(20).to_uppercase())
    }
}

/// Writes one JSON object, key by key.
struct Object<'a> {
    out: &'a mut String,
}

impl Object<'_> {
    fn raw(&mut self, key: &str, value: impl Display) {
        self.out.push(if self.out.is_empty() || self.out.ends_with('\n') { '{' } else { ',' });
        write!(self.out, "\"{key}\":{value}").expect("memory");
    }

    /// Writes text, which brings its escapes along.
    fn text(&mut self, key: &str, value: impl Display) {
        self.raw(key, format_args!("\"{value}\""));
    }
}

const SHOPS: [&str; 4] = [
    "https://shop.meadow.example",
    "https://orders.meadow.example",
    "https://edge.harbor.example",
    "https://crm.harbor.example/eu",
];
const AGENTS: [&str; 4] = [
    "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 19_1 like Mac OS X) AppleWebKit/605.1.15",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 15_5) AppleWebKit/537.36 Chrome/142.0.0.0",
    "okhttp/5.1.0",
];
const SERVICES: [&str; 6] = ["basket-api", "checkout", "ledger", "search", "ingest-worker", "profile"];
const CITIES: [(&str, &str, &str); 5] = [
    ("NL", "Amsterdam", "Europe/Amsterdam"),
    ("PT", "Lisboa", "Europe/Lisbon"),
    ("DE", "München", "Europe/Berlin"),
    ("US", "Portland", "America/Los_Angeles"),
    ("JP", "大阪市", "Asia/Tokyo"),
];

fn core(g: &mut Generator, o: &mut Object<'_>, event_type: &str, name: &str) {
    o.text("id", g.id());
    o.text("event_type", event_type);
    o.text("event_name", name);
    o.text("ns", g.pick(&SHOPS));
}

fn http(g: &mut Generator, o: &mut Object<'_>) {
    let (page, query) = (g.below(9_000), g.below(500));
    o.text("http_method", g.pick(&["GET", "GET", "GET", "POST", "PUT"]));
    o.text("http_url", format_args!("https://shop.meadow.example/baskets/{page}?expand=lines&page={query}"));
    o.text("http_host", "shop.meadow.example");
    o.text("http_path", format_args!("/baskets/{page}"));
    if g.chance(70) {
        o.text("http_query", format_args!("expand=lines&page={query}"));
    }
    o.raw("http_status", g.pick(&["200", "200", "200", "201", "304", "404", "500"]));
    if g.chance(80) {
        o.text("http_protocol", g.pick(&["HTTP/1.1", "HTTP/2", "HTTP/3"]));
    }
    if g.chance(50) {
        o.raw("http_response_size", g.below(90_000));
    }
    if g.chance(85) {
        o.text("http_user_agent", g.pick(&AGENTS));
    }
}

fn geo(g: &mut Generator, o: &mut Object<'_>) {
    let (country, city, zone) = CITIES[g.below(5) as usize];
    o.text("geo_country", country);
    o.text("geo_city", city);
    o.text("geo_timezone", zone);
    o.raw("geo_latitude", format_args!("{:.4}", g.below(1_800_000) as f64 / 10_000.0 - 90.0));
    o.raw("geo_longitude", format_args!("{:.4}", g.below(3_600_000) as f64 / 10_000.0 - 180.0));
    if g.chance(60) {
        o.raw("geo_asn", 1_000 + g.below(60_000));
    }
}

fn service(g: &mut Generator, o: &mut Object<'_>) {
    let service = g.pick(&SERVICES);
    o.text("service_name", service);
    o.text("service_version", format_args!("4.{}.{}", g.below(20), g.below(9)));
    if g.chance(70) {
        o.text("service_instance", format_args!("{service}-{}", g.hex(10)));
    }
    o.text("host_name", format_args!("node-{}", g.below(64)));
    o.text("cloud_provider", g.pick(&["gcp", "aws"]));
    o.text("cloud_region", g.pick(&["europe-west4", "eu-central-1", "us-east-1"]));
    if g.chance(35) {
        o.text("k8s_namespace", "retail-prod");
        o.text("k8s_pod", format_args!("{service}-7d9f8b-{}", g.hex(5)));
        o.text("k8s_deployment", service);
    }
}

fn client(g: &mut Generator, o: &mut Object<'_>) {
    o.text("client_type", "browser");
    o.text("client_name", g.pick(&["Firefox", "Chrome", "Safari"]));
    o.text("client_version", g.pick(&["145.0", "142.0.7444", "19.1"]));
    o.text("device_type", g.pick(&["desktop", "mobile", "tablet"]));
    if g.chance(60) {
        o.text("os_name", g.pick(&["Linux", "iOS", "macOS", "Windows"]));
        o.text("os_version", g.pick(&["6.12", "19.1", "15.5", "11"]));
    }
    if g.chance(50) {
        o.text("screen_size", g.pick(&["2560x1440", "390x844", "1920x1080"]));
    }
}
