"""Engines that run the files of a move, with the same few methods."""

import json
import re
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from duckdb import DuckDBPyConnection
from pyspark.sql import SparkSession

from artefacts import statements
from readers import from_spark

REPOSITORY = Path(__file__).resolve().parents[3]
EXPECTED = REPOSITORY / "tests" / "migrate" / "expected"
EVENTS = EXPECTED / "migrations" / "tiny_events_v1_to_v2"
NOTES = EXPECTED / "migrations" / "notes_v2_to_v3"

ARROW = {
    "string": pa.string(),
    "boolean": pa.bool_(),
    "int": pa.int32(),
    "long": pa.int64(),
    "double": pa.float64(),
    "timestamptz": pa.timestamp("us", tz="UTC"),
    "timestamp": pa.timestamp("us"),
    "binary": pa.binary(),
}


def arrow_schema(path: Path) -> pa.Schema:
    """The columns of a table, from its Iceberg JSON."""
    document = json.loads(path.read_text())
    fields = document.get("schema", document)["fields"]
    return pa.schema(
        pa.field(f["name"], ARROW[f["type"]], nullable=not f["required"]) for f in fields
    )


class Duck:
    """DuckDB with its own tables."""

    name = "duckdb"

    def __init__(self, connection: DuckDBPyConnection):
        self.connection = connection

    def script(self, path: Path) -> None:
        self.connection.execute(path.read_text())

    def query(self, text: str, **parameters) -> list[dict]:
        used = {k: v for k, v in parameters.items() if f"${k}" in text}
        self.connection.execute(text, used)
        return self.connection.to_arrow_table().to_pylist() if self.connection.description else []

    def run(self, path: Path, **parameters) -> list[dict]:
        return self.query(path.read_text(), **parameters)

    def insert(self, table: str, rows: list[dict], schema: pa.Schema) -> None:
        self.connection.register("arrived", pa.Table.from_pylist(rows, schema=schema))
        self.connection.execute(f'INSERT INTO "{table}" BY NAME SELECT * FROM arrived')


class SparkTables:
    """Spark with Iceberg tables."""

    name = "spark"

    def __init__(self, session: SparkSession, folder: Path):
        self.session = session
        self.folder = folder
        self.n_batches = 0

    def script(self, path: Path) -> None:
        for statement in statements(path.read_text(), backslash_escapes=True):
            # The catalog of the tests is a folder, and keeps no views.
            self.session.sql(statement.replace("REPLACE VIEW", "REPLACE TEMPORARY VIEW", 1))

    def query(self, text: str, **parameters) -> list[dict]:
        used = {k: v for k, v in parameters.items() if re.search(rf":{k}\b", text)}
        frame = self.session.sql(text.replace('"', "`"), args=used or None)
        return from_spark(frame)

    def run(self, path: Path, **parameters) -> list[dict]:
        (statement,) = statements(path.read_text(), backslash_escapes=True)
        used = {k: v for k, v in parameters.items() if re.search(rf":{k}\b", statement)}
        return from_spark(self.session.sql(statement, args=used or None))

    def insert(self, table: str, rows: list[dict], schema: pa.Schema) -> None:
        self.n_batches += 1
        file = self.folder / f"{table}.{self.n_batches}.parquet"
        pq.write_table(pa.Table.from_pylist(rows, schema=schema), file)
        self.session.sql(f"INSERT INTO `{table}` BY NAME SELECT * FROM parquet.`{file}`")


class ManagedTables(SparkTables):
    """Spark with tables as the platform makes them, which no file of the move creates."""

    name = "spark-managed"

    def create(self, table: str, schema: pa.Schema) -> None:
        empty = self.folder / f"{table}.empty.parquet"
        pq.write_table(schema.empty_table(), empty)
        self.session.sql(
            f"CREATE TABLE {table} USING iceberg PARTITIONED BY (days(__ingest_ts)) "
            f"TBLPROPERTIES ('format-version' = '2') AS SELECT * FROM parquet.`{empty}`"
        )


def unified_event(*arguments: str | Path) -> None:
    """Runs the command line of the repository."""
    command = ["cargo", "run", "--quiet", "--locked", "-p", "unified-event-codegen", "--"]
    done = subprocess.run(
        [*command, *map(str, arguments)], cwd=REPOSITORY, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr + done.stdout


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
