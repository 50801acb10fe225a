"""ClickHouse, running in this process as chDB, runs its DDL and keeps rows as they were."""

import io
import re
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from chdb.session import Session

from artefacts import Artefacts, statements
from rows import comparable

CLICKHOUSE_TYPES = {
    "string": "String",
    "boolean": "Bool",
    "int": "Int32",
    "long": "Int64",
    "double": "Float64",
    "timestamptz": "DateTime64(6, 'UTC')",
    "binary": "String",
}


@pytest.fixture(scope="module")
def clickhouse(tmp_path_factory: pytest.TempPathFactory):
    """One session for all tables: a process can have no second one."""
    with Session(str(tmp_path_factory.mktemp("clickhouse"))) as session:
        yield session


@pytest.fixture
def created(clickhouse: Session, artefacts: Artefacts, table: str):
    for statement in statements(artefacts.ddl("clickhouse", table), backslash_escapes=True):
        clickhouse.query(statement)
    yield table
    clickhouse.query(f"DROP TABLE `{table}`")


def select(session: Session, sql: str) -> pa.Table:
    # As bytes: ClickHouse has one type for text and for binary data.
    sql += " SETTINGS output_format_arrow_string_as_string = 0"
    return pa.ipc.open_stream(io.BytesIO(session.query(sql, "ArrowStream").bytes())).read_all()


def test_the_columns(artefacts: Artefacts, clickhouse: Session, created: str):
    columns = select(
        clickhouse,
        f"""SELECT name, type, comment FROM system.columns
            WHERE table = '{created}' AND database = currentDatabase() ORDER BY position""",
    ).to_pylist()

    def described(column: dict) -> tuple[str, str, bool, str]:
        name, kind, comment = (column[key].decode() for key in ("name", "type", "comment"))
        # LowCardinality is an encoding, not another type.
        kind = re.sub(r"^LowCardinality\((.*)\)$", r"\1", kind)
        nullable = re.fullmatch(r"Nullable\((.*)\)", kind)
        return name, nullable[1] if nullable else kind, not nullable, comment

    assert [described(column) for column in columns] == [
        (field["name"], CLICKHOUSE_TYPES[field["type"]], field["required"], field["doc"])
        for field in artefacts.fields(created)
    ]


def test_the_table(artefacts: Artefacts, clickhouse: Session, created: str):
    """Clustered as the Iceberg table is: by what partitions it there, then by its sort order."""
    names = {field["id"]: field["name"] for field in artefacts.fields(created)}
    keys = [
        names[field["source-id"]]
        for field in (
            *artefacts.partition_spec(created)["fields"],
            *artefacts.iceberg(created, "sort-order")["fields"],
        )
        if field["transform"] == "identity"
    ]
    (found,) = select(
        clickhouse,
        f"""SELECT partition_key, sorting_key, comment FROM system.tables
            WHERE name = '{created}' AND database = currentDatabase()""",
    ).to_pylist()
    assert found["partition_key"] == b"toYYYYMM(timestamp)"
    assert found["sorting_key"].decode() == ", ".join(keys)
    assert found["comment"].decode() == artefacts.table_doc(created)


def test_rows_are_kept(artefacts: Artefacts, clickhouse: Session, created: str, tmp_path: Path):
    rows = artefacts.sample(created)
    batch = artefacts.arrow_batch(created, rows)
    pq.write_table(batch, tmp_path / "batch.parquet")
    names = ", ".join(f"`{name}`" for name in batch.column_names)
    clickhouse.query(
        f"INSERT INTO `{created}` ({names}) SELECT {names} "
        f"FROM file('{tmp_path / 'batch.parquet'}', Parquet)"
    )

    stored = select(clickhouse, f"SELECT * FROM `{created}`").cast(batch.schema)
    assert comparable(stored.to_pylist()) == comparable(rows)
