"""A generated workload moves: after every step, what is where is what a plain model of the rules says."""

import random
import shutil
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

from moves import REPOSITORY, arrow_schema, at, unified_event
from test_release import FIRST, LAST, edit

SEED = 20261126
START = at("2026-11-01T00:00:00")
T1 = START + timedelta(days=3)
NAMESPACES = ("a.example", "b.example", "c.example")

ARRIVAL = """
[column.ingested_at]
id = 17
type = "timestamp"
kind = "system"
doc = "When it arrived."
example = "2026-01-01T12:00:01.000000Z"
"""
EXTRA = """
[column.extra]
id = 18
type = "string"
doc = "What came later, in place."
example = "x"
"""
KIND = """
[column.kind]
id = 3
type = "string"
since = 2
doc = "What kind of note it is."
example = "memo"

[partition.none]"""
KIND_FIELD = """
[field.kind]
type = "string"
doc = "What kind of note it is."
example = "memo"

[sink]"""


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four releases: the events get a column in place, then two new versions; the notes a filter and an expression."""
    folder = tmp_path_factory.mktemp("workload")
    schema = folder / "schema"
    shutil.copytree(REPOSITORY / "tests" / "evolution" / "base", schema)
    columns = schema / "groups" / "everything.toml"
    notes, pipeline = (schema / kind / "notes.toml" for kind in ("tables", "pipelines"))

    def put(path: Path, old: str, new: str) -> None:
        text = path.read_text()
        assert text.count(old) == 1, f"{path}: {old}"
        path.write_text(text.replace(old, new))

    columns.write_text(columns.read_text() + ARRIVAL)
    put(notes, "\n[partition.none]", KIND)
    put(pipeline, "\n[sink]", KIND_FIELD)
    text = pipeline.read_text()
    stored = next(line for line in text.splitlines() if line.startswith("where"))
    put(pipeline, stored, "where = \"kind <> 'draft'\"")
    unified_event("release", "--schema", schema)
    columns.write_text(columns.read_text() + EXTRA)
    unified_event("release", "--schema", schema)
    edit(columns, "ratio", ("[column.ratio]\n", '[column.share]\nrenamed_from = "ratio"\n'))
    put(columns, 'replaced_by = "ratio"', 'replaced_by = "share"')
    unified_event("release", "--schema", schema)
    edit(columns, "trace_id", ("[column.trace_id]\n", '[column.trace]\nrenamed_from = "trace_id"\n'))
    for file in (schema / "tables" / "tiny_events.toml",):
        file.write_text(file.read_text().replace('"trace_id"', '"trace"'))
    types = schema / "event_types.toml"
    types.write_text(types.read_text().replace('"trace_id"', '"trace"'))
    put(pipeline, "where = \"kind <> 'draft'\"", "where = \"kind <> 'secret'\"")
    put(notes, "transform = '\"noteText\"'", "transform = 'upper(\"noteText\")'")
    unified_event("release", "--schema", schema)
    unified_event("codegen", "--schema", schema, "--out", folder / "generated")
    return folder / "generated" / "migrations"


def in_window(row: dict, lo, hi) -> bool:
    return row["ingested_at"] is None or lo <= row["ingested_at"] < hi


def key(row: dict) -> tuple:
    return row["ns"], row["id"]


class Events:
    """Three versions of the events, and what each of them holds."""

    def __init__(self, engine, bundle: Path):
        self.engine, self.sql = engine, bundle / "backfill" / engine.name
        self.random = random.Random(SEED)
        self.rows: dict[str, list[dict]] = {"tiny_events": [], "tiny_events_v2": [], "tiny_events_v3": []}
        newest = arrow_schema(bundle / "tables" / "iceberg" / "tiny_events_v3.create-table.json")
        middle = arrow_schema(bundle / "old" / "iceberg" / "tiny_events_v2.create-table.json")
        # The first version called `share` otherwise, and is else as the second one.
        first = middle.set(
            middle.get_field_index("share"), middle.field("share").with_name("ratio")
        )
        self.schemas = {"tiny_events": first, "tiny_events_v2": middle, "tiny_events_v3": newest}
        ddl = (bundle / "old" / "sql" / "ddl" / engine.name / "tiny_events_v2.sql").read_text()
        for text in (ddl, ddl.replace("tiny_events_v2", "tiny_events").replace("share", "ratio")):
            script = bundle / "once.sql"
            script.write_text(text)
            engine.script(script)
        for _ in range(2):
            engine.script(bundle / "tables" / f"{engine.name}.sql")
            engine.script(bundle / "views" / f"{engine.name}.sql")
        self.bundle = bundle

    def event(self, ns: str, id: str, **more) -> dict:
        hours = self.random.randrange(96)
        arrived = START + timedelta(hours=hours)
        if self.random.random() < 0.15:
            arrived = None
        return {
            "ns": ns,
            "id": id,
            "event_type": "ping",
            "status": self.random.choice([200, 500]),
            "share": self.random.randrange(100) / 4,
            "trace": f"{self.random.randrange(16**8):032x}",
            # Long before it arrived.
            "timestamp": START - timedelta(days=self.random.choice([1, 500])),
            "rating": "good",
            "ingested_at": arrived,
            **more,
        }

    def put(self, table: str, *events: dict) -> None:
        names = {"trace_id": "trace"} if table != "tiny_events_v3" else {}
        names |= {"ratio": "share"} if table == "tiny_events" else {}
        version = {"tiny_events": 1, "tiny_events_v2": 2, "tiny_events_v3": 3}[table]
        schema = self.schemas[table]
        rows = [
            {f.name: {**e, "schema_version": version}.get(names.get(f.name, f.name)) for f in schema}
            for e in events
        ]
        self.engine.insert(table, rows, schema)
        self.rows[table] += events

    def backfill(self, lo, hi) -> None:
        self.engine.run(self.sql / "2-backfill.sql", lo=lo, hi=hi, accept_loss=False)
        there = {key(row) for row in self.rows["tiny_events_v3"]}
        for row in self.rows["tiny_events_v2"]:
            if in_window(row, lo, hi) and key(row) not in there:
                there.add(key(row))
                self.rows["tiny_events_v3"].append(row)

    def view(self, name: str, order: list[str]) -> None:
        """Holds a view to the rows of the first table, and those of the others that none before has."""
        seen: set[tuple] = set()
        expected: Counter = Counter()
        for table in order:
            rows = [key(row) for row in self.rows[table] if key(row) not in seen]
            expected.update(rows)
            seen.update(rows)
        found = self.engine.query(f'SELECT ns, id FROM "{name}"')
        assert Counter(key(row) for row in found) == expected, name

    def check(self, lo=FIRST, hi=LAST) -> set[str]:
        """Holds the reconciliation to the rows, key by key; returns what it tells of."""
        olds, news = self.rows["tiny_events_v2"], self.rows["tiny_events_v3"]
        firsts: dict[tuple, dict] = {}
        for row in news:
            firsts.setdefault(key(row), row)

        def day(row: dict) -> str:
            if row["ingested_at"] is None:
                return "no day"
            return f"{row['ingested_at']:%Y-%m-%d}" if in_window(row, lo, hi) else "outside the window"

        expected: Counter = Counter()
        seen = set()
        for row in olds:
            there = firsts.get(key(row))
            what = None
            if key(row) in seen:
                what = "repeated"
            elif there is None:
                what = "missing"
            else:
                differing = [c for c in ("trace", "status", "share") if row[c] != there[c]]
                what = f"differs in {', '.join(differing)}" if differing else None
            seen.add(key(row))
            if what:
                expected[*key(row), what, day(row)] += 1
        counts = Counter(key(row) for row in news)
        for row in news:
            if counts[key(row)] > 1:
                counts[key(row)] -= 1
                expected[*key(row), "doubled", day(row)] += 1
        found = self.engine.run(self.sql / "4-differences.sql", lo=lo, hi=hi)
        assert Counter(tuple(row.values()) for row in found) == expected
        days = self.engine.run(self.sql / "3-reconcile.sql", lo=lo, hi=hi)
        for field, word in (
            ("n_missing", "missing"),
            ("n_repeated", "repeated"),
            ("n_differing", "differs"),
            ("n_doubled", "doubled"),
        ):
            by_day = Counter()
            for (_, _, what, of), n in expected.items():
                by_day[of] += n if what.startswith(word) else 0
            assert {d["day_of_arrival"]: d[field] for d in days if d[field]} == {
                d: n for d, n in by_day.items() if n
            }, field
        assert {d["day_of_arrival"]: d["n_old"] for d in days if d["n_old"]} == Counter(map(day, olds))
        assert {d["day_of_arrival"]: d["n_new"] for d in days if d["n_new"]} == Counter(map(day, news))
        return {what.split()[0] for _, _, what, _ in expected}


def test_events_of_three_versions(engine, generated: Path):
    events = Events(engine, generated / "tiny_events_v2_to_v3")
    v1, v2, v3 = events.rows
    held: dict[str, list[dict]] = {v1: [], v2: [], v3: []}
    for number in range(12):
        for ns in NAMESPACES[: 1 + number % 3]:
            one = events.event(ns, f"e-{number}")
            where = events.random.choice([[v1], [v1, v2], [v2, v2], [v2, v3], [v2], [v2]])
            for table in where:
                held[table].append(one)
    # The same id in every namespace, and each a row of its own.
    held[v2] += [events.event(ns, "same") for ns in NAMESPACES]
    for table, rows in held.items():
        events.put(table, *rows)

    def views() -> None:
        events.view("tiny_events_all", [v3, v2, v1])
        events.view("tiny_events_as_v2", [v2, v3, v1])
        events.view("tiny_events_as_v1", [v1, v3, v2])

    views()
    assert "missing" in events.check()
    # In pieces, in any order, each again and again: a run that was killed is one that is repeated.
    for lo, hi in ((START, T1), (FIRST, START), (START, T1), (FIRST, T1)):
        events.backfill(lo, hi)
        events.view("tiny_events_all", [v3, v2, v1])
    views()
    assert {"missing", "repeated"} <= events.check()
    # Both are fed, and a row of long ago arrives late.
    late = events.event(NAMESPACES[0], "late", ingested_at=START + timedelta(hours=1))
    both = events.event(NAMESPACES[1], "both", ingested_at=T1 + timedelta(hours=1))
    events.put(v2, late, both)
    events.put(v3, both)
    views()
    events.backfill(T1, LAST)
    outside = engine.run(events.sql / "3-reconcile.sql", lo=T1, hi=LAST)
    assert [d["n_missing"] for d in outside if d["day_of_arrival"] == "outside the window"] == [1]
    events.check(T1, LAST)
    for _ in range(2):
        events.backfill(FIRST, LAST)
        assert events.check() == {"repeated"}
    views()
    # The middle version goes first: its view stays, over what is left.
    engine.script(events.bundle / "views" / f"{engine.name}.retired.sql")
    engine.query("DROP TABLE tiny_events_v2")
    events.view("tiny_events_all", [v3, v1])
    events.view("tiny_events_as_v2", [v3, v1])
    events.view("tiny_events_as_v1", [v1, v3])


def test_what_differs_is_named(engine, generated: Path):
    events = Events(engine, generated / "tiny_events_v2_to_v3")
    _, v2, v3 = events.rows
    rows = [events.event(ns, f"e-{i}") for i in range(4) for ns in NAMESPACES]
    events.put(v2, *rows)
    events.backfill(FIRST, LAST)
    assert events.check() == set()
    gone, changed, doubled = events.random.sample(rows, 3)

    def where(row: dict) -> str:
        return f"WHERE ns = '{row['ns']}' AND id = '{row['id']}'"

    engine.query(f"DELETE FROM {v3} {where(gone)}")
    engine.query(f"UPDATE {v3} SET status = 404, trace = NULL {where(changed)}")
    events.rows[v3] = [
        {**row, "status": 404, "trace": None} if row is changed else row
        for row in events.rows[v3]
        if row is not gone
    ]
    events.put(v3, doubled)
    assert events.check() == {"missing", "differs", "doubled"}
    events.backfill(FIRST, LAST)
    assert events.check() == {"differs", "doubled"}

    # Two rows with one key that differ: nothing moves before somebody has decided.
    events.put(v2, {**gone, "id": "clash"}, {**gone, "id": "clash", "status": 404})
    found = engine.run(events.sql / "1-preflight.sql", lo=FIRST, hi=LAST)
    assert [(p["column_name"], p["n_rows"], p["example"]) for p in found] == [("ns, id", 2, "clash")]
    engine.run(events.sql / "2-backfill.sql", lo=FIRST, hi=LAST, accept_loss=False)
    assert engine.query(f"SELECT id FROM {v3} WHERE id = 'clash'") == []
    engine.run(events.sql / "2-backfill.sql", lo=FIRST, hi=LAST, accept_loss=True)
    assert len(engine.query(f"SELECT id FROM {v3} WHERE id = 'clash'")) == 1


def test_notes_without_a_key_and_with_another_filter(engine, generated: Path):
    bundle = generated / "notes_v2_to_v3"
    sql, draw = bundle / "backfill" / engine.name, random.Random(SEED)
    old = arrow_schema(bundle / "old" / "iceberg" / "notes_v2.create-table.json")
    new = arrow_schema(bundle / "tables" / "iceberg" / "notes_v3.create-table.json")
    engine.script(bundle / "old" / "sql" / "ddl" / engine.name / "notes_v2.sql")
    for _ in range(2):
        engine.script(bundle / "tables" / f"{engine.name}.sql")
        engine.script(bundle / "views" / f"{engine.name}.sql")
    olds: list[tuple] = []
    news: list[tuple] = []

    def put(table: str, rows: list[tuple], schema) -> None:
        engine.insert(table, [dict(zip(("ns", "note_text", "kind"), r, strict=True)) for r in rows], schema)

    def counted(table: str) -> Counter:
        return Counter(tuple(r.values()) for r in engine.query(f'SELECT ns, note_text, kind FROM "{table}"'))

    # One text a namespace and kind, as often as it likes: what is equal counts as often as it is there.
    for _ in range(30):
        ns, kind = draw.choice(NAMESPACES), draw.choice(["memo", "todo", "secret", None])
        olds.append((ns, f"note of {ns}", kind))
    put("notes_v2", olds, old)
    fed = [(ns, f"note of {ns}", "memo") for ns in NAMESPACES]
    put("notes_v2", fed, old)
    put("notes_v3", [(ns, text.upper(), kind) for ns, text, kind in fed], new)
    olds += fed
    news += [(ns, text.upper(), kind) for ns, text, kind in fed]
    # New rows that the old filter would have left out.
    drafts = [(NAMESPACES[0], "A DRAFT", "draft")]
    put("notes_v3", drafts, new)
    news += drafts

    def place(row: tuple) -> tuple:
        return row[0], row[2]

    # The new filter is `kind <> 'secret'`, of which null is none either.
    kept = [row for row in olds if row[2] not in ("secret", None)]
    there = Counter(map(place, news))

    def lacking() -> list[tuple]:
        rest, out = Counter(there), []
        for row in kept:
            if rest[place(row)] > 0:
                rest[place(row)] -= 1
            else:
                out.append(row)
        return out

    assert counted("notes_all") == Counter(news + lacking())
    assert counted("notes_as_v2") == Counter(olds)
    differences = engine.run(sql / "4-differences.sql")
    assert Counter(row["what"] for row in differences) == {
        "missing": len(lacking()),
        "filtered": len(olds) - len(kept),
    }
    problems = engine.run(sql / "1-preflight.sql")
    assert [(p["column_name"], p["n_rows"]) for p in problems] == [("(filter)", len(olds) - len(kept))]
    engine.run(sql / "2-backfill.sql", accept_loss=False)
    assert counted("notes_v3") == Counter(news)
    news += lacking()
    for _ in range(2):
        engine.run(sql / "2-backfill.sql", accept_loss=True)
        assert counted("notes_v3") == Counter(news)
        assert counted("notes_all") == Counter(news)
        assert counted("notes_as_v2") == Counter(olds)
    (line,) = engine.run(sql / "3-reconcile.sql")
    assert (line["n_old"], line["n_new"], line["n_missing"], line["n_filtered"]) == (
        len(olds),
        len(news),
        0,
        len(olds) - len(kept),
    )


def test_tables_of_the_platform_are_read_as_they_were_made(generated: Path):
    bundle = generated / "tiny_events_v2_to_v3"
    sql = (bundle / "views" / "spark-managed.sql").read_text()
    start = sql.index("FROM `tiny_events` AS r")
    select = sql[sql.rindex("SELECT", 0, start) : start]
    assert "CAST(NULL AS STRING) AS `extra`" in select and "r.`extra`" not in select
    assert "got `extra` in place" in (bundle / "PLAN.md").read_text()
