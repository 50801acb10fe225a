"""Sample rows for each table, and their comparison with what an engine gives back."""

from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

SHOP = "https://shop.example"
BLOG = "blog.example"


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


# Two namespaces; hours, days and months are crossed, so that every scheme makes several partitions.
UNIFIED_EVENTS = [
    {
        "id": "01JB0000000000000000000001",
        "event_type": "trace",
        "event_name": "http.request",
        "ns": SHOP,
        "trace_id": "4bf92f3577b34da6a3ce929d0e0e4736",
        "span_id": "00f067aa0ba902b7",
        "is_root": True,
        "timestamp": at("2026-10-31T22:59:59.999999Z"),
        "timestamp_ns": 1793487599999999123,
        "duration_ms": 184.25,
        "http_method": "GET",
        "http_url": "https://shop.example/cart?name=Zoë%20Ångström",
        "http_status": 200,
        "service_name": "checkout",
        "attributes": '{"http.route":"/cart","retry":null}',
    },
    {
        "id": "01JB0000000000000000000002",
        "event_type": "trace",
        "event_name": "db.query",
        "ns": SHOP,
        "trace_id": "4bf92f3577b34da6a3ce929d0e0e4736",
        "span_id": "b7ad6b7169203331",
        "parent_id": "00f067aa0ba902b7",
        "is_root": False,
        "timestamp": at("2026-10-31T22:59:59.250000Z"),
        "duration_ms": 0.1,
    },
    {
        "id": "01JB0000000000000000000003",
        "event_type": "trace",
        "event_name": "http.request",
        "ns": SHOP,
        "trace_id": "0af7651916cd43dd8448eb211c80319c",
        "span_id": "b9c7c989f97918e1",
        "timestamp": at("2026-10-31T23:00:00Z"),
    },
    {
        "id": "01JB0000000000000000000004",
        "event_type": "trace",
        "event_name": "http.request",
        "ns": BLOG,
        "trace_id": "80f198ee56343ba864fe8b2a57d3eff7",
        "span_id": "e457b5a2e4d86bd1",
        "timestamp": at("2026-11-01T00:30:00Z"),
    },
    {
        "id": "01JB0000000000000000000005",
        "event_type": "metric",
        "event_name": "http.server.request.duration",
        "ns": SHOP,
        "timestamp": at("2026-11-01T00:00:00Z"),
        "metric_name": "http.server.request.duration",
        "metric_type": "histogram",
        "metric_count": 3,
        "metric_sum": 0.30000000000000004,
        "metric_buckets": '[{"le":0.1,"count":2},{"le":null,"count":1}]',
    },
    {
        "id": "01JB0000000000000000000006",
        "event_type": "log",
        "event_name": "payment.declined",
        "ns": SHOP,
        "timestamp": at("2026-11-01T00:00:00.000001Z"),
        "log_level": "error",
        "log_level_num": 40,
        "log_message": "line one\nline two\t\"quoted\" \\ 'single' — 日本 🙂",
    },
    {
        "id": "01JB0000000000000000000007",
        "event_type": "cdc",
        "event_name": "orders.update",
        "ns": SHOP,
        "timestamp": at("2026-11-01T08:15:00Z"),
        "db_operation": "UPDATE",
        "db_table": "orders",
        "db_lsn": "0/16B3748",
        "db_before": '{"id":1,"status":"new"}',
        "db_after": '{"id":1,"status":"paid"}',
    },
    {
        "id": "01JB0000000000000000000008",
        "event_type": "track",
        "event_name": "order.completed",
        "ns": SHOP,
        "actor_id": "user_42",
        "timestamp": at("2026-11-02T08:15:00Z"),
        "properties": '{"revenue":59.9,"products":[]}',
    },
    {
        "id": "01JB0000000000000000000009",
        "event_type": "page",
        "event_name": "page.viewed",
        "ns": BLOG,
        "timestamp": at("2026-11-02T08:59:59Z"),
        "http_url": "https://blog.example/",
        "page_title": "Über uns",
    },
    {
        "id": "01JB000000000000000000000A",
        "event_type": "vital",
        "event_name": "vital.lcp",
        "ns": BLOG,
        "timestamp": at("2026-11-02T09:00:00Z"),
        "vital_name": "LCP",
        "vital_value": 2487.5,
        "vital_rating": "good",
    },
    {
        "id": "01JB000000000000000000000B",
        "event_type": "replay",
        "event_name": "replay.chunk",
        "ns": BLOG,
        "session_id": "ses_91c2",
        "timestamp": at("2026-11-02T09:00:01Z"),
        "replay_type": "incremental",
        "replay_sequence": 7,
        "replay_data": b"\x1f\x8b\x00\xff",
    },
    {
        "id": "01JB000000000000000000000C",
        "event_type": "tail",
        "event_name": "worker.invocation",
        "ns": SHOP,
        "timestamp": at("2026-11-02T09:00:02Z"),
        "service_name": "edge-router",
        "cpu_time_ms": 1.75,
        "is_leaf": True,
    },
    {
        "id": "01JB000000000000000000000D",
        "event_type": "snippet",
        "event_name": "snippet.fetch",
        "ns": SHOP,
        "timestamp": at("2026-11-02T09:00:03Z"),
        "snippet_request_id": "req_7f3a",
        "snippet_ttfb": 12.5,
        "snippet_transfer_size": 4294967296,
    },
]

