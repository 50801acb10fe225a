"""The platform transform has one output column for each stored column, in the order of the table.

DataFusion runs it elsewhere; here a second parser says that its shape is not a matter of dialect.
"""

import sqlglot
from sqlglot import expressions as exp

from artefacts import Artefacts


def test_the_output_columns_are_those_of_the_table(artefacts: Artefacts, table: str):
    # DataFusion follows PostgreSQL in quoting, operators and casts.
    (statement,) = sqlglot.parse(
        artefacts.transform(table), read="postgres", error_level=sqlglot.ErrorLevel.RAISE
    )
    assert isinstance(statement, exp.Insert)
    assert statement.this.name == table
    select = statement.expression
    assert isinstance(select, exp.Select)
    assert not select.is_star
    assert [column.alias_or_name for column in select.expressions] == [
        field["name"] for field in artefacts.fields(table)
    ]
