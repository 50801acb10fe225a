"""Views in Trino's grammar, which no engine here runs; and what Spark and DuckDB do not execute."""

from pathlib import Path

import pytest
import sqlglot
from sqlglot import expressions as exp

from moves import EVENTS, NOTES


@pytest.mark.parametrize("folder", [EVENTS, NOTES], ids=lambda folder: folder.name)
@pytest.mark.parametrize("name", ["trino.sql", "trino.retired.sql"])
def test_views_are_trino(folder: Path, name: str):
    script = (folder / "views" / name).read_text()
    views = sqlglot.parse(script, read="trino", error_level=sqlglot.ErrorLevel.RAISE)
    views = [view for view in views if view is not None]
    assert len(views) == 2
    for view in views:
        assert isinstance(view, exp.Create) and view.args["kind"] == "VIEW"
        # What it does not understand sqlglot keeps as text.
        assert not list(view.find_all(exp.Command, exp.Anonymous))
