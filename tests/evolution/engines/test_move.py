"""A table moves to its next version while rows arrive: none is lost, none is doubled."""

from pathlib import Path

import pyarrow.parquet as pq

from moves import EVENTS, NOTES, SparkTables, arrow_schema, at

OLD = arrow_schema(EVENTS / "old" / "iceberg" / "tiny_events.create-table.json")
NEW = arrow_schema(EVENTS / "tables" / "iceberg" / "tiny_events_v2.create-table.json")
MANAGED_OLD = arrow_schema(EVENTS / "old" / "iceberg" / "tiny_events.managed.schema.json")
MANAGED_NEW = arrow_schema(EVENTS / "tables" / "iceberg" / "tiny_events_v2.managed.schema.json")
EPOCH, T1, T2 = at("1970-01-01T00:00:00"), at("2026-11-03T00:00:00"), at("2026-11-04T00:00:00")


def old_row(key: str, arrived: str | None, code: str | None, **more) -> dict:
    time = at(arrived) if arrived else None
    row = {
        "id": key,
        "event_type": "ping",
        "ns": "shop.example",
        "trace_id": "4bf92f3577b34da6a3ce929d0e0e4736",
        "timestamp": time,
        "status": 200,
        "ratio": 0.1,
        "rating": "good",
        "labels": '{"team":"a"}',
        "body": b"\x00\xff",
        "schema_version": 1,
        "ingested_at": time,
        "code": code,
        "legacy": f"only {key}",
    }
    return {field.name: {**row, **more}.get(field.name) for field in OLD}


def moved(row: dict, tenant: str | None = "acme") -> dict:
    """The row in the new shape, by the rules that the pair of definitions was made with."""
    new = {
        **row,
        "http_status": row["status"],
        "code": None if row["code"] is None else int(row["code"]),
        "tenant": tenant,
        "schema_version": 2,
    }
    return {field.name: new.get(field.name) for field in NEW}


def rows_of(engine, table: str) -> list[dict]:
    rows = engine.query(f'SELECT * FROM "{table}"')
    return sorted(({k: _plain(v) for k, v in row.items()} for row in rows), key=lambda r: r["id"])


def _plain(value):
    return bytes(value) if isinstance(value, bytearray) else value


def day_of(day: str, n: int, **more) -> dict:
    """A line of the reconciliation, on which nothing is wrong but what is said."""
    names = ("missing", "repeated", "filtered", "differing", "doubled")
    counts = {f"n_{name}": 0 for name in names}
    return {"day_of_arrival": day, "n_old": n, "n_new": n, **counts, **more}


def by_id(*rows: dict) -> list[dict]:
    return sorted(rows, key=lambda row: row["id"])


