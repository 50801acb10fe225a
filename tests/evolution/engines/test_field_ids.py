"""Versions with gaps in their ids: catalogs number the columns as every artefact says.

Columns are taken out of the definition, as a release of a new version does, and the tables are made
from what is emitted then; after that they grow in place, as a minor release asks for.
"""

import re
import shutil
from pathlib import Path

import pytest
from pyiceberg.catalog.rest import CreateTableRequest
from pyiceberg.catalog.sql import SqlCatalog
from pyiceberg.partitioning import PartitionSpec
from pyiceberg.schema import Schema
from pyiceberg.table import StaticTable, Table
from pyiceberg.table.metadata import TableMetadataV2
from pyiceberg.table.sorting import SortOrder
from pyiceberg.types import LongType, StringType

from artefacts import Artefacts, schemes, statements
from lake import stored_fields
from moves import REPOSITORY, unified_event
from shapes import VALUES

WIDE, NARROW = "unified_events", "do_actions"
# By where the gaps are: the columns that are dropped.
DROPS = {
    "middle": {WIDE: ["http_host"], NARROW: ["input_version"]},
    "highest": {WIDE: ["schema_version"]},
    "several": {WIDE: ["root_id", "http_host", "batch_id"], NARROW: ["input_version", "session_id"]},
}
CASES = [(gaps, table) for gaps, dropped in DROPS.items() for table in dropped]
# What a later release adds, in the order in which somebody wrote it.
ADDED = {"came_last": (190, "int64", "7"), "came_first": (180, "string", '"x"')}
ICEBERG = {"int64": LongType(), "string": StringType()}
# Where it goes, and what feeds it where a stream has fields of its own.
FILES = {
    "groups/rpc.toml": {},
    "tables/do_actions.toml": {"came_last": '"inputVersion"', "came_first": "verb"},
}


def emit(schema: Path, out: Path) -> Artefacts:
    unified_event("codegen", "--schema", schema, "--out", out)
    return Artefacts(out)


@pytest.fixture(scope="module")
def versions(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Artefacts, Artefacts]]:
    """By gaps: the artefacts of a version with them, and those of its next minor release."""
    made = {}
    ignored = shutil.ignore_patterns("src", "Cargo.toml", "README.md", "released", "schema.lock")
    for gaps, dropped in DROPS.items():
        folder = tmp_path_factory.mktemp(gaps)
        schema = folder / "schema"
        shutil.copytree(REPOSITORY / "schema", schema, ignore=ignored)
        for table, names in dropped.items():
            paths = [schema / f"tables/{table}.toml"]
            paths = list((schema / "groups").iterdir()) if table == WIDE else paths
            for name in names:
                assert sum(drop(path, name) for path in paths) == 1, name
        first = emit(schema, folder / "first")
        for file, feeds in FILES.items():
            with (schema / file).open("a") as out:
                for name, (column_id, kind, example) in ADDED.items():
                    out.write(f'\n[column.{name}]\nid = {column_id}\ntype = "{kind}"\n')
                    out.write(f'doc = "What came later."\nexample = {example}\n')
                    out.write(f"transform = '{feeds[name]}'\n" if name in feeds else "")
        made[gaps] = (first, emit(schema, folder / "later"))
    return made


def drop(path: Path, name: str) -> int:
    """Takes a column out of a file with the tables below it; returns whether it was there."""
    table = rf"(?ms)^\[column\.{name}\]$.*?(?=^\[(?!column\.{name}\.)|\Z)"
    text, n_dropped = re.subn(table, "", path.read_text())
    path.write_text(text)
    return n_dropped


def create(catalog: SqlCatalog, artefacts: Artefacts, name: str) -> dict[str, Table]:
    """The table as each way of PyIceberg makes it."""
    request = CreateTableRequest.model_validate(
        {"location": None, **artefacts.iceberg(name, "create-table")}
    )
    properties = artefacts.iceberg(name, "properties")
    ways = {
        "documents": dict(
            schema=Schema.model_validate(artefacts.iceberg(name, "schema")),
            partition_spec=PartitionSpec.model_validate(artefacts.partition_spec(name)),
            sort_order=SortOrder.model_validate(artefacts.iceberg(name, "sort-order")),
        ),
        "request": dict(
            schema=request.table_schema,
            partition_spec=request.partition_spec,
            sort_order=request.write_order,
        ),
    }
    made = {
        way: catalog.create_table(("lake", way), properties=properties, **parts)
        for way, parts in ways.items()
    }
    made["registered"] = register(catalog, artefacts, name)
    return made


