#!/usr/bin/env python3
"""The second opinion: which rows the pipelines must store for the events in valid/.

Written from the rules of the event model, in plain Python. It reads neither the schema
definition nor anything generated, so an error there cannot repeat itself here.

    python3 tests/events/expect.py           rewrite expected/
    python3 tests/events/expect.py --check   exit 1 when expected/ is stale

One event a line in valid/<table>.ndjson; one stored row a line in expected/<table>.ndjson, in
the same order, without the events that the pipeline leaves out. A row has its non-null columns
in the order of the table. Timestamps are RFC 3339 in UTC with six fraction digits, binary is
base64, json columns are JSON values, timestamp_ns is an integer.
"""

import base64
import json
import re
import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path

HERE = Path(__file__).resolve().parent
EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
TABLE_VERSION = 1

# The stored columns in order, a line per group. `+` marks a system column that a sender may
# set, `=` one that only the pipeline sets.
UNIFIED_COLUMNS = """
id event_type event_name ns
trace_id span_id parent_id root_id session_id workflow_id transaction_id correlation_id +depth +is_leaf =is_root
actor_id actor_type actor_name anonymous_id
resource_type resource_id resource_name resource_version resource_ns
timestamp timestamp_ns started_at ended_at duration_ms cpu_time_ms
outcome outcome_reason status_code error_type error_message error_stack
http_method http_url http_host http_path http_query http_status http_protocol http_request_size http_response_size http_referrer http_user_agent http_content_type
geo_country geo_region geo_city geo_colo geo_timezone geo_latitude geo_longitude geo_asn geo_as_org geo_postal
client_type client_name client_version device_type device_model device_brand os_name os_version bot_score bot_verified screen_size
service_name service_version service_instance service_namespace host_name host_id cloud_provider cloud_region cloud_zone container_id k8s_namespace k8s_pod k8s_deployment
db_system db_name db_table db_operation db_statement db_row_id db_lsn db_version db_before db_after
msg_system msg_destination msg_operation msg_batch_size msg_message_id
rpc_system rpc_service rpc_method rpc_status
page_title page_search campaign_name campaign_source campaign_medium campaign_term campaign_content campaign_id ab_test_id ab_variant
vital_name vital_value vital_rating vital_delta vital_element vital_load_state nav_type
replay_type replay_source replay_sequence replay_timestamp_offset replay_data
metric_name metric_unit metric_type metric_value metric_count metric_sum metric_min metric_max metric_buckets metric_quantiles
log_level log_level_num log_message log_logger
do_class do_id do_method action_verb action_durability action_target action_input_version
biz_step biz_disposition biz_transaction biz_location biz_read_point
snippet_initiator snippet_request_id snippet_start_time snippet_dns_time snippet_connect_time snippet_ttfb snippet_download_time snippet_blocked_time snippet_resource_type snippet_transfer_size snippet_decoded_size snippet_cache_state snippet_priority
data attributes labels context properties traits
=hour =day +event_source +visibility +ingested_at +batch_id =schema_version
""".split()
assert len(UNIFIED_COLUMNS) == 175
assert sum(name[0] in "+=" for name in UNIFIED_COLUMNS) == 10


def instant(text):
    """An RFC 3339 text as UTC; digits below the microsecond are cut off, also before 1970."""
    if text is None:
        return None
    match = re.fullmatch(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d+))?(Z|[+-]\d\d:\d\d)", text)
    if not match:
        raise ValueError(f"not an RFC 3339 timestamp: {text!r}")
    seconds, fraction, zone = match.groups()
    micros = (fraction or "").ljust(6, "0")[:6]
    zone = "+00:00" if zone == "Z" else zone
    return datetime.fromisoformat(f"{seconds}.{micros}{zone}").astimezone(timezone.utc)


