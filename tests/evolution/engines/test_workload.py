"""A generated workload moves: after every step, what is where is what a plain model of the rules says."""

import json
import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from moves import REPOSITORY, Duck, ManagedTables, arrow_schema, at, unified_event
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


TABLES = ("tiny_events", "tiny_events_v2", "tiny_events_v3")


def in_window(row: dict, lo, hi) -> bool:
    return row["ingested_at"] is None or lo <= row["ingested_at"] < hi


def key(row: dict) -> tuple:
    return row["ns"], row["id"]


class Events:
    """Three versions of the events, and what each of them holds."""

    def __init__(self, engine, bundle: Path):
        self.engine, self.bundle = engine, bundle
        self.sql = bundle / "backfill" / engine.name
        self.random = random.Random(SEED)
        self.rows: dict[str, list[dict]] = {name: [] for name in TABLES}
        self.is_managed = isinstance(engine, ManagedTables)
        file = "managed.schema" if self.is_managed else "create-table"
        newest = arrow_schema(bundle / "tables" / "iceberg" / f"tiny_events_v3.{file}.json")
        middle = arrow_schema(bundle / "old" / "iceberg" / f"tiny_events_v2.{file}.json")
        # The first version called `share` otherwise, and is else as the second one; where columns
        # cannot be added in place it never got the last.
        place = middle.get_field_index("share")
        first = middle.set(place, middle.field("share").with_name("ratio"))
        if self.is_managed:
            first = first.remove(first.get_field_index("extra"))
        self.schemas = dict(zip(TABLES, (first, middle, newest), strict=True))
        for name in TABLES[:2]:
            self.create(name)

    def create(self, name: str) -> None:
        if self.is_managed:
            return self.engine.create(name, self.schemas[name])
        text = (self.bundle / "old" / "sql" / "ddl" / self.engine.name / "tiny_events_v2.sql").read_text()
        if name == "tiny_events":
            text = text.replace("tiny_events_v2", "tiny_events").replace("share", "ratio")
        script = self.bundle / "once.sql"
        script.write_text(text)
        self.engine.script(script)

    def steps(self) -> list[Path]:
        """The files that create the new table and show all."""
        views = self.bundle / "views" / f"{self.engine.name}.sql"
        return [views] if self.is_managed else [self.bundle / "tables" / f"{self.engine.name}.sql", views]

    def show(self) -> None:
        """Creates the new table and the views, twice."""
        if self.is_managed:
            self.create("tiny_events_v3")
        for _ in range(2):
            for file in self.steps():
                self.engine.script(file)

    def event(self, ns: str, id: str, **more) -> dict:
        hours = self.random.randrange(96)
        arrived = START + timedelta(hours=hours)
        if self.random.random() < 0.15 and not self.is_managed:
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
        version = 1 + TABLES.index(table)
        schema = self.schemas[table]

        def stored(event: dict) -> dict:
            row = {**event, "schema_version": version}
            if self.is_managed:
                # Moments have no zone, and senders do not say when a row arrived.
                times = {k: v.replace(tzinfo=None) for k, v in row.items() if isinstance(v, datetime)}
                row |= times | {"__ingest_ts": times["ingested_at"], "ingested_at": None}
            return {f.name: row.get(names.get(f.name, f.name)) for f in schema}

        self.engine.insert(table, [stored(e) for e in events], schema)
        self.rows[table] += events

    def backfill(self, lo, hi) -> None:
        self.engine.run(self.sql / "2-backfill.sql", lo=lo, hi=hi, accept_loss=False)
        self.moved(lo, hi)

    def moved(self, lo, hi) -> None:
        """Notes what the move of a window brings."""
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