def test_events_move_while_they_arrive(engine):
    sql = EVENTS / "backfill" / engine.name
    first, later = {"lo": EPOCH, "hi": T1}, {"lo": T1, "hi": T2}
    choices = {"accept_loss": False, "fill_tenant": "acme"}

    def all_new() -> list[dict]:
        return rows_of(engine, "tiny_events_all")

    def all_old() -> list[dict]:
        return rows_of(engine, "tiny_events_as_v1")

    olds = [
        old_row("e-1", "2026-11-01T10:00:00", "404"),
        # Known only by when it happened, and not even that.
        old_row("e-2", "2026-11-01T11:00:00", "-7", ingested_at=None),
        old_row("e-3", None, None),
        old_row("e-4", "2026-11-02T23:59:59.999999", "not a number"),
    ]
    engine.script(EVENTS / "old" / "sql" / "ddl" / engine.name / "tiny_events.sql")
    engine.insert("tiny_events", olds, OLD)

    # Create, and show both: before a row has moved all of them are there, in both shapes.
    engine.script(EVENTS / "tables" / f"{engine.name}.sql")
    engine.script(EVENTS / "views" / f"{engine.name}.sql")
    readable = [{**row, "code": None if row["id"] == "e-4" else row["code"]} for row in olds]
    assert all_new() == [moved(row, None) for row in readable]
    assert all_old() == olds

    # Look before: the one value that does not convert is reported, and holds everything back.
    (problem,) = engine.run(sql / "1-preflight.sql", **first)
    assert problem == {
        "column_name": "code",
        "problem": "has no exact value as int32",
        "n_rows": 1,
        "example": "not a number",
    }
    engine.run(sql / "2-backfill.sql", **first, **choices)
    assert rows_of(engine, "tiny_events_v2") == []

    engine.query("UPDATE tiny_events SET code = '500' WHERE id = 'e-4'")
    olds[3]["code"] = "500"
    assert engine.run(sql / "1-preflight.sql", **first) == []

    # Both are fed; a row of the time before shows up late, as rows of the platform do.
    both = old_row("e-5", "2026-11-03T01:00:00", "200")
    emitted = {**moved(both, "globex"), "region": "eu"}
    engine.insert("tiny_events", [both], OLD)
    engine.insert("tiny_events_v2", [emitted], NEW)
    assert all_old() == by_id(*olds, both)
    assert [row["id"] for row in all_new()] == ["e-1", "e-2", "e-3", "e-4", "e-5"]

    engine.run(sql / "2-backfill.sql", **first, **choices)
    assert rows_of(engine, "tiny_events_v2") == by_id(*map(moved, olds), emitted)
    assert all_new() == by_id(*map(moved, olds), emitted)
    assert all_old() == by_id(*olds, both)

    # Once more: nothing happens.
    engine.run(sql / "2-backfill.sql", **first, **choices)
    assert rows_of(engine, "tiny_events_v2") == by_id(*map(moved, olds), emitted)

    late = [old_row("e-6", "2026-11-03T02:00:00", None), old_row("e-7", "2026-11-02T09:00:00", "1")]
    engine.insert("tiny_events", late, OLD)
    assert [row["id"] for row in all_new()] == [f"e-{i}" for i in range(1, 8)]
    for _ in range(2):
        engine.run(sql / "2-backfill.sql", **later, **choices)
        engine.run(sql / "2-backfill.sql", **first, **choices)
    everything = by_id(*map(moved, [*olds, *late]), emitted)
    assert rows_of(engine, "tiny_events_v2") == everything

    days = engine.run(sql / "3-reconcile.sql", lo=EPOCH, hi=T2, **choices)
    assert days == [
        day_of("2026-11-01", 1),
        day_of("2026-11-02", 2),
        day_of("2026-11-03", 2),
        # One says only when it happened, one not even that.
        day_of("no day", 2),
    ]
    assert engine.run(sql / "4-differences.sql", lo=EPOCH, hi=T2, **choices) == []

    # Cut over, and retire.
    last = {**moved(old_row("e-8", "2026-11-03T03:00:00", "201"), "acme")}
    engine.insert("tiny_events_v2", [last], NEW)
    assert all_new() == by_id(*everything, last)
    as_old = {**old_row("e-8", "2026-11-03T03:00:00", "201"), "legacy": None}
    assert all_old() == by_id(*olds, both, *late, as_old)
    engine.script(EVENTS / "views" / f"{engine.name}.retired.sql")
    engine.query("DROP TABLE tiny_events")
    assert all_new() == by_id(*everything, last)
    assert [row["code"] for row in all_old()] == ["404", "-7", None, "500", "200", None, "1", "201"]


def test_a_missing_row_and_a_changed_value_are_seen(engine):
    sql = EVENTS / "backfill" / engine.name
    choices = {"lo": EPOCH, "hi": T2, "accept_loss": True, "fill_tenant": "acme"}
    engine.script(EVENTS / "old" / "sql" / "ddl" / engine.name / "tiny_events.sql")
    engine.script(EVENTS / "tables" / f"{engine.name}.sql")
    days = ("2026-11-01", "2026-11-02", "2026-11-03")
    olds = [
        old_row(f"e-{i}", f"{day}T10:00:00", "no" if i == 0 else "1") for i, day in enumerate(days)
    ]
    engine.insert("tiny_events", olds, OLD)

    # Whoever accepts the loss gets null, and the row.
    engine.run(sql / "2-backfill.sql", **choices)
    assert [row["code"] for row in rows_of(engine, "tiny_events_v2")] == [None, 1, 1]

    engine.query("UPDATE tiny_events_v2 SET ratio = 0.2, trace_id = NULL WHERE id = 'e-1'")
    engine.query("DELETE FROM tiny_events_v2 WHERE id = 'e-2'")
    found = engine.run(sql / "3-reconcile.sql", **choices)
    assert found == [
        day_of("2026-11-01", 1),
        day_of("2026-11-02", 1, n_differing=1),
        day_of("2026-11-03", 1, n_new=0, n_missing=1),
    ]
    named = engine.run(sql / "4-differences.sql", **choices)
    assert [(row["ns"], row["id"], row["what"]) for row in named] == [
        ("shop.example", "e-1", "differs in trace_id, ratio"),
        ("shop.example", "e-2", "missing"),
    ]


