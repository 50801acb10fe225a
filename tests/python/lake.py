"""What the tests of Iceberg tables share: looking into a table with PyIceberg and DuckDB."""

from collections import Counter
from pathlib import Path

from duckdb import DuckDBPyConnection
from pyiceberg.table import Table

from rows import partition_value


def local(uri: str) -> Path:
    return Path(uri.removeprefix("file://"))


def stored_fields(table: Table) -> list[dict]:
    return table.schema().model_dump(mode="json")["fields"]


def duckdb_scan(duck: DuckDBPyConnection, table: Table, where: str = "true") -> list[dict]:
    duck.execute(
        f"SELECT * FROM iceberg_scan(?) WHERE {where}", [str(local(table.metadata_location))]
    )
    return duck.to_arrow_table().to_pylist()


def partitions_of_rows(table: Table, rows: list[dict]) -> Counter:
    """How many rows each partition should hold, by the rules of the Iceberg specification."""
    fields = [
        (table.schema().find_column_name(field.source_id), str(field.transform))
        for field in table.spec().fields
    ]
    return Counter(
        tuple(partition_value(transform, row[column]) for column, transform in fields)
        for row in rows
    )


def partitions_of_files(table: Table) -> Counter:
    counter = Counter()
    for task in table.scan().plan_files():
        values = tuple(task.file.partition[i] for i in range(len(table.spec().fields)))
        counter[values] += task.file.record_count
    return counter
