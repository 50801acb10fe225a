"""The kinds of change: what each does to the columns, and how engines are asked for it."""

import struct
from collections.abc import Callable
from dataclasses import dataclass, field

from pyiceberg.table import Table
from pyiceberg.transforms import HourTransform, IdentityTransform

from shapes import BASE, ICEBERG, SPARK, VALUES, Column, edited, without


@dataclass(frozen=True)
class Change:
    kind: str
    doc: str
    # The columns afterwards, in order.
    columns: tuple[Column, ...]
    pyiceberg: Callable[[Table], None]
    # Statements with `{t}` for the table.
    spark: tuple[str, ...]
    # What an old row should be under the new columns; a column that is missing here is kept.
    carry: Callable[[dict], dict] = field(default=lambda row: {})


def _schema(edit: Callable, **options) -> Callable[[Table], None]:
    def apply(table: Table) -> None:
        with table.update_schema(**options) as update:
            edit(update)

    return apply


def _spec(edit: Callable) -> Callable[[Table], None]:
    def apply(table: Table) -> None:
        with table.update_spec() as update:
            edit(update)

    return apply


def _order(table: Table) -> None:
    with table.update_sort_order() as update:
        update.desc("at", IdentityTransform())


def _drop_with_spec(table: Table) -> None:
    with table.update_spec() as update:
        update.remove_field("at_day")
    with table.update_schema() as update:
        update.delete_column("at")


def _drop_and_add(name: str, type_name: str) -> Callable[[Table], None]:
    def apply(table: Table) -> None:
        with table.update_schema() as update:
            update.delete_column(name)
        with table.update_schema() as update:
            update.add_column(name, ICEBERG[type_name])

    return apply


def _properties(table: Table) -> None:
    with table.transaction() as transaction:
        transaction.set_properties({"write.parquet.compression-codec": "snappy"})


# The types that a definition can ask for.
_OURS = [name for name in VALUES if name not in ("float", "timestamp")]
ADDED = Column(15, "extra", "string")
_RANK = next(c for c in BASE if c.name == "rank")
_REORDERED = (BASE[0], _RANK, *without(BASE[1:], "rank"))

