"""Tables made from the Iceberg documents, written by PyIceberg, read back by it and DuckDB."""

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from duckdb import DuckDBPyConnection
from pyiceberg.catalog.rest import CreateTableRequest
from pyiceberg.catalog.sql import SqlCatalog
from pyiceberg.expressions import And, EqualTo, GreaterThanOrEqual, LessThan
from pyiceberg.partitioning import PARTITION_FIELD_ID_START, PartitionSpec
from pyiceberg.schema import Schema
from pyiceberg.table import Table
from pyiceberg.table.sorting import SortOrder

from artefacts import TABLES, Artefacts, schemes
from lake import duckdb_scan, local, partitions_of_files, partitions_of_rows, stored_fields
from rows import SHOP, at, comparable

# The columns of each key, where Iceberg takes all of them as identifier fields: none may be null.
KEYS = {
    "unified_events": {"ns", "id"},
    "do_events": set(),
    "do_things": set(),
    "do_actions": {"ns", "id"},
    "do_state": {"ns", "do_id", "key", "seq"},
}
LAYOUTS = [(table, scheme) for table in TABLES for scheme in schemes(table)]


def create(
    catalog: SqlCatalog, artefacts: Artefacts, name: str, scheme: str | None = None
) -> Table:
    return catalog.create_table(
        ("lake", name),
        schema=Schema.model_validate(artefacts.iceberg(name, "schema")),
        partition_spec=PartitionSpec.model_validate(artefacts.partition_spec(name, scheme)),
        sort_order=SortOrder.model_validate(artefacts.iceberg(name, "sort-order")),
        properties=artefacts.iceberg(name, "properties"),
    )


def identifier(table: Table) -> set[str]:
    return table.schema().identifier_field_names()


def create_filled(
    catalog: SqlCatalog, artefacts: Artefacts, name: str, scheme: str | None = None
) -> Table:
    table = create(catalog, artefacts, name, scheme)
    table.append(artefacts.arrow_batch(name, artefacts.sample(name)))
    return table


@pytest.mark.parametrize(("name", "scheme"), LAYOUTS)
def test_the_table_is_created_as_described(
    artefacts: Artefacts, catalog: SqlCatalog, name: str, scheme: str | None
):
    table = create(catalog, artefacts, name, scheme)

    assert stored_fields(table) == artefacts.fields(name)
    assert identifier(table) == KEYS[name]
    described = artefacts.partition_spec(name, scheme)["fields"]
    # A catalog numbers the partition fields of a new table itself.
    assert table.spec().model_dump(mode="json")["fields"] == [
        {**field, "field-id": PARTITION_FIELD_ID_START + i} for i, field in enumerate(described)
    ]
    assert table.sort_order().model_dump(mode="json") == artefacts.iceberg(name, "sort-order")
    properties = artefacts.iceberg(name, "properties")
    assert table.format_version == int(properties.pop("format-version"))
    assert table.properties == properties


def test_the_request_makes_the_same_table(artefacts: Artefacts, catalog: SqlCatalog, table: str):
    request = CreateTableRequest.model_validate(
        {"location": None, **artefacts.iceberg(table, "create-table")}
    )
    requested = catalog.create_table(
        ("lake", "requested"),
        schema=request.table_schema,
        partition_spec=request.partition_spec,
        sort_order=request.write_order,
        properties=request.properties,
    )
    described = create(catalog, artefacts, table)
    assert stored_fields(requested) == stored_fields(described)
    assert identifier(requested) == identifier(described)
    assert requested.spec() == described.spec()
    assert requested.sort_order() == described.sort_order()
    assert requested.properties == described.properties


@pytest.mark.parametrize(("name", "scheme"), LAYOUTS)
def test_rows_are_written_partitioned_and_read_back(
    artefacts: Artefacts,
    catalog: SqlCatalog,
    duck: DuckDBPyConnection,
    name: str,
    scheme: str | None,
):
    table = create_filled(catalog, artefacts, name, scheme)
    rows = artefacts.sample(name)

    assert comparable(table.scan().to_arrow().to_pylist()) == comparable(rows)
    assert comparable(duckdb_scan(duck, table)) == comparable(rows)
    assert partitions_of_files(table) == partitions_of_rows(table, rows)