DO_EVENTS = [
    {
        "ns": ns,
        "verb": verb,
        "source": f"{ns}/Order/A-1001",
        "source_type": f"{ns}/Order",
        "data": data,
        "timestamp": at(timestamp),
    }
    for ns, verb, data, timestamp in [
        (SHOP, "created", '{"total":59.9,"currency":"EUR"}', "2026-10-31T23:59:59.999999Z"),
        (SHOP, "paid", None, "2026-11-01T00:00:00Z"),
        (SHOP, "shipped", "[]", "2026-11-01T12:00:00Z"),
        (BLOG, "published", '{"title":"Über uns"}', "2026-11-01T12:00:00Z"),
    ]
]

DO_THINGS = [
    {
        "ns": ns,
        "id": f"{ns}/{thing}",
        "type": f"{ns}/{kind}",
        "version": version,
        "branch": "main",
        "data": data,
        "deleted": data is None,
        "timestamp": at("2026-11-01T12:00:00Z"),
        "visibility": visibility,
    }
    for ns, thing, kind, version, data, visibility in [
        (SHOP, "order-1001", "Order", 1, '{"status":"new"}', "user"),
        (SHOP, "order-1001", "Order", 2, '{"status":"paid"}', "user"),
        (SHOP, "order-1001", "Order", 3, None, "org"),
        (SHOP, "ada", "Customer", 1, '{"name":"Ada"}', "user"),
        (BLOG, "post-1", "Post", 1, '{"title":"Über uns"}', "public"),
    ]
]

DO_ACTIONS = [
    {
        "ns": ns,
        "id": identifier,
        "verb": "refund",
        "actor": f"{ns}/Human/ada",
        "target": f"{ns}/Order/A-1001",
        "input_version": 3,
        "output_version": 4,
        "durability": "do",
        "status": status,
        "error": error,
        "started_at": at("2026-11-01T11:59:59.876543Z"),
        "duration_ms": 123.456,
        "timestamp": at(timestamp),
    }
    for ns, identifier, status, error, timestamp in [
        (SHOP, "act_1", "completed", None, "2026-11-01T12:00:00Z"),
        (SHOP, "act_2", "failed", '{"name":"PaymentDeclined"}', "2026-11-01T12:00:01Z"),
        (BLOG, "act_3", "completed", None, "2026-11-02T00:00:00Z"),
    ]
]

DO_STATE = [
    {
        "do_id": "9f2c7d1e",
        "ns": ns,
        "type": "Cart",
        "key": key,
        "value": value,
        "op": "DELETE" if value is None else "PUT",
        "timestamp": at(timestamp),
        "seq": seq,
    }
    for ns, key, value, timestamp, seq in [
        (SHOP, "items", '{"sku":"A-1","quantity":2}', "2026-10-31T23:59:59.999999Z", 41),
        (SHOP, "items", None, "2026-11-01T00:00:00Z", 42),
        (SHOP, "note", '"für Zoë"', "2026-11-01T00:00:00Z", 43),
        (BLOG, "draft", "[1,2,3]", "2026-11-01T00:00:00Z", 1),
    ]
]

REALISTIC = {
    "unified_events": UNIFIED_EVENTS,
    "do_events": DO_EVENTS,
    "do_things": DO_THINGS,
    "do_actions": DO_ACTIONS,
    "do_state": DO_STATE,
}

LARGEST = {
    "string": "{name}: 'single' \"double\" \\ \n\t — naïve 日本語 🙂",
    "int": 2**31 - 1,
    "long": 2**63 - 1,
    "double": 1.7976931348623157e308,
    "boolean": True,
    "timestamptz": at("2037-12-31T23:59:59.999999Z"),
    "binary": bytes(range(256)),
}
SMALLEST = {
    "string": "",
    "int": -(2**31),
    "long": -(2**63),
    "double": 5e-324,
    "boolean": False,
    "timestamptz": EPOCH,
    "binary": b"",
}


def sample_rows(table: str, fields: list[dict], json_columns: set[str]) -> list[dict]:
    """Realistic rows, a row of only what is required, and two with every column at an extreme."""
    required = {field["name"] for field in fields if field["required"]}
    rows = [*REALISTIC[table]]
    rows.append({name: value for name, value in rows[0].items() if name in required})
    for values, json_text in ((LARGEST, '{"a":[1,null,"é"],"b":{}}'), (SMALLEST, "[]")):
        row = {}
        for field in fields:
            name, value = field["name"], values[field["type"]]
            if name in json_columns:
                value = json_text
            elif isinstance(value, str):
                value = value.format(name=name) if values is LARGEST else value
            row[name] = value
        rows.append(row)

    names = [field["name"] for field in fields]
    unknown = {name for row in rows for name in row} - set(names)
    assert not unknown, f"{table} has no column {sorted(unknown)}"
    return [{name: row.get(name) for name in names} for row in rows]


def comparable(rows: list[dict]) -> list[tuple]:
    """Rows in a form and an order in which two engines' answers can be compared."""

    def value(item):
        if isinstance(item, datetime) and item.tzinfo:
            return item.astimezone(UTC)
        return bytes(item) if isinstance(item, bytearray) else item

    tuples = [tuple((name, value(row[name])) for name in sorted(row)) for row in rows]
    return sorted(tuples, key=repr)


def partition_value(transform: str, value):
    """The value of an Iceberg partition transform, as the specification defines it."""
    if transform == "identity" or value is None:
        return value
    if value.tzinfo is None:
        value = value.replace(tzinfo=UTC)
    match transform:
        case "hour":
            return (value - EPOCH) // timedelta(hours=1)
        case "day":
            return (value - EPOCH) // timedelta(days=1)
        case "month":
            return (value.year - 1970) * 12 + value.month - 1
    raise ValueError(f"no rule for the transform {transform}")