LAYOUT = (
    Change(
        "add_optional_column",
        "a column that may be null is added",
        (*BASE, ADDED),
        _schema(lambda u: u.add_column("extra", ICEBERG["string"])),
        ("ALTER TABLE {t} ADD COLUMN extra STRING",),
        lambda row: {"extra": None},
    ),
    *(
        Change(
            f"add_optional_{kind}_column",
            f"a column of type `{kind}` that may be null is added",
            (*BASE, Column(15, "extra", kind)),
            _schema(lambda u, kind=kind: u.add_column("extra", ICEBERG[kind])),
            (f"ALTER TABLE {{t}} ADD COLUMN extra {SPARK[kind]}",),
            lambda row: {"extra": None},
        )
        for kind in _OURS
        if kind != "string"
    ),
    Change(
        "add_required_column",
        "a column that must not be null is added, without a default",
        (*BASE, Column(15, "extra", "string", required=True)),
        _schema(lambda u: u.add_column("extra", ICEBERG["string"], required=True)),
        ("ALTER TABLE {t} ADD COLUMN extra STRING NOT NULL",),
    ),
    Change(
        "drop_optional_column",
        "a column that may be null is dropped",
        without(BASE, "a_string"),
        _schema(lambda u: u.delete_column("a_string")),
        ("ALTER TABLE {t} DROP COLUMN a_string",),
    ),
    Change(
        "drop_required_column",
        "a column that must not be null is dropped",
        without(BASE, "must"),
        _schema(lambda u: u.delete_column("must")),
        ("ALTER TABLE {t} DROP COLUMN must",),
    ),
    Change(
        "rename_column",
        "a column has another name and the same id",
        edited(BASE, "a_string", name="renamed"),
        _schema(lambda u: u.rename_column("a_string", "renamed")),
        ("ALTER TABLE {t} RENAME COLUMN a_string TO renamed",),
        lambda row: {"renamed": row["a_string"]},
    ),
    Change(
        "reorder_columns",
        "a column has another place",
        _REORDERED,
        _schema(lambda u: u.move_after("rank", "id")),
        ("ALTER TABLE {t} ALTER COLUMN rank AFTER id",),
    ),
    Change(
        "required_to_optional",
        "a column may now be null",
        edited(BASE, "must", required=False),
        _schema(lambda u: u.make_column_optional("must")),
        ("ALTER TABLE {t} ALTER COLUMN must DROP NOT NULL",),
    ),
    Change(
        "optional_to_required",
        "a column must no longer be null",
        edited(BASE, "a_string", required=True),
        _schema(lambda u: u.update_column("a_string", required=True)),
        ("ALTER TABLE {t} ALTER COLUMN a_string SET NOT NULL",),
    ),
    Change(
        "readd_dropped_name",
        "a column is dropped, and its name comes back with a new id",
        (*without(BASE, "a_string"), Column(15, "a_string", "string")),
        _drop_and_add("a_string", "string"),
        ("ALTER TABLE {t} DROP COLUMN a_string", "ALTER TABLE {t} ADD COLUMN a_string STRING"),
        lambda row: {"a_string": None},
    ),
    Change(
        "readd_dropped_name_other_type",
        "a column is dropped, and its name comes back with a new id and type",
        (*without(BASE, "a_string"), Column(15, "a_string", "long")),
        _drop_and_add("a_string", "long"),
        ("ALTER TABLE {t} DROP COLUMN a_string", "ALTER TABLE {t} ADD COLUMN a_string BIGINT"),
        lambda row: {"a_string": None},
    ),
    Change(
        "column_doc",
        "a column has another comment",
        edited(BASE, "a_string", doc="What it means now."),
        _schema(lambda u: u.update_column("a_string", doc="What it means now.")),
        ("ALTER TABLE {t} ALTER COLUMN a_string COMMENT 'What it means now.'",),
    ),
    Change(
        "add_partition_field",
        "a field is added to the partition spec",
        BASE,
        _spec(lambda u: u.add_field("rank", IdentityTransform(), "rank")),
        ("ALTER TABLE {t} ADD PARTITION FIELD rank",),
    ),
    Change(
        "drop_partition_field",
        "a field is dropped from the partition spec",
        BASE,
        _spec(lambda u: u.remove_field("at_day")),
        ("ALTER TABLE {t} DROP PARTITION FIELD at_day",),
    ),
    Change(
        "replace_partition_field",
        "a field of the partition spec has another transform",
        BASE,
        _spec(lambda u: u.remove_field("at_day").add_field("at", HourTransform(), "at_hour")),
        ("ALTER TABLE {t} REPLACE PARTITION FIELD at_day WITH hours(at)",),
    ),
    Change(
        "rename_partition_source",
        "a column of the partition spec has another name",
        edited(BASE, "at", name="moment"),
        _schema(lambda u: u.rename_column("at", "moment")),
        ("ALTER TABLE {t} RENAME COLUMN at TO moment",),
        lambda row: {"moment": row["at"]},
    ),
    Change(
        "drop_partition_source",
        "a column of the partition spec is dropped",
        without(BASE, "at"),
        _schema(lambda u: u.delete_column("at")),
        ("ALTER TABLE {t} DROP COLUMN at",),
    ),
    Change(
        "drop_former_partition_source",
        "a column is dropped after it has left the partition spec",
        without(BASE, "at"),
        _drop_with_spec,
        ("ALTER TABLE {t} DROP PARTITION FIELD at_day", "ALTER TABLE {t} DROP COLUMN at"),
    ),
    Change(
        "sort_order",
        "the table has another sort order",
        BASE,
        _order,
        ("ALTER TABLE {t} WRITE ORDERED BY at DESC",),
    ),
    Change(
        "drop_sort_source",
        "a column of the sort order is dropped",
        without(BASE, "rank"),
        _schema(lambda u: u.delete_column("rank")),
        ("ALTER TABLE {t} DROP COLUMN rank",),
    ),
    Change(
        "table_property",
        "a property of the table has another value",
        BASE,
        _properties,
        ("ALTER TABLE {t} SET TBLPROPERTIES ('write.parquet.compression-codec' = 'snappy')",),
    ),
)


def _float32(value: float) -> float:
    try:
        return struct.unpack("f", struct.pack("f", value))[0]
    except OverflowError:
        return value


def converted(value, old: str, new: str):
    """The same value in another type, when that type can say exactly the same."""
    if value is None:
        return None
    if old in ("int", "long") and new in ("int", "long"):
        return value if new == "long" or abs(value) < 2**31 or value == -(2**31) else LOST
    if old in ("int", "long") and new in ("float", "double"):
        exact = float(value) if new == "double" else _float32(float(value))
        return exact if int(exact) == value else LOST
    if old in ("float", "double") and new in ("float", "double"):
        return value if new == "double" or _float32(value) == value else LOST
    if old in ("float", "double") and new in ("int", "long"):
        fits = value.is_integer() and abs(value) < (2**31 if new == "int" else 2**63)
        return int(value) if fits else LOST
    if new == "string" and old in ("int", "long"):
        return str(value)
    if old == "string" and new == "binary":
        return value.encode()
    # What else a value could become is a matter of taste, so that no reader is right.
    return LOST


class _Lost:
    def __repr__(self) -> str:
        return "<no exact value>"


LOST = _Lost()


def type_change(old: str, new: str) -> Change:
    name = f"a_{old}"
    return Change(
        f"{old}_to_{new}",
        f"a column of type `{old}` becomes `{new}`",
        edited(BASE, name, type=new),
        _schema(lambda u: u.update_column(name, field_type=ICEBERG[new])),
        (f"ALTER TABLE {{t}} ALTER COLUMN {name} TYPE {SPARK[new]}",),
        lambda row: {name: converted(row[name], old, new)},
    )


# All pairs of the types that a definition can ask for, and the two that only catalogs can.
TYPES = tuple(
    type_change(old, new) for old in _OURS for new in _OURS if old != new
) + (
    type_change("float", "double"),
    type_change("double", "float"),
    type_change("timestamptz", "timestamp"),
    type_change("timestamp", "timestamptz"),
)
CHANGES = LAYOUT + TYPES
