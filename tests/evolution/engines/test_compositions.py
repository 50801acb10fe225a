"""Random edits of a definition, judged as one change: the guard is never milder than the engines.

Each chain of edits is applied to a real table in one go, as a team does that jumps from the first
version to the last, and the guard compares the two definitions without knowing what lay between.
"""

from dataclasses import dataclass
from pathlib import Path

import pytest
from pyiceberg.catalog.sql import SqlCatalog

import readers
import trials
from compositions import composition
from definitions import LEVELS, Judgement, diff
from edits import BOLD, MILD, Chain

N_CHAINS = 40
# Spark takes seconds a table: it makes those of these chains that it does not refuse.
N_SPARK = 8


@dataclass
class Tried:
    chain: Chain
    said: Judgement
    trials: list[trials.Trial]
    files: dict[str, str]
    # What the old rows are under the old names, where an engine made the change.
    selected: str | None

    def table(self) -> set[str]:
        """The ways in which the change goes wrong for somebody who reads the table."""
        wrong = {"see test_blind.py"} if self.chain.last.is_blind_after(self.chain.first) else set()
        for trial in self.trials:
            if trial.refused or trial.append_refused:
                wrong.add(f"{trial.by}: {trial.refused or trial.append_refused}")
            for reader, outcome in trial.outcomes.get("appended", {}).items():
                if outcome != readers.RIGHT:
                    wrong.add(f"{trial.by}, {reader}: {outcome}")
        return wrong


@pytest.fixture(scope="module")
def tried(tmp_path_factory: pytest.TempPathFactory, duck, spark) -> list[Tried]:
    folder: Path = tmp_path_factory.mktemp("compositions")
    catalog = SqlCatalog("chains", uri=f"sqlite:///{folder}/catalog.db", warehouse=str(folder))
    catalog.create_namespace("lake")
    by_spark = trials.Spark(spark, folder)
    found = []
    for seed in range(N_CHAINS):
        chain = Chain(seed, BOLD if seed % 2 else MILD, n_edits=2 + seed % 6)
        change = composition(chain)
        said = diff(
            chain.first.write(folder / f"old_{seed}"), chain.last.write(folder / f"new_{seed}")
        )
        # DuckDB would end the process of the tests.
        is_blind = chain.last.is_blind_after(chain.first)
        made = [] if is_blind else [trials.by_pyiceberg(catalog, change)]
        if made and seed < N_SPARK:
            made.append(by_spark.trial(change))
        files = readers.read_files(change, folder, duck, spark)
        found.append(Tried(chain, said, made, files, None))
    catalog.close()
    readers.read_tables([trial for one in found for trial in one.trials], duck, spark)
    for one in found:
        path = one.trials[0].appended if one.trials else None
        if path is not None:
            one.selected = readers.read_old_names(path, trials.OLD, duck)
    return found


def test_a_table_that_breaks_is_never_called_fine(tried: list[Tried]):
    milder = [
        (str(one.chain), one.table())
        for one in tried
        if one.table() and one.said.verdict("engine_table") != "break"
    ]
    assert not milder


def test_a_table_that_is_called_broken_breaks(tried: list[Tried]):
    for one in tried:
        said = one.said.rules("engine_table", "break")
        assert not said or one.table(), (str(one.chain), said)


def test_files_and_queries_that_break_are_never_called_fine(tried: list[Tried]):
    for one in tried:
        broken = [f"{k}: {v}" for k, v in one.files.items() if v != readers.RIGHT]
        said = one.said.verdict("files")
        assert not broken or LEVELS.index(said) >= LEVELS.index("warn"), (str(one.chain), broken)
        if one.selected not in (None, readers.RIGHT):
            assert one.said.verdict("select_list") == "break", (str(one.chain), one.selected)


def test_chains_are_of_both_kinds(tried: list[Tried]):
    broken = sum(bool(one.table()) for one in tried)
    assert 10 <= broken <= N_CHAINS - 10
    assert sum(one.selected not in (None, readers.RIGHT) for one in tried) > 5
    assert sum(len(one.chain.edits) for one in tried) > 3 * N_CHAINS
