"""How many columns the unified event has, counted in each artefact by itself."""

from collections import Counter

import sqlglot
from sqlglot import expressions as exp

from artefacts import Artefacts

EVENT, SYSTEM = 165, 10
STORED = EVENT + SYSTEM
UNIFIED = "unified_events"


def test_the_model(artefacts: Artefacts):
    model = artefacts.model()
    assert model["counts"] == {"event": EVENT, "system": SYSTEM, "stored": STORED}
    columns = next(table["columns"] for table in model["tables"] if table["name"] == UNIFIED)
    assert Counter(column["kind"] for column in columns) == {"event": EVENT, "system": SYSTEM}
    assert sum(len(group["columns"]) for group in model["groups"]) == STORED
    assert len(model["groups"]) == 23


def test_the_arrow_schema(artefacts: Artefacts):
    assert len(artefacts.arrow(UNIFIED)) == STORED


def test_the_iceberg_documents(artefacts: Artefacts):
    assert len(artefacts.fields(UNIFIED)) == STORED
    assert len(artefacts.iceberg(UNIFIED, "create-table")["schema"]["fields"]) == STORED
    # The sink adds the time of arrival.
    assert len(artefacts.fields(UNIFIED, "managed.schema")) == STORED + 1


def test_the_ddl(artefacts: Artefacts):
    for engine in ("clickhouse", "duckdb", "trino"):
        create = sqlglot.parse(artefacts.ddl(engine, UNIFIED), read=engine)[0]
        assert len(list(create.find_all(exp.ColumnDef))) == STORED, engine


def test_the_transform(artefacts: Artefacts):
    insert = sqlglot.parse_one(artefacts.transform(UNIFIED), read="postgres")
    assert len(insert.expression.expressions) == STORED
