"""The table as the sink makes it: with a time of arrival, and partitioned by its day."""

from datetime import UTC, datetime

import pyarrow as pa
import sqlglot
from duckdb import DuckDBPyConnection
from pyiceberg.catalog.sql import SqlCatalog
from pyiceberg.partitioning import PartitionSpec
from pyiceberg.schema import Schema
from sqlglot import expressions as exp

from artefacts import Artefacts
from lake import duckdb_scan, partitions_of_files, partitions_of_rows, stored_fields
from rows import comparable

# What the transform sets where a sender does not, so that the sink takes it for never null.
DEFAULTS = {
    "unified_events": {
        "resource_ns": "https://shop.example",
        "visibility": "user",
        "schema_version": 1,
    },
    "do_things": {"branch": "main", "visibility": "user"},
}


def passed_through(artefacts: Artefacts, table: str) -> set[str]:
    """The columns that the transform hands on as they are."""
    insert = sqlglot.parse_one(artefacts.transform(table), read="postgres")
    return {
        column.alias_or_name
        for column in insert.expression.expressions
        if isinstance(column.unalias(), exp.Column)
    }


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

    def described(field: dict) -> tuple:
        kind = "timestamp" if field["type"] == "timestamptz" else field["type"]
        return field["id"], field["name"], kind

    assert [described(field) for field in columns] == [described(field) for field in engine]
    # The sink infers whether a computed column can be null; it cannot know our schema.
    same = passed_through(artefacts, table)
    assert {field["name"] for field in columns if field["required"]} & same == {
        field["name"] for field in engine if field["required"]
    } & same
    computed = {field["name"] for field in columns if field["required"]} - same
    assert computed == set(DEFAULTS.get(table, {}))


def test_it_is_partitioned_by_the_day_of_arrival(artefacts: Artefacts, table: str):
    arrival = artefacts.fields(table, "managed.schema")[-1]
    (field,) = artefacts.iceberg(table, "managed.partition-spec")["fields"]
    assert (field["source-id"], field["transform"]) == (arrival["id"], "day")


def test_it_is_created_written_and_read_back(
    artefacts: Artefacts, catalog: SqlCatalog, duck: DuckDBPyConnection, table: str
):
    created = catalog.create_table(
        ("lake", "managed"),
        schema=Schema.model_validate(artefacts.iceberg(table, "managed.schema")),
        partition_spec=PartitionSpec.model_validate(
            artefacts.iceberg(table, "managed.partition-spec")
        ),
    )
    assert stored_fields(created) == artefacts.fields(table, "managed.schema")

    rows = []
    for i, sample in enumerate(artefacts.sample(table)):
        row = {name: without_zone(value) for name, value in sample.items()}
        for name, default in DEFAULTS.get(table, {}).items():
            row[name] = default if row[name] is None else row[name]
        row["__ingest_ts"] = datetime(2026, 11, 3 + i % 2, 23, 59, 59, 999999)
        rows.append(row)
    created.append(pa.Table.from_pylist(rows, schema=created.schema().as_arrow()))
    assert comparable(created.scan().to_arrow().to_pylist()) == comparable(rows)
    assert comparable(duckdb_scan(duck, created)) == comparable(rows)
    assert partitions_of_files(created) == partitions_of_rows(created, rows)
    assert len(partitions_of_files(created)) == 2