def register(catalog: SqlCatalog, artefacts: Artefacts, name: str) -> Table:
    """A metadata file that somebody wrote out of the documents, which no catalog numbers anew."""
    schema = artefacts.iceberg(name, "schema")
    spec, order = artefacts.partition_spec(name), artefacts.iceberg(name, "sort-order")
    folder = Path(catalog.properties["warehouse"]) / "registered"
    metadata = TableMetadataV2.model_validate(
        {
            "format-version": 2,
            "location": f"file://{folder}",
            "last-column-id": max(field["id"] for field in schema["fields"]),
            "schemas": [schema],
            "current-schema-id": schema["schema-id"],
            "partition-specs": [spec],
            "default-spec-id": spec["spec-id"],
            "last-partition-id": max(field["field-id"] for field in spec["fields"]),
            "sort-orders": [order],
            "default-sort-order-id": order["order-id"],
        }
    )
    folder.mkdir()
    file = folder / "00000.metadata.json"
    file.write_text(metadata.model_dump_json())
    return catalog.register_table(("lake", "registered"), f"file://{file}")


def sources(fields: list[dict]) -> list[tuple]:
    return [(field["source-id"], field["transform"]) for field in fields]


def check(table: Table, artefacts: Artefacts, name: str) -> None:
    """The ids of a table are those of its artefacts: no column, spec or order differs."""
    fields = artefacts.fields(name)
    assert stored_fields(table) == fields
    arrow = {f.name: int(f.metadata[b"PARQUET:field_id"]) for f in artefacts.arrow(name)}
    assert arrow == {field["name"]: field["id"] for field in fields}
    identifier = artefacts.iceberg(name, "schema").get("identifier-field-ids", [])
    assert sorted(table.schema().identifier_field_ids) == identifier
    assert len(identifier) == 2
    stored = table.spec().model_dump(mode="json")["fields"]
    assert sources(stored) == sources(artefacts.partition_spec(name)["fields"])
    for scheme in schemes(name):
        spec = PartitionSpec.model_validate(artefacts.partition_spec(name, scheme))
        assert [f.name for f in spec.fields] == [
            partition_name(table.schema().find_column_name(f.source_id), str(f.transform))
            for f in spec.fields
        ]
    stored = table.sort_order().model_dump(mode="json")["fields"]
    assert sources(stored) == sources(artefacts.iceberg(name, "sort-order")["fields"])


def partition_name(column: str, transform: str) -> str:
    return column if transform == "identity" else f"{column}_{transform}"


@pytest.fixture
def catalog(tmp_path: Path):
    catalog = SqlCatalog("ids", uri=f"sqlite:///{tmp_path}/catalog.db", warehouse=str(tmp_path))
    catalog.create_namespace("lake")
    yield catalog
    catalog.close()


@pytest.mark.parametrize(("gaps", "name"), CASES)
def test_pyiceberg_makes_and_grows_the_table_with_the_ids_of_the_artefacts(
    versions, catalog: SqlCatalog, gaps: str, name: str
):
    first, later = versions[gaps]
    added = sorted(ADDED, key=lambda column: ADDED[column][0])
    for way, table in create(catalog, first, name).items():
        check(table, first, name)
        # PyIceberg compares by field id: the emitted Arrow schema fits before and after.
        old = row("1", first.fields(name))
        table.append(first.arrow_batch(name, [old]))
        for column in added:
            with table.update_schema() as update:
                update.add_column(column, ICEBERG[ADDED[column][1]], doc="What came later.")
        check(table, later, name)
        new = row("2", later.fields(name))
        assert all(new[column] is not None for column in added)
        table.append(later.arrow_batch(name, [new]))
        found = sorted(table.scan().to_arrow().to_pylist(), key=lambda found: found["id"])
        assert found == [{**old, **dict.fromkeys(added)}, new], way


def row(key: str, fields: list[dict]) -> dict:
    """A row with another text in every column of texts."""
    values = {f["name"]: VALUES[f["type"]][0] for f in fields}
    texts = {f["name"]: f"{f['name']} {key}" for f in fields if f["type"] == "string"}
    return {**values, **texts, "id": key}


def test_spark_makes_and_grows_the_table_with_the_ids_of_the_artefacts(versions, spark):
    def stored() -> Table:
        log = spark.sql(f"SELECT file FROM tests.lake.{NARROW}.metadata_log_entries").collect()
        return StaticTable.from_metadata(log[-1].file)

    first, later = versions["several"]
    for statement in statements(first.ddl("spark", NARROW), backslash_escapes=True):
        spark.sql(statement)
    check(stored(), first, NARROW)
    comment = "COMMENT 'What came later.'"
    spark.sql(f"ALTER TABLE {NARROW} ADD COLUMN came_first STRING {comment}")
    spark.sql(f"ALTER TABLE {NARROW} ADD COLUMN came_last BIGINT {comment}")
    check(stored(), later, NARROW)
    spark.sql(f"DROP TABLE {NARROW}")
