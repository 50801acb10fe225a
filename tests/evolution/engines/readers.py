"""The readers: each gives the rows of a table or of files in one form, or refuses."""

import base64
import json
import subprocess
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
from duckdb import DuckDBPyConnection
from pyiceberg.table import StaticTable
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.types import TimestampType

from changes import LOST, Change
from shapes import BASE, arrow_schema, rows
from trials import EDITED, OLD, Trial, said

REPOSITORY = Path(__file__).resolve().parents[3]
RIGHT = "right"


def cell(value):
    """A value with its type, so that 1, 1.0 and true differ and instants keep their zone."""
    if isinstance(value, datetime):
        zone = "Z" if value.tzinfo else ""
        value = value.astimezone(UTC) if value.tzinfo else value
        return "str", value.strftime("%Y-%m-%dT%H:%M:%S.%f") + zone
    if isinstance(value, bytes | bytearray):
        return "str", base64.b64encode(value).decode()
    return type(value).__name__, value


def judge(found: Iterable[dict], expected: list[dict]) -> str:
    """Compares rows by their id; columns count in their order."""
    found = sorted(found, key=lambda row: str(row.get("id")))
    expected = sorted(expected, key=lambda row: row["id"])
    if [row.get("id") for row in found] != [row["id"] for row in expected]:
        return f"wrong: {len(found)} rows, not {len(expected)}"
    for actual, right in zip(found, expected, strict=True):
        for name, value in right.items():
            if name not in actual:
                return f"wrong: no column `{name}`"
            if value is LOST or cell(actual[name]) != cell(value):
                seen, wanted = _shown(actual[name]), _shown(value)
                return f"wrong: `{name}` of `{right['id']}` is {seen}, not {wanted}"
        if list(actual) != list(right):
            extra = [name for name in actual if name not in right]
            return f"wrong: has `{extra[0]}` still" if extra else "wrong: order of columns"
    return RIGHT


def _shown(value) -> str:
    if value is None or value is LOST:
        return "null" if value is None else repr(value)
    return repr(cell(value)[1])


def _attempt(read: Callable[[], Iterable[dict]], expected: list[dict]) -> str:
    try:
        return judge(read(), expected)
    except Exception as error:
        return f"refused: {said(error)}"


def from_spark(frame: DataFrame) -> list[dict]:
    zoned = {f.name for f in frame.schema if isinstance(f.dataType, TimestampType)}
    return [
        {
            name: value.astimezone(UTC) if value is not None and name in zoned else value
            for name, value in row.asDict().items()
        }
        for row in frame.collect()
    ]


def read_tables(trials: list[Trial], duck: DuckDBPyConnection, spark: SparkSession) -> None:
    """Reads every table of the trials, after the change and after new rows."""
    jobs = [
        (trial, moment, path)
        for trial in trials
        for moment, path in (("altered", trial.altered), ("appended", trial.appended))
        if path is not None and not (trial.by == EDITED and moment == "altered" and trial.appended)
    ]

    def in_duckdb(path: Path) -> list[dict]:
        duck.execute("SELECT * FROM iceberg_scan(?)", [str(path)])
        return duck.to_arrow_table().to_pylist()

    def in_pyiceberg(path: Path) -> list[dict]:
        return StaticTable.from_metadata(str(path)).scan().to_arrow().to_pylist()

    def in_spark(path: Path) -> list[dict]:
        return from_spark(spark.read.format("iceberg").load(f"file://{path}"))

    for trial, moment, path in jobs:
        expected = trial.expected(with_new=moment == "appended")
        trial.outcomes[moment] = {
            name: _attempt(lambda read=read, path=path: read(path), expected)
            for name, read in (
                ("DuckDB", in_duckdb),
                ("PyIceberg", in_pyiceberg),
                ("Spark", in_spark),
            )
        }
    answers = _iceberg_crate([path for _, _, path in jobs])
    for (trial, moment, _), answer in zip(jobs, answers, strict=True):
        expected = trial.expected(with_new=moment == "appended")
        trial.outcomes[moment]["iceberg (Rust)"] = (
            f"refused: {said(Exception(answer['refused']))}"
            if "refused" in answer
            else judge(answer["rows"], expected)
        )


def read_old_names(path: Path, old: list[dict], duck: DuckDBPyConnection) -> str:
    """Reads the old rows of a changed table with a query that lists the old columns."""
    names = ", ".join(f'"{name}"' for name in old[0])
    query = f"SELECT {names} FROM iceberg_scan(?) WHERE list_contains(?, id)"

    def in_duckdb() -> list[dict]:
        duck.execute(query, [str(path), [row["id"] for row in old]])
        return duck.to_arrow_table().to_pylist()

    return _attempt(in_duckdb, old)


def _iceberg_crate(paths: list[Path]) -> list[dict]:
    command = ["cargo", "run", "--quiet", "--locked", "-p", "unified-event-engines"]
    done = subprocess.run(
        [*command, "--bin", "read_iceberg"],
        cwd=REPOSITORY,
        input="".join(f"{path}\n" for path in paths),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


def read_files(
    change: Change, folder: Path, duck: DuckDBPyConnection, spark: SparkSession
) -> dict[str, str]:
    """Reads an old and a new Parquet file together, by name and without a catalog."""
    files = [folder / f"{change.kind}.{age}.parquet" for age in ("old", "new")]
    old, new = pa.Table.from_pylist(OLD, schema=arrow_schema(BASE)), arrow_schema(change.columns)
    pq.write_table(old, files[0])
    pq.write_table(pa.Table.from_pylist(rows("new", change.columns), schema=new), files[1])
    names = [column.name for column in change.columns]
    expected = Trial(change, "files").expected(with_new=True)
    selected = ", ".join(f'"{name}"' for name in names)
    paths = [str(file) for file in files]

    def in_arrow() -> list[dict]:
        # The scan does not look whether nulls contradict the schema; the cast does.
        return ds.dataset(paths, schema=new).to_table().cast(new).to_pylist()

    def in_duckdb() -> list[dict]:
        duck.execute(f"SELECT {selected} FROM read_parquet(?, union_by_name = true)", [paths])
        return duck.to_arrow_table().to_pylist()

    def in_spark() -> list[dict]:
        schema = spark.read.parquet(paths[1]).schema
        return from_spark(spark.read.schema(schema).parquet(*paths))

    return {
        name: _attempt(read, expected)
        for name, read in (("pyarrow", in_arrow), ("DuckDB", in_duckdb), ("Spark", in_spark))
    }
