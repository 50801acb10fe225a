"""Chains of real releases: what each wrote is right for the readers of all of them.

A fixture definition is edited at random, checked and released, again and again, and its table is
changed in place after every release, as the findings say that it may.
"""

import re
import shutil
from dataclasses import dataclass, field, replace
from pathlib import Path

import pyarrow as pa
import pytest
from pyiceberg.catalog.sql import SqlCatalog
from pyiceberg.table import Table

import readers
from changes import Change
from compositions import evolve
from definitions import TABLE, command, diff
from edits import COMPATIBLE, Chain, field_name
from lake import local
from shapes import BASE, ICEBERG, Column, arrow_schema, iceberg_schema, row
from trials import ORDER, PYICEBERG, SPEC, Trial

N_CHAINS = 4
N_RELEASES = 5


@dataclass
class Released:
    chain: Chain
    folder: Path
    table: Table
    # The rows that each release wrote, under its own columns.
    batches: list[list[dict]] = field(default_factory=list)

    def release(self) -> None:
        self.chain.last.write(self.folder)
        for arguments in (["release"], ["check"]):
            done = command(*arguments, "--schema", self.folder)
            assert done.returncode == 0, (str(self.chain), done.stdout, done.stderr)

    def write(self) -> None:
        columns = self.chain.last.columns
        number = len(self.batches)
        batch = [row(f"{number:02}-{i}", columns, which) for i, which in enumerate((0, 1, None))]
        self.table.append(pa.Table.from_pylist(batch, schema=arrow_schema(columns)))
        self.batches.append(batch)

    def trial(self) -> Trial:
        columns = self.chain.last.columns
        rows = [{c.name: one.get(c.name) for c in columns} for b in self.batches for one in b]
        return Whole(Change(str(self.chain), "", columns, lambda t: None, ()), self.table, rows)


class Whole(Trial):
    """A table with all its rows, for the readers."""

    def __init__(self, change: Change, table: Table, rows: list[dict]):
        super().__init__(change, PYICEBERG)
        self.rows = rows
        self.appended = local(table.metadata_location)

    def expected(self, *, with_new: bool) -> list[dict]:
        return self.rows


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> list[Released]:
    folder: Path = tmp_path_factory.mktemp("releases")
    catalog = SqlCatalog("releases", uri=f"sqlite:///{folder}/catalog.db", warehouse=str(folder))
    catalog.create_namespace("lake")
    made = []
    for seed in range(N_CHAINS):
        table = catalog.create_table(
            ("lake", f"releases_{seed}"),
            schema=iceberg_schema(BASE),
            partition_spec=SPEC,
            sort_order=ORDER,
            properties={"format-version": "2"},
        )
        one = Released(Chain(seed, COMPATIBLE, n_edits=0), folder / f"schema_{seed}", table)
        one.release()
        one.write()
        for _ in range(N_RELEASES):
            before = one.chain.last
            one.chain.step()
            one.chain.step()
            one.release()
            evolve(table, before, one.chain.last)
            one.write()
        made.append(one)
    catalog.close()
    return made


def test_rows_of_all_releases_are_right_under_the_last_columns(released, duck, spark):
    whole = [one.trial() for one in released]
    readers.read_tables(whole, duck, spark)
    for trial in whole:
        outcomes = trial.outcomes["appended"]
        assert set(outcomes.values()) == {readers.RIGHT}, (trial.change.kind, outcomes)


def test_queries_of_every_release_find_what_it_wrote(released, duck):
    for one in released:
        for number, batch in enumerate(one.batches):
            outcome = readers.read_old_names(local(one.table.metadata_location), batch, duck)
            assert outcome == readers.RIGHT, (str(one.chain), number, outcome)


def test_the_first_and_the_last_release_are_compatible_in_one_step(released):
    for one in released:
        said = diff(one.folder / "released" / "v1.json", one.folder)
        for consumer in ("engine_table", "select_list"):
            assert said.verdict(consumer) in ("untouched", "ok", "warn"), (str(one.chain), consumer)


def test_the_name_of_a_former_partition_field_is_refused_by_guard_and_engine(released, tmp_path):
    """However many releases ago the field left the spec."""
    tried = 0
    for one in released:
        last = one.chain.last
        left = [k for k in one.chain.keys.values() if k not in last.spec]
        for key in (k for k in left if k.transform != "identity"):
            name = field_name(key, last)
            column = Column(one.chain.n_columns + 1, name, "string")
            folder = tmp_path / f"{one.chain.seed}_{key.id}"
            shutil.copytree(one.folder, folder)
            replace(last, columns=(*last.columns, column)).write(folder)
            done = command("check", "--schema", folder)
            assert done.returncode == 1 and "UE-C54" in done.stdout, (str(one.chain), name)
            with pytest.raises(ValueError, match="a name that exists in schema"):
                with one.table.update_schema() as update:
                    update.add_column(name, ICEBERG["string"])
            tried += 1
    assert tried >= 2


def test_no_release_made_another_table(released):
    for one in released:
        lock = (one.folder / "schema.lock").read_text()
        versions = re.findall(rf"^table {TABLE} (\d+)\.\d+\.\d+ ", lock, re.M)
        assert set(versions) == {"1"}, str(one.chain)
        assert len(versions) >= N_RELEASES - 1, str(one.chain)
