"""PyIceberg parses the Iceberg documents, and they agree with one another."""

import pytest
from pyiceberg.catalog.rest import CreateTableRequest
from pyiceberg.partitioning import PARTITION_FIELD_ID_START, PartitionSpec
from pyiceberg.schema import Schema
from pyiceberg.table.sorting import NullOrder, SortDirection, SortOrder

from artefacts import Artefacts, schemes

# Column and transform of each partition field.
PARTITIONS = {
    ("unified_events", "hourly"): ["event_type", "ns", "hour(timestamp)"],
    ("unified_events", "daily"): ["event_type", "ns", "day(timestamp)"],
    ("unified_events", "monthly"): ["event_type", "ns", "month(timestamp)"],
    ("do_events", None): ["ns", "day(timestamp)"],
    ("do_things", None): ["ns", "type", "visibility"],
    ("do_actions", None): ["ns", "day(timestamp)"],
    ("do_state", None): ["ns", "day(timestamp)"],
}


def parsed_schema(artefacts: Artefacts, table: str) -> Schema:
    return Schema.model_validate(artefacts.iceberg(table, "schema"))


def parsed_order(artefacts: Artefacts, table: str) -> SortOrder:
    return SortOrder.model_validate(artefacts.iceberg(table, "sort-order"))


def test_the_schema_survives_pyiceberg_unchanged(artefacts: Artefacts, table: str):
    written = artefacts.iceberg(table, "schema")
    read = parsed_schema(artefacts, table).model_dump(mode="json")
    assert read["fields"] == written["fields"]
    assert [field["id"] for field in read["fields"]] == list(range(1, len(read["fields"]) + 1))


@pytest.mark.parametrize(("table", "scheme"), PARTITIONS)
def test_the_partition_spec(artefacts: Artefacts, table: str, scheme: str | None):
    schema = parsed_schema(artefacts, table)
    spec = PartitionSpec.model_validate(artefacts.partition_spec(table, scheme))

    def described(field) -> str:
        column = schema.find_column_name(field.source_id)
        return column if str(field.transform) == "identity" else f"{field.transform}({column})"

    assert [described(field) for field in spec.fields] == PARTITIONS[table, scheme]
    assert all(field.field_id >= PARTITION_FIELD_ID_START for field in spec.fields)
    for field in spec.fields:
        assert field.transform.can_transform(schema.find_type(field.source_id))


def test_partition_fields_have_one_id_across_schemes(artefacts: Artefacts):
    """A table that moves from one scheme to another must not meet an id with a new meaning."""
    meanings = {}
    for scheme in schemes("unified_events"):
        for field in artefacts.partition_spec("unified_events", scheme)["fields"]:
            meanings.setdefault(field["field-id"], set()).add(
                (field["source-id"], field["transform"], field["name"])
            )
    assert all(len(meaning) == 1 for meaning in meanings.values()), meanings


def test_the_sort_order(artefacts: Artefacts, table: str):
    schema = parsed_schema(artefacts, table)
    order = parsed_order(artefacts, table)
    assert order.order_id > 0
    columns = [schema.find_column_name(field.source_id) for field in order.fields]
    assert None not in columns
    if table == "unified_events":
        assert columns == ["timestamp", "trace_id", "span_id"]
        newest_first, *rest = order.fields
        assert newest_first.direction == SortDirection.DESC
        assert newest_first.null_order == NullOrder.NULLS_LAST
        assert {field.direction for field in rest} == {SortDirection.ASC}


def test_the_properties(artefacts: Artefacts, table: str):
    schema = parsed_schema(artefacts, table)
    properties = artefacts.iceberg(table, "properties")
    assert all(isinstance(value, str) for value in properties.values())
    assert properties["format-version"] == "2"
    assert properties["write.parquet.compression-codec"] == "zstd"
    assert properties["write.target-file-size-bytes"] == str(128 * 1024 * 1024)
    if table == "unified_events":
        assert properties["write.distribution-mode"] == "hash"

    prefix = "write.metadata.metrics.column."
    full = {name.removeprefix(prefix) for name in properties if name.startswith(prefix)}
    keys = {
        schema.find_column_name(field["source-id"])
        for scheme in schemes(table)
        for field in artefacts.partition_spec(table, scheme)["fields"]
    } | {
        schema.find_column_name(field.source_id) for field in parsed_order(artefacts, table).fields
    }
    assert full == keys
    assert {properties[prefix + name] for name in full} == {"full"}
    assert properties["write.metadata.metrics.default"] == "truncate(16)"


def test_the_create_table_request(artefacts: Artefacts, table: str):
    request = artefacts.iceberg(table, "create-table")
    assert set(request) <= {
        *("name", "location", "schema", "partition-spec", "write-order"),
        *("stage-create", "properties"),
    }
    # The REST specification leaves the location out where the catalog is to choose it;
    # PyIceberg's model, which only ever writes requests, has no default for it.
    parsed = CreateTableRequest.model_validate({"location": None, **request})

    assert parsed.name == table
    assert parsed.table_schema == parsed_schema(artefacts, table)
    assert parsed.partition_spec == PartitionSpec.model_validate(artefacts.partition_spec(table))
    assert parsed.write_order == parsed_order(artefacts, table)
    assert parsed.properties == artefacts.iceberg(table, "properties")
    assert not parsed.stage_create
