"""Random edits of a definition, made by a seeded generator."""

import random
from dataclasses import replace

from definitions import ASKABLE, Definition, Key
from shapes import BASE, Column, edited, without

# What the name of a partition field has after that of its source.
SUFFIX = {"identity": "", "day": "_day", "bucket[4]": "_bucket"}
# Rows are compared by their id.
FIXED = {"id"}
# What needs no new table version.
COMPATIBLE = ("add_readable", "widen", "partition", "unpartition", "sort", "document", "shuffle")
# What the matrix calls safe, and what undoes something; the others break more often than not.
MILD = (
    "add_optional",
    "drop",
    "rename",
    "rename_onto_dropped",
    "widen",
    "loosen",
    "bring_back",
    "name_like_a_key",
    "readd",
    "partition",
    "unpartition",
    "drop_former_source",
    "sort",
    "document",
    "shuffle",
)
BOLD = (*MILD, "add_required", "narrow", "retype", "tighten", "widen", "narrow", "tighten")


def field_name(key: Key, definition: Definition) -> str:
    """The name that Iceberg gives to a partition field."""
    return definition.name_of(key.source) + SUFFIX[key.transform]


class Chain:
    """A definition that is edited again and again."""

    def __init__(self, seed: int, kinds: tuple[str, ...], n_edits: int):
        self.random = random.Random(seed)
        self.seed = seed
        self.kinds = kinds
        self.first = self.last = Definition()
        self.edits: list[str] = []
        # What was ever given, and is never given again.
        self.n_columns = max(c.id for c in BASE)
        self.n_names = 0
        self.keys = {(key.source, key.transform): key for key in self.first.spec}
        self.dropped: list[str] = []
        for _ in range(n_edits):
            self.step()

    def __str__(self) -> str:
        return f"seed {self.seed}: " + ", ".join(self.edits)

    def step(self) -> None:
        while (edit := getattr(self, self.random.choice(self.kinds))()) is None:
            pass
        self.edits.append(edit)

    def pick(self, accept=lambda column: True) -> Column | None:
        taken = self.last.sources
        free = [
            c
            for c in self.last.columns
            if c.type in ASKABLE and c.name not in FIXED and c.id not in taken and accept(c)
        ]
        return self.random.choice(free) if free else None

    def put(self, **change) -> None:
        self.last = replace(self.last, **change)

    def edit(self, column: Column, **change) -> None:
        self.put(columns=edited(self.last.columns, column.name, **change))

    def new_name(self) -> str:
        self.n_names += 1
        return f"n_{self.n_names}"

    def append(self, name: str, kind: str, *, required: bool = False) -> str:
        self.n_columns += 1
        self.put(columns=(*self.last.columns, Column(self.n_columns, name, kind, required)))
        return f"{'required ' if required else ''}{kind} {name}"

    def remove(self, column: Column) -> str:
        self.dropped.append(column.name)
        self.put(columns=without(self.last.columns, column.name))
        return f"drop {column.name}"

    def vacant(self) -> str | None:
        """A name of a dropped column that no other column has."""
        names = {c.name for c in self.last.columns}
        free = [name for name in self.dropped if name not in names]
        return self.random.choice(free) if free else None

    def add_optional(self) -> str:
        return f"add {self.append(self.new_name(), self.random.choice(list(ASKABLE)))}"

    def add_readable(self) -> str:
        """Adds a column of a type that every reader fills in where old files lack it."""
        kind = self.random.choice([kind for kind in ASKABLE if kind != "binary"])
        return f"add {self.append(self.new_name(), kind)}"

    def add_required(self) -> str:
        kind = self.random.choice(list(ASKABLE))
        return f"add {self.append(self.new_name(), kind, required=True)}"

    def drop(self) -> str | None:
        column = self.pick()
        return column and self.remove(column)

    def bring_back(self) -> str | None:
        name = self.vacant()
        return name and f"bring back {self.append(name, self.random.choice(list(ASKABLE)))}"

    def name_like_a_key(self) -> str | None:
        """Adds a column with the name of a field that has left the partition spec."""
        left = [k for k in self.first.spec if k not in self.last.spec]
        names = [field_name(k, self.first) for k in left]
        free = set(names) - {c.name for c in self.last.columns}
        return f"add {self.append(min(free), 'string')}" if free else None

    def readd(self) -> str | None:
        column = self.pick()
        if column is None:
            return None
        dropped = self.remove(column)
        kind = self.random.choice([column.type, *ASKABLE])
        return f"{dropped} and add {self.append(column.name, kind)}"

    def rename(self) -> str | None:
        # The source of a partition field may be renamed too.
        free = [c for c in self.last.columns if c.type in ASKABLE and c.name not in FIXED]
        return self._rename(self.random.choice(free), self.new_name()) if free else None

    def rename_onto_dropped(self) -> str | None:
        column, name = self.pick(), self.vacant()
        return column and name and self._rename(column, name)

    def _rename(self, column: Column, name: str) -> str:
        former = {c.id: c.name for c in self.first.columns}.get(column.id)
        declared = dict(self.last.renamed_from) | ({column.id: former} if former else {})
        self.edit(column, name=name)
        self.put(renamed_from=tuple(declared.items()))
        return f"rename {column.name} to {name}"

    def _retype(self, old: tuple[str, ...], new: str | None) -> str | None:
        column = self.pick(lambda c: c.type in old)
        if column is None:
            return None
        new = new or self.random.choice([kind for kind in ASKABLE if kind != column.type])
        self.edit(column, type=new)
        return f"{column.name} from {column.type} to {new}"

    def widen(self) -> str | None:
        return self._retype(("int",), "long")

    def narrow(self) -> str | None:
        return self._retype(("long",), "int")

    def retype(self) -> str | None:
        return self._retype(tuple(ASKABLE), None)

    def _require(self, required: bool) -> str | None:
        column = self.pick(lambda c: c.required != required)
        if column is None:
            return None
        self.edit(column, required=required)
        return f"{column.name} becomes {'required' if required else 'optional'}"

    def loosen(self) -> str | None:
        return self._require(False)

    def tighten(self) -> str | None:
        return self._require(True)

    def document(self) -> str | None:
        column = self.pick()
        if column is not None:
            self.edit(column, doc=f"What it means in {len(self.edits)}.")
        return column and f"document {column.name}"

    def shuffle(self) -> str:
        self.put(shuffled=not self.last.shuffled)
        return "shuffle"

    def _respec(self, spec: tuple[Key, ...]) -> None:
        self.put(spec=spec, spec_id=self.last.spec_id + 1)

    def partition(self) -> str | None:
        column = self.pick(lambda c: c.type in ("string", "int", "long"))
        if column is None or len(self.last.spec) > 2:
            return None
        # A field that comes back is the same field, and has its id back.
        transform = self.random.choice(["identity", "bucket[4]"])
        new = Key(1000 + len(self.keys), column.id, transform)
        key = self.keys.setdefault((column.id, transform), new)
        self._respec((*self.last.spec, key))
        return f"partition by {transform} of {column.name}"

    def unpartition(self) -> str | None:
        if not self.last.spec:
            return None
        key = self.random.choice(self.last.spec)
        self._respec(tuple(k for k in self.last.spec if k != key))
        return f"no partition by {self.last.name_of(key.source)}"

    def drop_former_source(self) -> str | None:
        keys = [k for k in self.last.spec if k.source != self.last.sort]
        if not keys:
            return None
        source = self.random.choice(keys).source
        self._respec(tuple(k for k in self.last.spec if k.source != source))
        column = next(c for c in self.last.columns if c.id == source)
        return f"no partition by {column.name}, and {self.remove(column)}"

    def sort(self) -> str | None:
        old = {c.id for c in self.first.columns}
        column = self.pick(lambda c: c.id in old)
        if column is None:
            return None
        self.put(sort=column.id, order_id=self.last.order_id + 1)
        return f"sort by {column.name}"
