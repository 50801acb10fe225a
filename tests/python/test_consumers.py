"""The registered queries run, so that a query which `check` calls fine is one that an engine takes."""

from pathlib import Path

import duckdb
import pytest
from duckdb import DuckDBPyConnection

from artefacts import TABLES, Artefacts

QUERIES = sorted((Path(__file__).parents[2] / "schema" / "consumers").glob("*.sql"))


@pytest.fixture
def tables(artefacts: Artefacts, duck: DuckDBPyConnection) -> DuckDBPyConnection:
    for table in TABLES:
        duck.execute(artefacts.ddl("duckdb", table))
        duck.register("batch", artefacts.arrow_batch(table, artefacts.sample(table)))
        duck.execute(f'INSERT INTO "{table}" BY NAME SELECT * FROM batch')
        duck.unregister("batch")
    return duck


def test_there_are_queries():
    assert QUERIES


@pytest.mark.parametrize("query", QUERIES, ids=lambda path: path.stem)
def test_it_runs(tables: DuckDBPyConnection, query: Path):
    tables.execute(query.read_text(encoding="utf-8")).fetchall()


def test_an_added_column_makes_a_name_ambiguous_as_the_check_says(tables: DuckDBPyConnection):
    """The case UE-C81 of tests/evolution, on an engine."""
    query = "SELECT e.id FROM unified_events e JOIN do_events n ON n.ns = e.ns ORDER BY visibility"
    tables.execute(query)
    tables.execute("ALTER TABLE do_events ADD COLUMN visibility VARCHAR")
    with pytest.raises(duckdb.BinderException, match="[Aa]mbiguous"):
        tables.execute(query)
