//! Events of browsers and of what is shown there: tracks, pages, vitals, recordings, snippets.

use super::{AGENTS, Generator, Object, client, core, geo, http};

pub(super) fn track(g: &mut Generator, o: &mut Object<'_>) {
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

pub(super) fn page(g: &mut Generator, o: &mut Object<'_>) {
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

pub(super) fn vital(g: &mut Generator, o: &mut Object<'_>) {
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

pub(super) fn replay(g: &mut Generator, o: &mut Object<'_>) {
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

pub(super) fn snippet(g: &mut Generator, o: &mut Object<'_>) {
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
