"""Trino's DDL by Trino's grammar, as sqlglot knows it, and by what its Iceberg connector takes."""

import pytest
import sqlglot
from sqlglot import expressions as exp

from artefacts import Artefacts

TRINO_TYPES = {
    "string": "VARCHAR",
    "boolean": "BOOLEAN",
    "int": "INTEGER",
    "long": "BIGINT",
    "double": "DOUBLE",
    "timestamptz": "TIMESTAMP(6) WITH TIME ZONE",
    "binary": "VARBINARY",
}


@pytest.fixture
def create(artefacts: Artefacts, table: str) -> exp.Create:
    (statement,) = sqlglot.parse(
        artefacts.ddl("trino", table), read="trino", error_level=sqlglot.ErrorLevel.RAISE
    )
    # What it does not understand sqlglot keeps as text in a Command.
    assert isinstance(statement, exp.Create)
    assert not list(statement.find_all(exp.Command))
    return statement


def properties(create: exp.Create) -> dict[str, object]:
    def value(node: exp.Expression):
        if isinstance(node, exp.Array):
            return [value(item) for item in node.expressions]
        return node.name

    found = {}
    for property in create.args["properties"].expressions:
        if isinstance(property, exp.FileFormatProperty):
            found["format"] = value(property.this)
        elif isinstance(property, exp.SchemaCommentProperty):
            found["comment"] = value(property.this)
        else:
            found[property.name] = value(property.args["value"])
    return found


def test_the_statement_names_the_table(create: exp.Create, table: str):
    assert create.kind == "TABLE"
    assert create.find(exp.Table).sql("trino") == f'"{table}"'


def test_the_columns(artefacts: Artefacts, create: exp.Create, table: str):
    def described(column: exp.ColumnDef) -> tuple:
        constraints = [constraint.kind for constraint in column.constraints]
        comments = [c.this.name for c in constraints if isinstance(c, exp.CommentColumnConstraint)]
        required = any(isinstance(c, exp.NotNullColumnConstraint) for c in constraints)
        return column.name, column.kind.sql("trino"), required, comments

    assert [described(column) for column in create.this.expressions] == [
        (field["name"], TRINO_TYPES[field["type"]], field["required"], [field["doc"]])
        for field in artefacts.fields(table)
    ]


def test_the_table_properties(artefacts: Artefacts, create: exp.Create, table: str):
    names = {field["id"]: field["name"] for field in artefacts.fields(table)}

    def partition(field: dict) -> str:
        name, transform = names[field["source-id"]], field["transform"]
        return name if transform == "identity" else f"{transform}({name})"

    def sort(field: dict) -> str:
        nulls = field["null-order"].replace("-", " ")
        return f"{names[field['source-id']]} {field['direction']} {nulls}".upper()

    found = properties(create)
    assert found["comment"] == artefacts.table_doc(table)
    assert found["format"] == "PARQUET"
    assert found["format_version"] == artefacts.iceberg(table, "properties")["format-version"]
    assert found["partitioning"] == [
        partition(field) for field in artefacts.partition_spec(table)["fields"]
    ]
    assert [order.upper() for order in found["sorted_by"]] == [
        sort(field) for field in artefacts.iceberg(table, "sort-order")["fields"]
    ]


def test_the_parsed_statement_means_what_was_written(create: exp.Create):
    again = sqlglot.parse_one(create.sql("trino"), read="trino")
    assert again == create