@pytest.mark.parametrize("engine", ["duckdb", "spark", "spark-managed"], indirect=True)
def test_events_of_three_versions(engine, generated: Path):
    events = Events(engine, generated / "tiny_events_v2_to_v3")
    events.show()
    # Every state in between is looked at where that is cheap; each question to Spark takes a second.
    is_cheap = engine.name == "duckdb"
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
    windows = [(START, T1), (FIRST, START), (START, T1), (FIRST, T1)]
    for lo, hi in windows if is_cheap else windows[2:]:
        events.backfill(lo, hi)
        if is_cheap:
            events.view("tiny_events_all", [v3, v2, v1])
    views()
    assert {"missing", "repeated"} <= events.check()
    # Both are fed, and a row of long ago arrives late.
    late = events.event(NAMESPACES[0], "late", ingested_at=START + timedelta(hours=1))
    both = events.event(NAMESPACES[1], "both", ingested_at=T1 + timedelta(hours=1))
    events.put(v2, late, both)
    events.put(v3, both)
    if is_cheap:
        views()
    events.backfill(T1, LAST)
    outside = engine.run(events.sql / "3-reconcile.sql", lo=T1, hi=LAST)
    assert [d["n_missing"] for d in outside if d["day_of_arrival"] == "outside the window"] == [1]
    if is_cheap:
        events.check(T1, LAST)
    for _ in range(2 if is_cheap else 1):
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
    events.show()
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


def test_a_killed_process_is_one_that_is_repeated(generated: Path, tmp_path: Path):
    """Kills the process that takes the steps, after each of them and within each, and takes all again."""
    bundle = generated / "tiny_events_v2_to_v3"
    backfill = bundle / "backfill" / "duckdb" / "2-backfill.sql"
    windows = [(START, T1), (FIRST, START), (FIRST, LAST)]
    _, olds, news = TABLES
    n_steps = 2 + len(windows)
    after, within = ((n + 1, False) for n in range(n_steps - 1)), ((n, True) for n in range(n_steps))
    untouched = tmp_path / "untouched.duckdb"
    with on_disk(untouched) as connection:
        events = Events(Duck(connection), bundle)
        rows = [events.event(NAMESPACES[i % 3], f"e-{i // 3}") for i in range(600)]
        events.put(olds, *rows, *rows[:7])
    steps = [(file.read_text(), {}) for file in events.steps()]
    for lo, hi in windows:
        steps.append((backfill.read_text(), {"lo": lo, "hi": hi, "accept_loss": False}))
    for death in (*after, *within):
        database = tmp_path / f"{death}.duckdb"
        shutil.copy(untouched, database)
        events.rows[news] = []
        n_ended = take(database, steps, death)
        with on_disk(database) as connection:
            events.engine = Duck(connection)
            tables = {row["name"] for row in events.engine.query("SHOW TABLES")}
            counted = f"SELECT count(*) AS n FROM {news}"
            found = events.engine.query(counted)[0]["n"] if news in tables else 0
            assert (n_ended < 1 or news in tables) and (n_ended < 2 or "tiny_events_all" in tables)
            # The step at which the process died is taken, or nothing of it is.
            moved = [0]
            for lo, hi in windows:
                events.moved(lo, hi)
                moved.append(len(events.rows[news]))
            n_windows = max(0, n_ended - 2)
            assert found in moved[n_windows : n_windows + 2]
            for text, parameters in steps:
                connection.execute(text, parameters or None)
            assert events.check() == {"repeated"}
            events.view("tiny_events_all", [news, olds])


def on_disk(database: Path) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(str(database))
    connection.execute("SET TimeZone = 'UTC'")
    return connection


def take(database: Path, steps: list, death: tuple[int, bool]) -> int:
    """Takes steps in a process of its own, kills it, and returns how many it has ended.

    It dies when it has ended so many of them: at once or, if that is said, within the next one.
    """
    worker = subprocess.Popen(
        [sys.executable, Path(__file__).with_name("steps.py"), database],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        worker.stdin.write(json.dumps(steps, default=datetime.isoformat))
        worker.stdin.close()
        n_ended = 0
        for line in worker.stdout:
            n_ended += line == "ended\n"
            if death == (n_ended, line == "begun\n"):
                time.sleep(0.003 if death[1] else 0)
                break
        worker.send_signal(signal.SIGKILL)
        n_ended += worker.stdout.read().count("ended\n")
        assert worker.wait() == -signal.SIGKILL
        return n_ended
    finally:
        worker.kill()
