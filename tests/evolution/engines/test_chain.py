"""Chains of safe changes: the rows of the first release are right under the columns of the last.

Each chain is made by a seeded generator out of the changes that the matrix calls safe, in any order
and on any column; after every change new rows are written. What the chain changed in one step would
be a composition that no rule has looked at, and it must be as safe as its parts.
"""

import json
import random
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pytest
from pyiceberg.catalog.sql import SqlCatalog
from pyiceberg.table import Table
from pyiceberg.transforms import IdentityTransform

import matrix
from changes import Change
from lake import local
from readers import RIGHT, read_tables
from shapes import BASE, ICEBERG, Column, arrow_schema, iceberg_schema, row
from trials import ORDER, PYICEBERG, SPEC, Trial

N_CHAINS = 6
N_CHANGES = 9
# What the partition spec and the sort order of the table stand on.
KEYS = {"id", "kind", "at", "rank"}


class Chain:
    """A table, its columns, and all its rows as the newest columns should show them."""

    def __init__(self, table: Table, seed: int):
        self.table = table
        self.random = random.Random(seed)
        self.columns = BASE
        self.rows: list[dict] = []
        self.kinds: list[str] = []
        self.n_names = 0
        self.write()

    def write(self) -> None:
        batch = [
            row(f"{len(self.kinds):02}-{i}", self.columns, which)
            for i, which in enumerate((0, 1, None))
        ]
        self.rows += batch
        self.table.append(pa.Table.from_pylist(batch, schema=arrow_schema(self.columns)))

    def change(self) -> None:
        kinds = [self.add, self.drop, self.rename, self.move, self.widen, self.loosen, self.readd]
        kinds += [self.partition, self.sort]
        while not self.random.choice(kinds)():
            pass
        self.table.refresh()
        self.columns = tuple(
            replace(column, name=field.name, required=field.required)
            for field in self.table.schema().fields
            for column in self.columns
            if column.id == field.field_id
        )
        names = [column.name for column in self.columns]
        self.rows = [{name: found.get(name) for name in names} for found in self.rows]

    def pick(self, accept) -> Column | None:
        free = [c for c in self.columns if c.name not in KEYS and accept(c)]
        return self.random.choice(free) if free else None

    def note(self, kind: str) -> bool:
        self.kinds.append(kind)
        return True

    def new_name(self) -> str:
        self.n_names += 1
        return f"n_{self.n_names}"

    def append_column(self, name: str, kind: str) -> None:
        with self.table.update_schema() as update:
            update.add_column(name, ICEBERG[kind])
        added = self.table.schema().find_field(name).field_id
        self.columns = (*self.columns, Column(added, name, kind))

    def add(self) -> bool:
        self.append_column(self.new_name(), self.random.choice(["string", "int", "float"]))
        return self.note("add_optional_column")

    def drop(self) -> bool:
        column = self.pick(lambda c: True)
        if column is None:
            return False
        with self.table.update_schema() as update:
            update.delete_column(column.name)
        return self.note(f"drop_{'required' if column.required else 'optional'}_column")

    def rename(self) -> bool:
        column = self.pick(lambda c: True)
        if column is None:
            return False
        name = self.new_name()
        with self.table.update_schema() as update:
            update.rename_column(column.name, name)
        self.rows = [{**found, name: found[column.name]} for found in self.rows]
        return self.note("rename_column")

    def move(self) -> bool:
        column = self.pick(lambda c: True)
        if column is None:
            return False
        with self.table.update_schema() as update:
            update.move_after(column.name, "id")
        return self.note("reorder_columns")

    def widen(self) -> bool:
        column = self.pick(lambda c: c.type in ("int", "float"))
        if column is None:
            return False
        wider = {"int": "long", "float": "double"}[column.type]
        with self.table.update_schema() as update:
            update.update_column(column.name, ICEBERG[wider])
        self.columns = tuple(
            replace(c, type=wider) if c.id == column.id else c for c in self.columns
        )
        return self.note(f"{column.type}_to_{wider}")

    def loosen(self) -> bool:
        column = self.pick(lambda c: c.required)
        if column is None:
            return False
        with self.table.update_schema() as update:
            update.make_column_optional(column.name)
        return self.note("required_to_optional")

    def readd(self) -> bool:
        column = self.pick(lambda c: True)
        if column is None:
            return False
        with self.table.update_schema() as update:
            update.delete_column(column.name)
        self.append_column(column.name, self.random.choice(["string", "long"]))
        # The name is the old one, the values are not.
        self.rows = [{**found, column.name: None} for found in self.rows]
        return self.note("readd_dropped_name_other_type")

    def partition(self) -> bool:
        if any(field.name == "rank" for field in self.table.spec().fields):
            with self.table.update_spec() as update:
                update.remove_field("rank")
            return self.note("drop_partition_field")
        with self.table.update_spec() as update:
            update.add_field("rank", IdentityTransform(), "rank")
        return self.note("add_partition_field")

    def sort(self) -> bool:
        with self.table.update_sort_order() as update:
            update.desc("at", IdentityTransform())
        return self.note("sort_order")


class Grown(Trial):
    """A chain, for the readers."""

    def __init__(self, chain: Chain):
        super().__init__(Change("chain", "", chain.columns, lambda t: None, ()), PYICEBERG)
        self.rows = chain.rows
        self.appended: Path = local(chain.table.metadata_location)

    def expected(self, *, with_new: bool) -> list[dict]:
        return self.rows


@pytest.fixture(scope="module")
def chains(tmp_path_factory: pytest.TempPathFactory) -> list[Chain]:
    folder = tmp_path_factory.mktemp("chains")
    catalog = SqlCatalog("chains", uri=f"sqlite:///{folder}/catalog.db", warehouse=str(folder))
    catalog.create_namespace("lake")
    made = []
    for seed in range(N_CHAINS):
        table = catalog.create_table(
            ("lake", f"chain_{seed}"),
            schema=iceberg_schema(BASE),
            partition_spec=SPEC,
            sort_order=ORDER,
            properties={"format-version": "2"},
        )
        chain = Chain(table, seed)
        for _ in range(N_CHANGES):
            chain.change()
            chain.write()
        made.append(chain)
    catalog.close()
    return made


def test_a_chain_is_made_of_what_the_matrix_calls_safe(chains: list[Chain]):
    observed = json.loads((matrix.HERE / "observed.json").read_text())["changes"]
    used = {kind for chain in chains for kind in chain.kinds}
    assert len(used) >= 8
    assert {observed[kind]["engine_table"]["verdict"] for kind in used} == {"safe"}


def test_the_first_rows_are_right_under_the_last_columns(chains: list[Chain], duck, spark):
    trials = [Grown(chain) for chain in chains]
    read_tables(trials, duck, spark)
    for chain, trial in zip(chains, trials, strict=True):
        assert set(trial.outcomes["appended"].values()) == {RIGHT}, (chain.kinds, trial.outcomes)