def test_rows_without_a_key_move_once(engine):
    sql = NOTES / "backfill" / engine.name
    old = arrow_schema(NOTES / "old" / "iceberg" / "notes_v2.create-table.json")
    new = arrow_schema(NOTES / "tables" / "iceberg" / "notes_v3.create-table.json")
    engine.script(NOTES / "old" / "sql" / "ddl" / engine.name / "notes_v2.sql")
    engine.script(NOTES / "tables" / f"{engine.name}.sql")
    engine.script(NOTES / "views" / f"{engine.name}.sql")
    notes = [{"ns": "a", "note_text": "one"}, {"ns": "a", "note_text": None}]
    engine.insert("notes_v2", notes, old)
    assert engine.run(sql / "1-preflight.sql") == []

    engine.run(sql / "2-backfill.sql")
    both = {"ns": "b", "note_text": "two"}
    engine.insert("notes_v2", [both], old)
    engine.insert("notes_v3", [{**both, "author": "ada"}], new)
    for _ in range(2):
        engine.run(sql / "2-backfill.sql")
    key = lambda row: tuple(value or "" for value in row)  # noqa: E731
    expected = [("a", "one", None), ("a", None, None), ("b", "two", "ada")]
    for table in ("notes_v3", "notes_all"):
        rows = engine.query(f'SELECT ns, note_text, author FROM "{table}"')
        assert sorted((tuple(r.values()) for r in rows), key=key) == sorted(expected, key=key)


def test_tables_of_the_platform_move_by_their_time_of_arrival(spark, tmp_path: Path):
    engine = SparkTables(spark, tmp_path)
    sql = EVENTS / "backfill" / "spark-managed"
    for table, schema in (("tiny_events", MANAGED_OLD), ("tiny_events_v2", MANAGED_NEW)):
        empty = tmp_path / f"{table}.parquet"
        pq.write_table(schema.empty_table(), empty)
        spark.sql(
            f"CREATE TABLE {table} USING iceberg PARTITIONED BY (days(__ingest_ts)) "
            f"TBLPROPERTIES ('format-version' = '2') AS SELECT * FROM parquet.`{empty}`"
        )
    rows = []
    for i, day in enumerate(("2026-11-01", "2026-11-02", "2026-11-03")):
        row = old_row(f"e-{i}", f"{day}T10:00:00", str(i))
        # Sent long before it arrived: only the platform's own time counts here.
        arrived = at(f"{day}T10:00:00").replace(tzinfo=None)
        long_ago = at("2020-01-01T00:00:00").replace(tzinfo=None)
        rows.append({**row, "timestamp": long_ago, "ingested_at": long_ago, "__ingest_ts": arrived})
    engine.insert("tiny_events", rows, MANAGED_OLD)
    choices = {"accept_loss": False, "fill_tenant": "acme"}
    for _ in range(2):
        engine.run(sql / "2-backfill.sql", lo=EPOCH, hi=T1, **choices)
    found = rows_of(engine, "tiny_events_v2")
    assert [(row["id"], row["code"], row["__ingest_ts"]) for row in found] == [
        (row["id"], int(row["code"]), row["__ingest_ts"]) for row in rows[:2]
    ]
    engine.run(sql / "2-backfill.sql", lo=T1, hi=T2, **choices)
    days = engine.run(sql / "3-reconcile.sql", lo=EPOCH, hi=T2, **choices)
    assert days == [day_of(f"2026-11-0{i}", 1) for i in (1, 2, 3)]
    for table in ("tiny_events", "tiny_events_v2"):
        spark.sql(f"DROP TABLE {table}")
