"""From the frozen release on: a column is renamed, one changes its type, and the table moves."""

import re
import shutil
from pathlib import Path

import pytest

from artefacts import Artefacts
from moves import REPOSITORY, arrow_schema, at, unified_event

# Rows may claim any time: the first window starts before all of them, the last one ends after.
FIRST, LAST = at("1900-01-01T00:00:00"), at("9999-12-31T23:59:59.999999")
T1 = at("2026-11-01T00:00:00")
TABLE = "unified_events"


def edit(path: Path, name: str, *changes: tuple[str, str]) -> None:
    """Replaces the first of each text from the table of a column on."""
    text = path.read_text()
    start = text.index(f"[column.{name}]\n")
    head, tail = text[:start], text[start:]
    for old, new in changes:
        assert old in tail, f"{path}: {old}"
        tail = tail.replace(old, new, 1)
    path.write_text(head + tail)


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("release")
    schema = folder / "schema"
    source = REPOSITORY / "schema"
    shutil.copytree(source, schema, ignore=shutil.ignore_patterns("src", "Cargo.toml", "README.md"))
    edit(
        schema / "groups" / "http_context.toml",
        "http_status",
        ("[column.http_status]\n", '[column.http_status_code]\nrenamed_from = "http_status"\n'),
    )
    edit(
        schema / "groups" / "rpc.toml",
        "rpc_status",
        ('type = "string"', 'type = "int32"'),
        ('example = "FAILED_PRECONDITION"', "example = 9"),
    )
    unified_event("release", "--schema", schema)
    unified_event("codegen", "--schema", schema, "--out", folder / "generated")
    (found,) = (folder / "generated" / "migrations").glob(f"{TABLE}_v*")
    return found


def test_the_released_table_moves(engine, bundle: Path):
    old_version, new_version = map(int, re.findall(r"_v(\d+)", bundle.name))
    old_name = TABLE if old_version == 1 else f"{TABLE}_v{old_version}"
    new_name = f"{TABLE}_v{new_version}"
    old = arrow_schema(bundle / "old" / "iceberg" / f"{old_name}.create-table.json")
    new = arrow_schema(bundle / "tables" / "iceberg" / f"{new_name}.create-table.json")
    assert len(old) >= 175 and len(new) >= 175

    def moved(row: dict) -> dict:
        status = row["rpc_status"]
        changed = {
            "http_status_code": row["http_status"],
            "rpc_status": None if status is None else int(status),
            "schema_version": new_version,
        }
        return {field.name: {**row, **changed}.get(field.name) for field in new}

    def rows_of(table: str) -> list[dict]:
        return sorted(engine.query(f'SELECT * FROM "{table}"'), key=lambda row: row["id"])

    samples = Artefacts(REPOSITORY / "generated").sample(TABLE)
    # An id is there once; and Spark takes seconds for each partition of so wide a table.
    samples = list({row["id"]: row for row in samples}.values())
    samples = samples[-6:] if engine.name == "spark" else samples
    samples = [{field.name: row.get(field.name) for field in old} for row in samples]
    statuses = [None, "9", "-1", "FAILED_PRECONDITION"]
    olds = [{**row, "rpc_status": statuses[i % 4]} for i, row in enumerate(samples)]
    olds.sort(key=lambda row: row["id"])
    early, late = olds[::2], olds[1::2]
    assert early and late

    engine.script(bundle / "old" / "sql" / "ddl" / engine.name / f"{old_name}.sql")
    engine.insert(old_name, early, old)
    engine.script(bundle / "tables" / f"{engine.name}.sql")
    engine.script(bundle / "views" / f"{engine.name}.sql")
    ids = [row["id"] for row in olds]
    assert [row["id"] for row in rows_of(f"{TABLE}_all")] == ids[::2]

    sql = bundle / "backfill" / engine.name
    choices = {"accept_loss": False}
    reported = set()
    for lo, hi in ((FIRST, T1), (T1, LAST)):
        if lo == FIRST:
            # Rows that arrive while the first pass is under way.
            engine.insert(old_name, late, old)
        problems = engine.run(sql / "1-preflight.sql", lo=lo, hi=hi)
        reported |= {(problem["column_name"], problem["example"]) for problem in problems}
        if problems:
            before = rows_of(new_name)
            engine.run(sql / "2-backfill.sql", lo=lo, hi=hi, **choices)
            assert rows_of(new_name) == before == []
    assert reported == {("rpc_status", "FAILED_PRECONDITION")}
    engine.query(
        f"UPDATE {old_name} SET rpc_status = NULL WHERE rpc_status = 'FAILED_PRECONDITION'"
    )
    olds = [
        {**row, "rpc_status": None if row["rpc_status"] == statuses[3] else row["rpc_status"]}
        for row in olds
    ]
    for _ in range(2):
        engine.run(sql / "2-backfill.sql", lo=FIRST, hi=T1, **choices)
        assert [row["id"] for row in rows_of(f"{TABLE}_all")] == ids
    for _ in range(2):
        engine.run(sql / "2-backfill.sql", lo=T1, hi=LAST, **choices)
    assert rows_of(new_name) == [moved(row) for row in olds]
    assert rows_of(f"{TABLE}_all") == [moved(row) for row in olds]
    assert rows_of(f"{TABLE}_as_v{old_version}") == olds
    days = engine.run(sql / "3-reconcile.sql", lo=FIRST, hi=LAST, **choices)
    assert sum(day["n_old"] for day in days) == len(olds)
    assert sum(day["n_new"] for day in days) == len(olds)
    wrong = ("n_missing", "n_repeated", "n_filtered", "n_differing", "n_doubled")
    assert all(day[count] == 0 for day in days for count in wrong)
    assert engine.run(sql / "4-differences.sql", lo=FIRST, hi=LAST, **choices) == []