def instant_of_nanos(nanos):
    """Nanoseconds since 1970 as UTC. Before 1970 the cut goes towards the past too: -1 ns is -1 µs."""
    if nanos is None:
        return None
    return EPOCH + timedelta(microseconds=nanos // 1000)


def rfc3339(moment):
    return None if moment is None else moment.isoformat(timespec="microseconds").replace("+00:00", "Z")


def first(*values):
    """The first value that is not null, else null."""
    return next((value for value in values if value is not None), None)


def within(ns, name):
    """`ns/name`; null stays null."""
    return None if name is None else f"{ns}/{name}"


def unified_events(take):
    sent = {name.lstrip("+"): take(name.lstrip("+")) for name in UNIFIED_COLUMNS if name[0] != "="}
    ns, resource_id, nanos, payload = (sent[k] for k in ("ns", "resource_id", "timestamp_ns", "replay_data"))
    nanos = None if nanos is None else int(nanos)
    started = instant(sent["started_at"])
    when = first(instant(sent["timestamp"]), started, instant_of_nanos(nanos))
    changed = {
        "resource_id": within(ns, resource_id) if "/" not in (resource_id or "") else resource_id,
        "resource_ns": first(sent["resource_ns"], ns),
        "timestamp": rfc3339(when),
        "timestamp_ns": nanos,
        "started_at": rfc3339(started),
        "ended_at": rfc3339(instant(sent["ended_at"])),
        "is_root": None if sent["trace_id"] is None else sent["parent_id"] is None,
        "replay_data": None if payload is None else base64.b64encode(base64.b64decode(payload, validate=True)).decode(),
        "hour": None if when is None else when.hour,
        "day": None if when is None else when.date().isoformat(),
        "visibility": first(sent["visibility"], "user"),
        "ingested_at": rfc3339(instant(sent["ingested_at"])),
        "schema_version": TABLE_VERSION,
    }
    row = {**sent, **changed}
    return {name.lstrip("+="): row[name.lstrip("+=")] for name in UNIFIED_COLUMNS}


def do_events(take):
    ns = take("ns")
    return {
        "ns": ns,
        "verb": take("verb"),
        "source": within(ns, take("source")),
        "source_type": within(ns, take("sourceType")),
        "data": take("data"),
        "action_id": take("actionId"),
        "timestamp": rfc3339(instant(take("timestamp"))),
    }


def do_things(take):
    ns = take("ns")
    return {
        "ns": ns,
        "id": within(ns, take("id")),
        "type": within(ns, take("type")),
        "version": take("version"),
        "branch": first(take("branch"), "main"),
        "name": take("name"),
        "data": take("data"),
        "deleted": take("deleted"),
        "action_id": take("actionId"),
        "timestamp": rfc3339(instant(take("timestamp"))),
        "visibility": first(take("visibility"), "user"),
    }


def do_actions(take):
    ns, actor = take("ns"), take("actor")
    row = {
        "ns": ns,
        "id": take("id"),
        "verb": take("verb"),
        "actor": actor if (actor or "").startswith("http") else within(ns, actor),
        "target": within(ns, take("target")),
        "input_version": take("inputVersion"),
        "output_version": take("outputVersion"),
        "durability": take("durability"),
        "status": take("status"),
        "error": take("error"),
        "request_id": take("requestId"),
        "session_id": take("sessionId"),
        "workflow_id": take("workflowId"),
        "started_at": rfc3339(instant(take("startedAt"))),
        "completed_at": rfc3339(instant(take("completedAt"))),
        "duration_ms": take("duration"),
        "timestamp": rfc3339(instant(take("timestamp"))),
    }
    return row if row["status"] in ("completed", "failed") else None


def do_state(take):
    row = {name: take(name) for name in ("do_id", "ns", "type", "key", "value", "op", "timestamp", "seq")}
    row["timestamp"] = rfc3339(instant(row["timestamp"]))
    return None if row["op"] == "_internal" else row


TABLES = (unified_events, do_events, do_things, do_actions, do_state)


def expected(table):
    """The text of expected/<table>.ndjson."""
    lines = []
    for number, line in enumerate((HERE / "valid" / f"{table.__name__}.ndjson").read_text("utf-8").split("\n"), 1):
        if not line:
            continue
        event = json.loads(line)
        row = table(lambda name: event.pop(name, None))
        if event:
            sys.exit(f"valid/{table.__name__}.ndjson:{number}: not fields of this stream: {', '.join(event)}")
        if row is not None:
            row = {name: value for name, value in row.items() if value is not None}
            lines.append(json.dumps(row, ensure_ascii=False, allow_nan=False, separators=(",", ":")) + "\n")
    return "".join(lines)


def main(arguments):
    if arguments not in ([], ["--check"]):
        sys.exit(__doc__)
    stale = []
    for table in TABLES:
        path = HERE / "expected" / f"{table.__name__}.ndjson"
        text = expected(table).encode("utf-8")
        if path.is_file() and path.read_bytes() == text:
            continue
        stale.append(path.relative_to(HERE).as_posix())
        if not arguments:
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(text)
    print(*(("stale: " if arguments else "wrote ") + name for name in stale), sep="\n", end="\n" if stale else "")
    if arguments and stale:
        sys.exit("run: python3 tests/events/expect.py")


if __name__ == "__main__":
    main(sys.argv[1:])
