//! Realistic events, the same ones in every run.

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
    (28, trace),
    (12, metric),
    (20, log),
    (6, cdc),
    (10, track),
    (8, page),
    (5, vital),
    (3, replay),
    (5, tail),
    (3, snippet),
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

fn trace(g: &mut Generator, o: &mut Object<'_>) {
    core(g, o, "trace", "http.request");
    o.text("trace_id", g.hex(32));
    o.text("span_id", g.hex(16));
    if g.chance(75) {
        o.text("parent_id", g.hex(16));
    }
    o.text("timestamp_ns", g.nanos());
    o.raw("duration_ms", g.millis(900));
    if g.chance(60) {
        o.raw("cpu_time_ms", g.millis(40));
    }
    o.text("outcome", g.pick(&["success", "success", "success", "failure"]));
    http(g, o);
    service(g, o);
    let (route, port) = (g.pick(&["/baskets/{id}", "/orders", "/search"]), g.below(3));
    o.raw("attributes", format_args!(
        r#"{{"span.kind":"SERVER","http.route":"{route}","server.port":{},"url.scheme":"https","network.peer.address":"10.4.{}.9"}}"#,
        [443, 8080, 8443][port as usize], g.below(250),
    ));
    o.text("event_source", "otlp");
}

fn metric(g: &mut Generator, o: &mut Object<'_>) {
    core(g, o, "metric", "metric.reported");
    o.text("timestamp_ns", g.nanos());
    o.text("started_at", g.timestamp());
    service(g, o);
    o.text(
        "metric_name",
        g.pick(&["http.server.request.duration", "system.memory.utilization", "jvm.gc.pause", "queue.depth"]),
    );
    o.text("metric_unit", g.pick(&["s", "1", "ms"]));
    let is_histogram = g.chance(50);
    o.text("metric_type", if is_histogram { "histogram" } else { "gauge" });
    if is_histogram {
        o.raw("metric_count", g.below(2_000));
        o.raw("metric_sum", g.millis(5_000));
        o.raw("metric_min", g.millis(1));
        o.raw("metric_max", g.millis(9));
        let counts: Vec<u64> = (0..6).map(|_| g.below(300)).collect();
        o.raw("metric_buckets", format_args!(
            r#"[{{"le":0.005,"count":{}}},{{"le":0.01,"count":{}}},{{"le":0.1,"count":{}}},{{"le":1,"count":{}}},{{"le":10,"count":{}}},{{"le":null,"count":{}}}]"#,
            counts[0], counts[1], counts[2], counts[3], counts[4], counts[5],
        ));
    } else {
        o.raw("metric_value", g.millis(1_000));
    }
    o.raw("attributes", format_args!(
        r#"{{"http.request.method":"{}","aggregation_temporality":"CUMULATIVE","is_monotonic":{},"http.response.status_code":{}}}"#,
        g.pick(&["GET", "POST"]), g.chance(50), 200 + g.below(300),
    ));
    o.raw(
        "labels",
        format_args!(r#"{{"team":"{}","tier":"{}"}}"#, g.pick(&["checkout", "search"]), g.pick(&["gold", "silver"])),
    );
    o.text("event_source", "otlp");
}

fn log(g: &mut Generator, o: &mut Object<'_>) {
    core(g, o, "log", "log.recorded");
    if g.chance(70) {
        o.text("trace_id", g.hex(32));
        o.text("span_id", g.hex(16));
    }
    o.text("timestamp", g.timestamp());
    o.text("timestamp_ns", g.nanos());
    let is_error = g.chance(15);
    if is_error {
        o.text("error_type", "DeadlockDetected");
        o.text(
            "error_message",
            format_args!(r#"line {}: \"basket_lines\" is locked\\held by pid {}"#, g.below(90), g.below(9_000)),
        );
        o.text("error_stack", r"DeadlockDetected: could not serialise\n\tat Pool.run (/srv/app/pool.js:88:13)\n\tat async load (file:///srv/app/basket.js:12:5)\n");
    }
    if g.chance(20) {
        http(g, o);
    }
    service(g, o);
    if is_error {
        o.text("log_level", "error");
        o.raw("log_level_num", 50);
    } else {
        o.text("log_level", "info");
        o.raw("log_level_num", 20);
    }
    let (user, basket) = (g.below(9_000), g.below(900_000));
    o.text(
        "log_message",
        format_args!(
            "stored basket {basket} of user_{user} after {} attempts, {} lines in all",
            1 + g.below(3),
            g.below(40)
        ),
    );
    o.text("log_logger", "meadow.basket.store");
    o.raw("attributes", format_args!(
        r#"{{"thread.name":"worker-{}","code.function":"store_basket","code.lineno":{},"basket.id":{basket},"retry":{}}}"#,
        g.below(16), g.below(900), g.chance(10),
    ));
    if g.chance(40) {
        o.raw(
            "labels",
            format_args!(r#"{{"team":"checkout","tier":"gold","release":"2026-11-{:02}"}}"#, 1 + g.below(28)),
        );
    }
    o.text("event_source", "otlp");
}

fn cdc(g: &mut Generator, o: &mut Object<'_>) {
    core(g, o, "cdc", "customer.updated");
    let id = g.below(900_000);
    o.text("transaction_id", g.below(9_999_999));
    o.text("resource_type", "customer");
    o.text("resource_id", id);
    o.text("resource_version", g.below(90));
    o.text("timestamp", g.timestamp());
    o.text("timestamp_ns", g.nanos());
    o.text("db_system", "postgresql");
    o.text("db_name", "crm");
    o.text("db_table", g.pick(&["customers", "orders", "basket_lines"]));
    o.text("db_operation", g.pick(&["INSERT", "UPDATE", "DELETE"]));
    o.text("db_row_id", id);
    o.text("db_lsn", format_args!("0/{}", g.hex(7).to_uppercase()));
    o.raw("db_version", g.below(90));
    let credit = g.millis(900);
    for (key, present) in [("db_before", g.chance(60)), ("db_after", true)] {
        if present {
            o.raw(key, format_args!(
                r#"{{"id":{id},"name":"Inês d'Ávila","email":"ines.{id}@meadow.example","credit":"{credit}","active":true,"tags":["new","vip"],"address":null,"created_at":1771052709001000}}"#,
            ));
        }
    }
    o.raw("context", format_args!(
        r#"{{"op":"u","source":{{"connector":"postgresql","schema":"public","txId":{},"lsn":{},"snapshot":"false"}}}}"#,
        g.below(90_000), g.below(90_000_000),
    ));
    o.text("event_source", "postgres");
    o.text("visibility", "org");
}

fn track(g: &mut Generator, o: &mut Object<'_>) {
    core(g, o, "track", "order.completed");
    o.text("session_id", format_args!("s-{}", g.below(99_999)));
    o.text("actor_id", format_args!("user_{}", g.below(99_999)));
    o.text("actor_type", "user");
    o.text("anonymous_id", format_args!("{}-{}", g.hex(8), g.hex(12)));
    o.text("resource_type", "order");
    o.text("resource_id", format_args!("order_{}", g.below(99_999)));
    o.text("timestamp", g.timestamp());
    o.text("http_user_agent", g.pick(&AGENTS));
    geo(g, o);
    if g.chance(60) {
        o.text("campaign_name", "autumn");
        o.text("campaign_source", g.pick(&["newsletter", "search", "social"]));
        o.text("campaign_medium", "email");
        o.text("campaign_id", format_args!("c-{}", g.below(300)));
    }
    o.raw("properties", format_args!(
        r#"{{"order_id":"{}","total":{},"revenue":{},"currency":"EUR","coupon":null,"products":[{{"product_id":"sock-3","sku":"S3-GRY","price":12.5,"quantity":{}}},{{"product_id":"hat-1","sku":"H1","price":14.9,"quantity":1}}]}}"#,
        g.below(99_999), g.millis(300), g.millis(250), 1 + g.below(6),
    ));
    o.raw("context", r#"{"library":{"name":"analytics.js","version":"2.1.0"},"locale":"nl-NL","ip":"203.0.113.9"}"#);
    o.text("event_source", "segment");
}

fn page(g: &mut Generator, o: &mut Object<'_>) {
    core(g, o, "page", "page.viewed");
    o.text("session_id", format_args!("s-{}", g.below(99_999)));
    if g.chance(50) {
        o.text("actor_id", format_args!("user_{}", g.below(99_999)));
    }
    o.text("anonymous_id", format_args!("{}-{}", g.hex(8), g.hex(12)));
    o.text("timestamp", g.timestamp());
    http(g, o);
    if g.chance(60) {
        o.text("http_referrer", "https://search.example/");
    }
    geo(g, o);
    client(g, o);
    o.text("page_title", g.pick(&["Socks & “Wool” – Meadow", "Your basket", "Search: wool socks"]));
    o.raw("properties", r#"{"name":"Search","path":"/search","search":"?q=wool%20socks"}"#);
    o.text("event_source", "segment");
}

fn vital(g: &mut Generator, o: &mut Object<'_>) {
    core(g, o, "vital", "vital.measured");
    o.text("session_id", format_args!("s-{}", g.below(99_999)));
    o.text("timestamp", g.timestamp());
    o.text("http_url", format_args!("https://shop.meadow.example/p/sock-{}", g.below(90)));
    geo(g, o);
    client(g, o);
    o.text("vital_name", g.pick(&["LCP", "CLS", "INP", "TTFB"]));
    o.raw("vital_value", g.millis(4_000) + 0.000_000_000_149);
    o.text("vital_rating", g.pick(&["good", "needs-improvement", "poor"]));
    o.raw("vital_delta", g.millis(900));
    o.text("vital_element", "main>section.hero>img");
    o.text("nav_type", "navigate");
    o.raw(
        "attributes",
        format_args!(
            r#"{{"timeToFirstByte":{},"resourceLoadDelay":{},"resourceLoadDuration":{},"elementRenderDelay":{}}}"#,
            g.millis(900),
            g.below(200),
            g.millis(2_000),
            g.millis(900),
        ),
    );
    o.text("event_source", "web-vitals");
}

fn replay(g: &mut Generator, o: &mut Object<'_>) {
    core(g, o, "replay", "replay.recorded");
    o.text("session_id", format_args!("s-{}", g.below(99_999)));
    o.text("timestamp", g.timestamp());
    o.text("replay_type", "incremental");
    o.text("replay_source", "rrweb");
    o.raw("replay_sequence", g.below(900));
    o.raw("replay_timestamp_offset", g.below(900_000));
    if g.chance(30) {
        o.text(
            "replay_data",
            "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4vMDEyMzQ1Njc4OTo7PD0+Pw==",
        );
    }
    o.raw("data", format_args!(
        r#"{{"type":3,"data":{{"source":1,"positions":[{{"x":{},"y":{},"id":{},"timeOffset":-{}}},{{"x":{},"y":{},"id":{},"timeOffset":-{}}}]}},"timestamp":1795193880{}}}"#,
        g.below(1_900), g.below(1_000), g.below(90), g.below(500), g.below(1_900), g.below(1_000), g.below(90), g.below(500), 100 + g.below(900),
    ));
    o.text("event_source", "rrweb");
}

fn tail(g: &mut Generator, o: &mut Object<'_>) {
    core(g, o, "tail", "worker.invoked");
    o.text("timestamp", g.timestamp());
    o.raw("duration_ms", g.below(900));
    o.raw("cpu_time_ms", g.below(30));
    o.text("outcome", "ok");
    http(g, o);
    o.text("geo_colo", g.pick(&["LIS", "AMS", "FRA", "NRT"]));
    o.text("geo_country", g.pick(&["PT", "NL", "DE", "JP"]));
    o.text("service_name", "ingest-worker");
    o.text("service_version", g.hex(8));
    o.raw("data", format_args!(
        r#"{{"event":{{"request":{{"method":"POST","headers":{{"cf-ray":"{}-LIS","authorization":"REDACTED"}}}},"response":{{"status":202}}}},"logs":[{{"message":["stored",{},{{"bucket":"uploads"}}],"level":"log","timestamp":1795166099871}}],"exceptions":[],"truncated":false}}"#,
        g.hex(16), g.below(99),
    ));
    o.text("event_source", "tail");
    o.text("ingested_at", g.timestamp());
    o.text("batch_id", format_args!("tail-{}", g.hex(4)));
}

fn snippet(g: &mut Generator, o: &mut Object<'_>) {
    core(g, o, "snippet", "resource.loaded");
    o.text("session_id", format_args!("s-{}", g.below(99_999)));
    o.text("timestamp", g.timestamp());
    http(g, o);
    o.text("snippet_initiator", g.pick(&["img", "script", "css"]));
    o.text("snippet_request_id", g.below(99_999));
    o.raw("snippet_start_time", g.millis(2_000) + 0.000_000_029_8);
    o.raw("snippet_dns_time", 0);
    o.raw("snippet_connect_time", g.millis(30));
    o.raw("snippet_ttfb", g.millis(90) + 0.000_000_014_901);
    o.raw("snippet_download_time", g.millis(60));
    o.text("snippet_resource_type", g.pick(&["image", "script", "style"]));
    o.raw("snippet_transfer_size", g.below(99_999));
    o.raw("snippet_decoded_size", g.below(99_999));
    o.text("snippet_cache_state", g.pick(&["hit", "miss"]));
    o.text("snippet_priority", g.pick(&["high", "low"]));
    o.text("event_source", "snippet");
}
