"""What a chain of edits adds up to: one change that engines are asked for."""

from pyiceberg.table import Table
from pyiceberg.transforms import parse_transform

from changes import Change, converted
from definitions import Definition, Key
from edits import Chain, field_name
from shapes import ICEBERG, SPARK, Column


def composition(chain: Chain) -> Change:
    """The first and the last definition of a chain as one change of a table."""
    first, last = chain.first, chain.last
    old = {c.id: c for c in first.columns}

    def carry(row: dict) -> dict:
        def value(column: Column):
            before = old.get(column.id)
            return before and _converted(row[before.name], before.type, column.type)

        return {column.name: value(column) for column in last.columns}

    return Change(
        f"chain_{chain.seed}",
        str(chain),
        last.columns,
        lambda table: evolve(table, first, last),
        tuple(_statements(first, last)),
        carry,
    )


def _converted(value, old: str, new: str):
    return value if old == new else converted(value, old, new)


class _Steps:
    """What differs between two definitions, in the order in which engines can make it."""

    def __init__(self, first: Definition, last: Definition):
        old, new = ({c.id: c for c in d.columns} for d in (first, last))
        self.less = [k for k in first.spec if k not in last.spec]
        self.more = [k for k in last.spec if k not in first.spec]
        self.dropped = [c for c in first.columns if c.id not in new]
        self.added = [c for c in last.columns if c.id not in old]
        both = [(c, new[c.id]) for c in first.columns if c.id in new]
        self.retyped = [(a, b) for a, b in both if a.type != b.type]
        self.presence = [(a, b) for a, b in both if a.required != b.required]
        self.documented = [(a, b) for a, b in both if a.doc != b.doc]
        renamed = [(a, b) for a, b in both if a.name != b.name]
        # A column may take the name that another one is about to leave.
        self.renames = [(a.name, f"moving_{a.id}") for a, _ in renamed]
        self.renames += [(f"moving_{a.id}", b.name) for a, b in renamed]


def evolve(table: Table, first: Definition, last: Definition) -> None:
    """Changes a table from one definition to another with PyIceberg."""
    steps = _Steps(first, last)

    def schema(edit) -> None:
        with table.update_schema() as update:
            edit(update)

    for key in steps.less:
        transform = parse_transform(key.transform)
        name = next(
            f.name
            for f in table.spec().fields
            if (f.source_id, f.transform) == (key.source, transform)
        )
        with table.update_spec() as update:
            update.remove_field(name)
    if first.sort != last.sort:
        with table.update_sort_order() as update:
            update.asc(first.name_of(last.sort), parse_transform("identity"))
    for column in steps.dropped:
        schema(lambda u: u.delete_column(column.name))
    for old, new in steps.retyped:
        schema(lambda u: u.update_column(old.name, field_type=ICEBERG[new.type]))
    for old, new in steps.presence:
        schema(lambda u: u.update_column(old.name, required=new.required))
    for old, new in steps.documented:
        schema(lambda u: u.update_column(old.name, doc=new.doc))
    for old, new in steps.renames:
        schema(lambda u: u.rename_column(old, new))
    for column in steps.added:
        schema(
            lambda u: u.add_column(column.name, ICEBERG[column.type], required=column.required)
        )
    for key in steps.more:
        with table.update_spec() as update:
            source, transform = last.name_of(key.source), parse_transform(key.transform)
            update.add_field(source, transform, field_name(key, last))


def _statements(first: Definition, last: Definition):
    steps = _Steps(first, last)
    alter = "ALTER TABLE {t}"
    for key in steps.less:
        yield f"{alter} DROP PARTITION FIELD {_expression(key, first)}"
    if first.sort != last.sort:
        yield f"{alter} WRITE LOCALLY ORDERED BY {first.name_of(last.sort)} ASC NULLS FIRST"
    for column in steps.dropped:
        yield f"{alter} DROP COLUMN {column.name}"
    for old, new in steps.retyped:
        yield f"{alter} ALTER COLUMN {old.name} TYPE {SPARK[new.type]}"
    for old, new in steps.presence:
        yield f"{alter} ALTER COLUMN {old.name} {'SET' if new.required else 'DROP'} NOT NULL"
    for old, new in steps.documented:
        yield f"{alter} ALTER COLUMN {old.name} COMMENT '{new.doc}'"
    for old, new in steps.renames:
        yield f"{alter} RENAME COLUMN {old} TO {new}"
    for column in steps.added:
        required = " NOT NULL" if column.required else ""
        yield f"{alter} ADD COLUMN {column.name} {SPARK[column.type]}{required}"
    for key in steps.more:
        yield f"{alter} ADD PARTITION FIELD {_expression(key, last)}"


def _expression(key: Key, definition: Definition) -> str:
    name = definition.name_of(key.source)
    return {"identity": name, "day": f"days({name})", "bucket[4]": f"bucket(4, {name})"}[
        key.transform
    ]