def test_files_are_compressed_with_zstd_and_carry_the_field_ids(
    artefacts: Artefacts, catalog: SqlCatalog, table: str
):
    ids = {field["name"]: str(field["id"]).encode() for field in artefacts.fields(table)}
    for task in create_filled(catalog, artefacts, table).scan().plan_files():
        file = pq.ParquetFile(local(task.file.file_path))
        group = file.metadata.row_group(0)
        assert {group.column(i).compression for i in range(group.num_columns)} == {"ZSTD"}
        assert {f.name: f.metadata[b"PARQUET:field_id"] for f in file.schema_arrow} == ids


def test_a_row_without_a_required_value_is_refused(
    artefacts: Artefacts, catalog: SqlCatalog, table: str
):
    created = create(catalog, artefacts, table)
    row = artefacts.sample(table)[0]
    for field in artefacts.fields(table):
        if field["required"]:
            incomplete = [{**row, field["name"]: None}]
            optional = artefacts.arrow_batch(table, [row]).schema
            optional = pa.schema([f.with_nullable(True) for f in optional])
            with pytest.raises(ValueError, match="Mismatch in fields"):
                created.append(pa.Table.from_pylist(incomplete, schema=optional))


@pytest.mark.parametrize(
    ("scheme", "start", "end", "hits"),
    [
        ("hourly", "2026-10-31T22:00:00+00:00", "2026-10-31T23:00:00+00:00", 1),
        ("hourly", "2026-10-31T22:00:00+00:00", "2026-11-01T00:00:00+00:00", 2),
        ("daily", "2026-10-31T00:00:00+00:00", "2026-11-01T00:00:00+00:00", 1),
        ("monthly", "2026-10-01T00:00:00+00:00", "2026-11-01T00:00:00+00:00", 1),
    ],
)
def test_a_filter_reads_only_the_files_of_its_partitions(
    artefacts: Artefacts,
    catalog: SqlCatalog,
    duck: DuckDBPyConnection,
    scheme: str,
    start: str,
    end: str,
    hits: int,
):
    table = create_filled(catalog, artefacts, "unified_events", scheme)
    rows = [
        row
        for row in artefacts.sample("unified_events")
        if row["event_type"] == "trace"
        and row["ns"] == SHOP
        and row["timestamp"]
        and at(start) <= row["timestamp"] < at(end)
    ]
    assert rows
    scan = table.scan(
        And(
            EqualTo("event_type", "trace"),
            EqualTo("ns", SHOP),
            GreaterThanOrEqual("timestamp", start),
            LessThan("timestamp", end),
        )
    )
    assert len(list(scan.plan_files())) == hits < len(list(table.scan().plan_files()))
    assert comparable(scan.to_arrow().to_pylist()) == comparable(rows)
    where = f"event_type = 'trace' AND ns = '{SHOP}'"
    where += f" AND timestamp >= TIMESTAMPTZ '{start}' AND timestamp < TIMESTAMPTZ '{end}'"
    assert comparable(duckdb_scan(duck, table, where)) == comparable(rows)


def test_metrics_are_whole_for_keys_and_cut_for_other_strings(
    artefacts: Artefacts, catalog: SqlCatalog
):
    table = create(catalog, artefacts, "unified_events")
    long = "0123456789abcdef" * 2
    row = {**artefacts.sample("unified_events")[0], "trace_id": long, "http_path": long}
    table.append(artefacts.arrow_batch("unified_events", [row]))

    (task,) = table.scan().plan_files()
    bounds = task.file.lower_bounds
    schema = table.schema()
    assert bounds[schema.find_field("trace_id").field_id] == long.encode()
    assert bounds[schema.find_field("http_path").field_id] == long[:16].encode()
