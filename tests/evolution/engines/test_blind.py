"""A table that has lost every column by which its rows were divided: DuckDB does not survive it."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from pyiceberg.catalog.sql import SqlCatalog

from compositions import evolve
from definitions import Definition, Key
from lake import local
from shapes import BASE, without
from trials import OLD, written

HERE = Path(__file__).resolve().parent
READ = """
import sys
sys.path.append(sys.argv[1])
from sessions import duckdb_session
with duckdb_session() as duck:
    rows = duck.execute("SELECT * FROM iceberg_scan(?)", [sys.argv[2]]).fetchall()
print(len(rows))
"""
WITHOUT = {"kind": without(BASE, "kind"), "both": without(without(BASE, "kind"), "at")}


@pytest.mark.parametrize(
    ("columns", "spec", "survives"),
    [
        (BASE, (), True),
        (WITHOUT["kind"], (), True),
        (WITHOUT["both"], (Key(1002, 3, "identity"),), False),
        (WITHOUT["both"], (), False),
    ],
    ids=["all there", "one left", "another instead", "none left"],
)
def test_duckdb_needs_one_column_that_divided_the_rows(tmp_path, columns, spec, survives):
    catalog = SqlCatalog("blind", uri=f"sqlite:///{tmp_path}/catalog.db", warehouse=str(tmp_path))
    catalog.create_namespace("lake")
    table = written(catalog, "blind")
    first = Definition()
    last = replace(first, columns=columns, spec=spec, spec_id=1)
    evolve(table, first, last)
    path = local(table.metadata_location)
    helpers = HERE.parents[1] / "python"
    done = subprocess.run(
        [sys.executable, "-c", READ, str(helpers), str(path)], capture_output=True, text=True
    )
    assert last.is_blind_after(first) is not survives
    if survives:
        assert done.stdout.split() == [str(len(OLD))], done.stderr
    else:
        assert done.returncode < 0 and "to target type" in done.stderr
