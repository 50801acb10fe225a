"""The table of the experiments: its columns, its rows, and values in every type."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime

import pyarrow as pa
from pyiceberg.schema import Schema
from pyiceberg.types import (
    BinaryType,
    BooleanType,
    DoubleType,
    FloatType,
    IntegerType,
    LongType,
    NestedField,
    StringType,
    TimestampType,
    TimestamptzType,
)

NOON = datetime(2026, 11, 1, 12, 0, 0, 123456)

ICEBERG = {
    "string": StringType(),
    "boolean": BooleanType(),
    "int": IntegerType(),
    "long": LongType(),
    "float": FloatType(),
    "double": DoubleType(),
    "timestamptz": TimestamptzType(),
    "timestamp": TimestampType(),
    "binary": BinaryType(),
}
ARROW = {
    "string": pa.string(),
    "boolean": pa.bool_(),
    "int": pa.int32(),
    "long": pa.int64(),
    "float": pa.float32(),
    "double": pa.float64(),
    "timestamptz": pa.timestamp("us", tz="UTC"),
    "timestamp": pa.timestamp("us"),
    "binary": pa.binary(),
}
SPARK = {
    "string": "STRING",
    "boolean": "BOOLEAN",
    "int": "INT",
    "long": "BIGINT",
    "float": "FLOAT",
    "double": "DOUBLE",
    "timestamptz": "TIMESTAMP",
    "timestamp": "TIMESTAMP_NTZ",
    "binary": "BINARY",
}
# Two values for each type: one that most types can say, one that only few can.
VALUES = {
    "string": ["1", "not a number"],
    "boolean": [True, False],
    "int": [1, -(2**31)],
    "long": [1, 2**40],
    "float": [1.0, 0.10000000149011612],
    "double": [1.0, 1e300],
    "timestamptz": [datetime(1970, 1, 1, tzinfo=UTC), NOON.replace(tzinfo=UTC)],
    "timestamp": [datetime(1970, 1, 1), NOON],
    "binary": [b"1", b"\x00\xff"],
}


@dataclass(frozen=True)
class Column:
    id: int
    name: str
    type: str
    required: bool = False
    doc: str | None = None


BASE = (
    Column(1, "id", "string", required=True),
    Column(2, "kind", "string", required=True),
    Column(3, "must", "string", required=True),
    *(
        Column(i, f"a_{name}", name)
        for i, name in enumerate(VALUES, start=4)
    ),
    Column(13, "at", "timestamptz"),
    Column(14, "rank", "int"),
)


def row(key: str, columns, which: int | None) -> dict:
    """A row: the first or the second value of each type, or nothing but what is required."""
    # A column of one of these names that came back with another type is like any other.
    own = {
        ("id", "string"): key,
        ("kind", "string"): f"kind-{key[-1]}",
        ("must", "string"): "here",
        ("rank", "int"): 7,
    }

    def value(column: Column):
        if (column.name, column.type) in own:
            return own[column.name, column.type]
        present = which is not None or column.required
        return VALUES[column.type][which or 0] if present else None

    return {column.name: value(column) for column in columns}


def rows(prefix: str, columns) -> list[dict]:
    return [row(f"{prefix}-{i}", columns, which) for i, which in enumerate((0, 1, None))]


def iceberg_schema(columns, schema_id: int = 0) -> Schema:
    return Schema(
        *(
            NestedField(
                field_id=c.id,
                name=c.name,
                field_type=ICEBERG[c.type],
                required=c.required,
                doc=c.doc,
            )
            for c in columns
        ),
        schema_id=schema_id,
    )


def arrow_schema(columns) -> pa.Schema:
    return pa.schema(pa.field(c.name, ARROW[c.type], nullable=not c.required) for c in columns)


def without(columns, name: str):
    return tuple(c for c in columns if c.name != name)


def edited(columns, named: str, /, **change):
    return tuple(replace(c, **change) if c.name == named else c for c in columns)
