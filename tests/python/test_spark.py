"""Spark with the Iceberg runtime runs its DDL and makes the tables of the Iceberg JSON."""

from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pyiceberg.table import StaticTable
from pyspark.sql import SparkSession

from artefacts import TABLES, Artefacts, statements
from lake import local, partitions_of_files, partitions_of_rows, stored_fields
from rows import comparable
from sessions import spark_session


@pytest.fixture(scope="module")
def spark(tmp_path_factory: pytest.TempPathFactory):
    session = spark_session(tmp_path_factory.mktemp("spark"))
    yield session
    session.stop()


@pytest.fixture(scope="module", params=TABLES)
def created(request: pytest.FixtureRequest, spark: SparkSession, artefacts: Artefacts) -> str:
    for statement in statements(artefacts.ddl("spark", request.param), backslash_escapes=True):
        spark.sql(statement)
    return request.param


def metadata(spark: SparkSession, table: str) -> StaticTable:
    """The table as its metadata file describes it, whatever Spark says of it."""
    log = spark.sql(f"SELECT file FROM tests.lake.{table}.metadata_log_entries").collect()
    return StaticTable.from_metadata(log[-1].file)


def test_the_columns_with_their_ids_types_and_comments(
    artefacts: Artefacts, spark: SparkSession, created: str
):
    table = metadata(spark, created)
    assert stored_fields(table) == artefacts.fields(created)
    identifier = artefacts.iceberg(created, "schema").get("identifier-field-ids", [])
    assert sorted(table.schema().identifier_field_ids) == identifier


def test_the_partition_spec(artefacts: Artefacts, spark: SparkSession, created: str):
    spec = metadata(spark, created).spec()
    assert spec.model_dump(mode="json") == artefacts.partition_spec(created)


def test_the_sort_order(artefacts: Artefacts, spark: SparkSession, created: str):
    order = metadata(spark, created).sort_order()
    assert order.model_dump(mode="json") == artefacts.iceberg(created, "sort-order")


def test_the_properties(artefacts: Artefacts, spark: SparkSession, created: str):
    table = metadata(spark, created)
    expected = artefacts.iceberg(created, "properties")
    assert table.format_version == int(expected.pop("format-version"))
    # The owner is Spark's own addition; nothing else may slip in, as a side effect of a statement.
    assert {name: value for name, value in table.properties.items() if name != "owner"} == {
        **expected,
        "comment": artefacts.table_doc(created),
    }


def test_rows_are_written_partitioned_sorted_and_read_back(
    artefacts: Artefacts, spark: SparkSession, created: str, tmp_path: Path
):
    def with_zone(value):
        # PySpark gives instants as local times without a zone.
        return value.astimezone(UTC) if isinstance(value, datetime) else value

    rows = artefacts.sample(created)
    batch = artefacts.arrow_batch(created, rows)
    pq.write_table(batch, tmp_path / "batch.parquet")
    columns = ", ".join(f"`{name}`" for name in batch.column_names)
    spark.sql(f"INSERT INTO `{created}` SELECT {columns} FROM parquet.`{tmp_path}/batch.parquet`")

    stored = [
        {name: with_zone(value) for name, value in row.asDict().items()}
        for row in spark.table(created).collect()
    ]
    assert comparable(stored) == comparable(rows)

    table = metadata(spark, created)
    assert partitions_of_files(table) == partitions_of_rows(table, rows)
    for task in table.scan().plan_files():
        file = pq.ParquetFile(local(task.file.file_path.removeprefix("file:")))
        group = file.metadata.row_group(0)
        assert {group.column(i).compression for i in range(group.num_columns)} == {"ZSTD"}
        written = file.read()
        assert written.equals(sorted_by(table, written))


def sorted_by(table: StaticTable, written: pa.Table) -> pa.Table:
    """A file's rows as the sort order of the table wants them."""
    rows = written.to_pylist()
    for field in reversed(table.sort_order().fields):
        column = table.schema().find_column_name(field.source_id)
        descending = field.direction.value == "desc"
        nulls_first = field.null_order.value == "nulls-first"
        nulls = [row for row in rows if row[column] is None]
        others = [row for row in rows if row[column] is not None]
        others.sort(key=lambda row: row[column], reverse=descending)
        rows = nulls + others if nulls_first else others + nulls
    return pa.Table.from_pylist(rows, schema=written.schema)
