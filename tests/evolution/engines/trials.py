"""Trials: a table is written under the old columns, changed, and written again."""

import json
import re
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from pyiceberg.catalog.sql import SqlCatalog
from pyiceberg.partitioning import PartitionField, PartitionSpec
from pyiceberg.table import Table
from pyiceberg.table.sorting import NullOrder, SortDirection, SortField, SortOrder
from pyiceberg.transforms import DayTransform, IdentityTransform
from pyspark.sql import SparkSession

from changes import TYPES, Change
from lake import local
from shapes import BASE, SPARK, arrow_schema, iceberg_schema, rows

PYICEBERG = "PyIceberg"
SPARK_SQL = "Spark"
EDITED = "edited metadata"

SPEC = PartitionSpec(
    PartitionField(source_id=2, field_id=1000, transform=IdentityTransform(), name="kind"),
    PartitionField(source_id=13, field_id=1001, transform=DayTransform(), name="at_day"),
)
ORDER = SortOrder(
    SortField(
        source_id=14,
        transform=IdentityTransform(),
        direction=SortDirection.ASC,
        null_order=NullOrder.NULLS_FIRST,
    )
)
OLD = rows("old", BASE)
TYPE_KINDS = {change.kind for change in TYPES}


@dataclass
class Trial:
    change: Change
    by: str
    # The words of the engine that would not change the table, or not write to it afterwards.
    refused: str | None = None
    append_refused: str | None = None
    # The metadata after the change, and after new rows were written.
    altered: Path | None = None
    appended: Path | None = None
    outcomes: dict[str, dict[str, str]] = field(default_factory=dict)

    def expected(self, *, with_new: bool) -> list[dict]:
        old = [{**row, **self.change.carry(row)} for row in OLD]
        names = [column.name for column in self.change.columns]
        kept = [{name: row.get(name) for name in names} for row in old]
        return kept + (rows("new", self.change.columns) if with_new else [])


def said(error: BaseException) -> str:
    """The words of a refusal, without what differs from run to run."""
    text = str(error)
    causes = re.findall(r"Caused by: (?:[\w.$]+: )?(.+)", text)
    if causes:
        text = causes[-1]
    elif getattr(error, "java_exception", None) is not None:
        text = error.java_exception.getMessage() or text
    text = re.sub(r"(file:)?/[^\s,'\"]*/[^\s,'\"]*", "…", text)
    text = re.sub(r"\b[0-9a-f]{8}-[0-9a-f-]{20,}[\w.-]*", "…", text)
    text = re.sub(r"0x[0-9a-f]+|#\d+", "…", text)
    # Rich draws tables around PyIceberg's comparison of schemas.
    text = re.sub(r"[┏━┳┓┃┡╇┩│└─┴┘╷╵]+", " ", text)
    text = " ".join(text.split())
    text = text.split(" Backtrace")[0].split(" SQLSTATE")[0]
    # DuckDB goes on with a value, which is that of the thread that came first.
    text = re.sub(r": : .*", "", text)
    return text if len(text) <= 180 else text[:179] + "…"


def by_pyiceberg(catalog: SqlCatalog, change: Change) -> Trial:
    trial = Trial(change, PYICEBERG)
    table = written(catalog, f"pyiceberg_{change.kind}")
    try:
        change.pyiceberg(table)
    except Exception as error:
        trial.refused = said(error)
        return trial
    trial.altered = local(table.metadata_location)
    _append(table, trial)
    return trial


def by_edited_metadata(catalog: SqlCatalog, change: Change) -> Trial:
    """The change as a tool would make it that writes the metadata itself."""
    trial = Trial(change, EDITED)
    table = written(catalog, f"edited_{change.kind}")
    current = local(table.metadata_location)
    metadata = json.loads(current.read_text())
    schema = iceberg_schema(change.columns, schema_id=1).model_dump(mode="json")
    metadata["schemas"].append(schema)
    metadata["current-schema-id"] = 1
    metadata["last-column-id"] = max([metadata["last-column-id"], *(c.id for c in change.columns)])
    trial.altered = current.with_name("00009-edited.metadata.json")
    trial.altered.write_text(json.dumps(metadata))
    try:
        name = ("lake", f"edited_{change.kind}_registered")
        edited = catalog.register_table(name, str(trial.altered))
    except Exception as error:
        trial.append_refused = said(error)
        return trial
    _append(edited, trial)
    return trial


def written(catalog: SqlCatalog, name: str) -> Table:
    table = catalog.create_table(
        ("lake", name),
        schema=iceberg_schema(BASE),
        partition_spec=SPEC,
        sort_order=ORDER,
        properties={"format-version": "2"},
    )
    table.append(pa.Table.from_pylist(OLD, schema=arrow_schema(BASE)))
    return table


def _append(table: Table, trial: Trial) -> None:
    columns = trial.change.columns
    try:
        table.append(pa.Table.from_pylist(rows("new", columns), schema=arrow_schema(columns)))
        trial.appended = local(table.metadata_location)
    except Exception as error:
        trial.append_refused = said(error)


class Spark:
    """Makes the changes with Spark's statements."""

    def __init__(self, session: SparkSession, folder: Path):
        self.session = session
        self.folder = folder
        self.probe: str | None = None

    def trial(self, change: Change) -> Trial:
        # Most types are refused; one table serves all of these.
        refused = self._refused(change) if change.kind in TYPE_KINDS else None
        trial = Trial(change, SPARK_SQL, refused=refused)
        if refused is None:
            self._run(trial)
        return trial

    def _refused(self, change: Change) -> str | None:
        if self.probe is None:
            self.probe = self._create(f"probe_for_{change.kind}")
        try:
            self._alter(self.probe, change)
        except Exception as error:
            return said(error)
        self.probe = None
        return None

    def _run(self, trial: Trial) -> None:
        change = trial.change
        table = self._create(change.kind)
        self._insert(table, BASE, OLD)
        try:
            self._alter(table, change)
        except Exception as error:
            trial.refused = said(error)
            return
        trial.altered = self._metadata(table)
        try:
            self._insert(table, change.columns, rows("new", change.columns))
            trial.appended = self._metadata(table)
        except Exception as error:
            trial.append_refused = said(error)

    def _create(self, name: str) -> str:
        table = f"tests.lake.{name}"
        columns = ", ".join(
            f"{c.name} {SPARK[c.type]}{' NOT NULL' if c.required else ''}" for c in BASE
        )
        self.session.sql(
            f"CREATE TABLE {table} ({columns}) USING iceberg PARTITIONED BY (kind, days(at)) "
            "TBLPROPERTIES ('format-version' = '2')"
        )
        self.session.sql(f"ALTER TABLE {table} WRITE LOCALLY ORDERED BY rank ASC NULLS FIRST")
        return table

    def _alter(self, table: str, change: Change) -> None:
        for statement in change.spark:
            self.session.sql(statement.format(t=table))

    def _insert(self, table: str, columns, new: list[dict]) -> None:
        file = self.folder / f"{table}.{new[0]['id']}.parquet"
        pq.write_table(pa.Table.from_pylist(new, schema=arrow_schema(columns)), file)
        self.session.sql(f"INSERT INTO {table} BY NAME SELECT * FROM parquet.`{file}`")

    def _metadata(self, table: str) -> Path:
        log = self.session.sql(f"SELECT file FROM {table}.metadata_log_entries").collect()
        return Path(log[-1].file.removeprefix("file:"))
