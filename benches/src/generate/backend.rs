//! Events of services: spans, metrics, logs, changes of databases, invocations of workers.

use super::{Generator, Object, core, http, service};

pub(super) fn trace(g: &mut Generator, o: &mut Object<'_>) {
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

pub(super) fn metric(g: &mut Generator, o: &mut Object<'_>) {
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

pub(super) fn log(g: &mut Generator, o: &mut Object<'_>) {
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

pub(super) fn cdc(g: &mut Generator, o: &mut Object<'_>) {
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

pub(super) fn tail(g: &mut Generator, o: &mut Object<'_>) {
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
