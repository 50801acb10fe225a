"""The Parquet files among the guard's witnesses: each is refused, or read as another value."""

import json
import re
import subprocess
from pathlib import Path

import pyarrow as pa
import pytest

REPOSITORY = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def programs(tmp_path_factory: pytest.TempPathFactory) -> list[dict]:
    folder = tmp_path_factory.mktemp("witnesses")
    command = ["cargo", "run", "--quiet", "--locked", "-p", "unified-event-tests"]
    subprocess.run([*command, "--bin", "witnesses", "--", folder], cwd=REPOSITORY, check=True)
    witnesses = json.loads((folder / "witnesses.json").read_text())
    found = [w for w in witnesses if w["kind"] == "parquet"]
    assert len(found) >= 60
    return found


def run(program: str) -> None:
    exec(compile(program, "<witness>", "exec"), {})


def with_schema(program: str, of: str, taken_from: str) -> str:
    """The program with the schema of one side on both sides."""
    schema = re.search(rf"^{taken_from} = (.*)$", program, re.MULTILINE)
    assert schema is not None, program
    changed, n = re.subn(rf"^{of} = .*$", lambda _: f"{of} = {schema[1]}", program, flags=re.MULTILINE)
    assert n == 1, program
    return changed


def test_files_of_the_one_version_are_refused_by_readers_of_the_other(programs: list[dict]):
    for witness in programs:
        # Nothing else may go wrong: no name that is missing, no program that is none.
        with pytest.raises((pa.ArrowException, ValueError, AssertionError)):
            run(witness["text"])
            pytest.fail(f"{witness['rule']} of {witness['case']} is read as it was written", False)


def test_files_are_read_where_both_sides_are_the_same(programs: list[dict]):
    for witness in programs:
        # A reader that looks for more than was written finds it only in a file of its own version.
        gains = witness["text"].count("pa.field", witness["text"].index("reader =")) > 1
        of, taken_from = ("writer", "reader") if gains else ("reader", "writer")
        run(with_schema(witness["text"], of, taken_from))
