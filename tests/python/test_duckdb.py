"""DuckDB runs the DDL of its native tables and keeps rows as they were."""

import duckdb
import pytest
from duckdb import DuckDBPyConnection

from artefacts import Artefacts
from rows import comparable

DUCKDB_TYPES = {
    "string": "VARCHAR",
    "boolean": "BOOLEAN",
    "int": "INTEGER",
    "long": "BIGINT",
    "double": "DOUBLE",
    "timestamptz": "TIMESTAMP WITH TIME ZONE",
    "binary": "BLOB",
}


def insert(duck: DuckDBPyConnection, artefacts: Artefacts, table: str, rows: list[dict]) -> None:
    duck.register("batch", artefacts.arrow_batch(table, rows))
    duck.execute(f'INSERT INTO "{table}" BY NAME SELECT * FROM batch')


def test_the_columns(artefacts: Artefacts, duck: DuckDBPyConnection, table: str):
    duck.execute(artefacts.ddl("duckdb", table))

    json_columns = artefacts.json_columns(table)
    created = duck.execute(
        """SELECT column_name, data_type, NOT is_nullable, comment FROM duckdb_columns()
           WHERE table_name = ? ORDER BY column_index""",
        [table],
    ).fetchall()
    assert created == [
        (
            field["name"],
            "JSON" if field["name"] in json_columns else DUCKDB_TYPES[field["type"]],
            field["required"],
            field["doc"],
        )
        for field in artefacts.fields(table)
    ]
    comment = duck.execute("SELECT comment FROM duckdb_tables() WHERE table_name = ?", [table])
    assert comment.fetchone() == (artefacts.table_doc(table),)


def test_rows_are_kept(artefacts: Artefacts, duck: DuckDBPyConnection, table: str):
    duck.execute(artefacts.ddl("duckdb", table))
    rows = artefacts.sample(table)
    insert(duck, artefacts, table, rows)

    stored = duck.execute(f'FROM "{table}"').to_arrow_table().to_pylist()
    assert comparable(stored) == comparable(rows)


def test_what_the_schema_forbids_is_refused(
    artefacts: Artefacts, duck: DuckDBPyConnection, table: str
):
    duck.execute(artefacts.ddl("duckdb", table))
    insert(duck, artefacts, table, artefacts.sample(table)[:1])

    for field in artefacts.fields(table):
        instead = f'REPLACE (NULL AS "{field["name"]}")'
        if field["required"]:
            with pytest.raises(duckdb.ConstraintException, match=field["name"]):
                duck.execute(f'INSERT INTO "{table}" SELECT * {instead} FROM "{table}"')
    for name in artefacts.json_columns(table):
        with pytest.raises(duckdb.ConversionException, match="Malformed JSON"):
            duck.execute(f"""UPDATE "{table}" SET "{name}" = '{{not json'""")
    assert duck.execute(f'SELECT count(*) FROM "{table}"').fetchone() == (1,)
