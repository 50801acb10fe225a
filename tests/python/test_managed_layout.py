"""The table as the sink makes it: with a time of arrival, and partitioned by its day."""

from datetime import UTC, datetime

import pyarrow as pa
from duckdb import DuckDBPyConnection
from pyiceberg.catalog.sql import SqlCatalog
from pyiceberg.partitioning import PARTITION_FIELD_ID_START, PartitionField, PartitionSpec
from pyiceberg.schema import Schema
from pyiceberg.transforms import DayTransform

from artefacts import Artefacts
from lake import duckdb_scan, partitions_of_files, partitions_of_rows, stored_fields
from rows import comparable


def without_zone(value):
    return value.astimezone(UTC).replace(tzinfo=None) if isinstance(value, datetime) else value


def test_it_is_the_engine_layout_without_zones_and_with_the_time_of_arrival(
    artefacts: Artefacts, table: str
):
    engine, managed = artefacts.fields(table), artefacts.fields(table, "managed.schema")
    *columns, arrival = managed
    assert arrival == {
        **arrival,
        "id": len(managed),
        "name": "__ingest_ts",
        "required": True,
        "type": "timestamp",
    }
    zoneless = {"timestamptz": "timestamp"}
    assert columns == [
        {**field, "type": zoneless.get(field["type"], field["type"])} for field in engine
    ]


def test_it_is_created_written_and_read_back(
    artefacts: Artefacts, catalog: SqlCatalog, duck: DuckDBPyConnection, table: str
):
    managed = artefacts.fields(table, "managed.schema")
    created = catalog.create_table(
        ("lake", "managed"),
        schema=Schema.model_validate(artefacts.iceberg(table, "managed.schema")),
        partition_spec=PartitionSpec(
            PartitionField(
                source_id=managed[-1]["id"],
                field_id=PARTITION_FIELD_ID_START,
                transform=DayTransform(),
                name="__ingest_ts_day",
            )
        ),
    )
    assert stored_fields(created) == managed

    rows = [
        {
            **{name: without_zone(value) for name, value in row.items()},
            "__ingest_ts": datetime(2026, 11, 3 + i % 2, 23, 59, 59, 999999),
        }
        for i, row in enumerate(artefacts.sample(table))
    ]
    created.append(pa.Table.from_pylist(rows, schema=created.schema().as_arrow()))
    assert comparable(created.scan().to_arrow().to_pylist()) == comparable(rows)
    assert comparable(duckdb_scan(duck, created)) == comparable(rows)
    assert partitions_of_files(created) == partitions_of_rows(created, rows)
    assert len(partitions_of_files(created)) == 2
