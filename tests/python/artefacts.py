"""The generated artefacts as the tests read them: each from its own file, none from another."""

import json
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from rows import sample_rows

TABLES = ("unified_events", "do_events", "do_things", "do_actions", "do_state")
SCHEMES = ("hourly", "daily", "monthly")


def schemes(table: str) -> tuple[str | None, ...]:
    """The partition schemes of a table; None where it has a single one without a name."""
    return SCHEMES if table == "unified_events" else (None,)


@dataclass(frozen=True)
class Artefacts:
    root: Path

    def path(self, *parts: str) -> Path:
        path = self.root.joinpath(*parts)
        assert path.is_file(), f"{path} is missing: run `cargo run codegen`"
        return path

    def text(self, *parts: str) -> str:
        return self.path(*parts).read_text(encoding="utf-8")

    def model(self) -> dict:
        return json.loads(self.text("model.json"))

    def table_doc(self, table: str) -> str:
        return next(found["doc"] for found in self.model()["tables"] if found["name"] == table)

    def iceberg(self, table: str, kind: str) -> dict:
        """One of Iceberg's JSON documents, e.g. `schema` or `sort-order`."""
        return json.loads(self.text("iceberg", f"{table}.{kind}.json"))

    def fields(self, table: str, kind: str = "schema") -> list[dict]:
        return self.iceberg(table, kind)["fields"]

    def partition_spec(self, table: str, scheme: str | None = None) -> dict:
        """The spec of a scheme; without one, that of the table's default scheme."""
        scheme = scheme or schemes(table)[0]
        return self.iceberg(table, "partition-spec" + (f".{scheme}" if scheme else ""))

    def arrow(self, table: str) -> pa.Schema:
        with pa.ipc.open_stream(self.path("arrow", f"{table}.arrow")) as reader:
            return reader.schema

    def json_columns(self, table: str) -> set[str]:
        return {field.name for field in self.arrow(table) if isinstance(field.type, pa.JsonType)}

    def arrow_batch(self, table: str, rows: list[dict]) -> pa.Table:
        """Rows in the emitted Arrow schema, with the JSON columns as the plain text they hold."""
        fields = (
            field.with_type(field.type.storage_type)
            if isinstance(field.type, pa.JsonType)
            else field
            for field in self.arrow(table)
        )
        return pa.Table.from_pylist(rows, schema=pa.schema(fields))

    def sample(self, table: str) -> list[dict]:
        return sample_rows(table, self.fields(table), self.json_columns(table))

    def transform(self, table: str) -> str:
        return self.text("sql", f"{table}.sql")

    def ddl(self, engine: str, table: str) -> str:
        return self.text("sql", "ddl", engine, f"{table}.sql")


def statements(sql: str, *, backslash_escapes: bool) -> list[str]:
    """Split a script at the semicolons that stand outside of quotes and comments."""
    found, start, position = [], 0, 0
    while position < len(sql):
        character = sql[position]
        if character in "'\"`":
            position += 1
            while sql[position] != character:
                position += 2 if backslash_escapes and sql[position] == "\\" else 1
        elif sql.startswith("--", position):
            position = sql.find("\n", position)
        elif character == ";":
            found.append(sql[start:position])
            start = position + 1
        position += 1
    found.append(sql[start:])
    return [stripped for statement in found if (stripped := _without_comments(statement))]


def _without_comments(statement: str) -> str:
    lines = (line for line in statement.splitlines() if not line.lstrip().startswith("--"))
    return "\n".join(lines).strip()
