"""Each kind of change on real tables: the committed matrix says what the engines do."""

import json
from pathlib import Path

import pytest
from pyiceberg.catalog.sql import SqlCatalog

import matrix
import readers
import trials
from changes import CHANGES

MATRIX = matrix.HERE / "MATRIX.md"
OBSERVED = matrix.HERE / "observed.json"


@pytest.fixture(scope="module")
def observed(tmp_path_factory: pytest.TempPathFactory, duck, spark) -> dict:
    folder: Path = tmp_path_factory.mktemp("trials")
    catalog = SqlCatalog("trials", uri=f"sqlite:///{folder}/catalog.db", warehouse=str(folder))
    catalog.create_namespace("lake")
    made = []
    sparks = trials.Spark(spark, folder)
    for change in CHANGES:
        trial = trials.by_pyiceberg(catalog, change)
        made += [trial, sparks.trial(change)]
        if trial.refused is not None:
            made.append(trials.by_edited_metadata(catalog, change))
    readers.read_tables(made, duck, spark)
    files = {change.kind: readers.read_files(change, folder, duck, spark) for change in CHANGES}
    catalog.close()
    return matrix.observed(made, files)


def test_the_matrix_is_what_the_engines_do(observed: dict, request: pytest.FixtureRequest):
    if request.config.getoption("--update"):
        OBSERVED.write_text(matrix.as_json(observed), encoding="utf-8")
        MATRIX.write_text(matrix.as_markdown(observed), encoding="utf-8")
    hint = "run pytest tests/evolution/engines --update, and look at what changed"
    assert observed == json.loads(OBSERVED.read_text(encoding="utf-8")), hint
    assert matrix.as_markdown(observed) == MATRIX.read_text(encoding="utf-8"), hint


def test_only_the_promotions_of_the_specification_are_safe(observed: dict):
    verdicts = {
        kind: entry["engine_table"]["verdict"]
        for kind, entry in observed["changes"].items()
        if kind in trials.TYPE_KINDS
    }
    assert len(verdicts) == 46
    safe = {kind for kind, verdict in verdicts.items() if verdict == "safe"}
    assert safe == {"int_to_long", "float_to_double"}


def test_an_edited_metadata_file_is_never_a_way_around(observed: dict):
    """What an engine refuses to change, some reader refuses or gets wrong."""
    edited = {
        kind: entry["engine_table"]["edited_metadata"]
        for kind, entry in observed["changes"].items()
        if "edited_metadata" in entry["engine_table"]
    }
    assert len(edited) > 40
    right = {kind for kind, outcomes in edited.items() if set(outcomes.values()) == {readers.RIGHT}}
    assert right == set()
