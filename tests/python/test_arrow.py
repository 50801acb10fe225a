"""pyarrow reads the Arrow schemas, and they say what the Iceberg schemas say."""

import pyarrow as pa

from artefacts import Artefacts

ARROW_TYPES = {
    "string": pa.string(),
    "boolean": pa.bool_(),
    "int": pa.int32(),
    "long": pa.int64(),
    "double": pa.float64(),
    "timestamptz": pa.timestamp("us", tz="+00:00"),
    "binary": pa.binary(),
}

JSON_COLUMNS = {
    "unified_events": {
        *("attributes", "context", "data", "db_after", "db_before"),
        *("labels", "metric_buckets", "metric_quantiles", "properties", "traits"),
    },
    "do_events": {"data"},
    "do_things": {"data"},
    "do_actions": {"error"},
    "do_state": set(),
}


def test_the_stream_holds_a_schema_and_no_rows(artefacts: Artefacts, table: str):
    with pa.ipc.open_stream(artefacts.path("arrow", f"{table}.arrow")) as reader:
        assert reader.read_all().num_rows == 0
        assert len(reader.schema) > 0


def test_field_ids_count_up_from_one(artefacts: Artefacts, table: str):
    schema = artefacts.arrow(table)
    ids = [int(field.metadata[b"PARQUET:field_id"]) for field in schema]
    assert ids == list(range(1, len(schema) + 1))


def test_every_column_is_documented(artefacts: Artefacts, table: str):
    undocumented = [f.name for f in artefacts.arrow(table) if not f.metadata[b"doc"].strip()]
    assert undocumented == []


def test_json_columns_have_the_json_extension_type(artefacts: Artefacts, table: str):
    assert artefacts.json_columns(table) == JSON_COLUMNS[table]
    for field in artefacts.arrow(table):
        if field.name in JSON_COLUMNS[table]:
            assert field.type.storage_type == pa.string()


def test_the_streams_have_schemas_too(artefacts: Artefacts):
    for pipeline in artefacts.model()["pipelines"]:
        stream = pipeline["stream"]
        with pa.ipc.open_stream(
            artefacts.path("arrow", "streams", f"{stream['name']}.arrow")
        ) as reader:
            assert reader.read_all().num_rows == 0
            fields = reader.schema
        assert [(f.name, f.metadata[b"doc"].decode(), not f.nullable) for f in fields] == [
            (f["name"], f["doc"], f["required"]) for f in stream["fields"]
        ]


def test_each_column_is_that_of_the_iceberg_schema(artefacts: Artefacts, table: str):
    def arrow_column(field: pa.Field) -> dict:
        is_json = isinstance(field.type, pa.JsonType)
        return {
            "id": int(field.metadata[b"PARQUET:field_id"]),
            "name": field.name,
            "type": field.type.storage_type if is_json else field.type,
            "required": not field.nullable,
            "doc": field.metadata[b"doc"].decode(),
        }

    def iceberg_column(field: dict) -> dict:
        return {**field, "type": ARROW_TYPES[field["type"]]}

    assert [arrow_column(field) for field in artefacts.arrow(table)] == [
        iceberg_column(field) for field in artefacts.fields(table)
    ]
