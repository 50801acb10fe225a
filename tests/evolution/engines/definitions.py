"""The table of the experiments as a definition, and what the guard says of two of them."""

import json
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from shapes import BASE, Column

REPOSITORY = Path(__file__).resolve().parents[3]
FIXTURE = REPOSITORY / "tests" / "evolution" / "base"
TABLE = "notes"
LEVELS = ("untouched", "ok", "warn", "replace", "break")

# The types that a definition can ask for, each with an example.
ASKABLE = {
    "string": ("string", '"1"'),
    "boolean": ("bool", "true"),
    "int": ("int32", "1"),
    "long": ("int64", "1"),
    "double": ("float64", "0.5"),
    "timestamptz": ("timestamp", '"2026-01-01T12:00:00.123456Z"'),
    "binary": ("binary", '"aGVsbG8="'),
}
PIPELINE = f"""format = 1
table = "{TABLE}"
binding = "NOTES"
doc = "Notes on their way."

[stream]
name = "notes_stream"
fields = "columns"

[sink]
name = "{TABLE}"
bucket = "LAKE"
namespace = "default"
compression = "zstd"
roll_interval_seconds = 300
roll_size_mb = 128
"""


@dataclass(frozen=True)
class Key:
    """A field of the partition spec."""

    id: int
    source: int
    transform: str


@dataclass(frozen=True)
class Definition:
    """A table as a definition says it; columns of types that no definition has are left out."""

    columns: tuple[Column, ...] = BASE
    # The former names that the definition declares, by id.
    renamed_from: tuple[tuple[int, str], ...] = ()
    spec_id: int = 0
    spec: tuple[Key, ...] = (Key(1000, 2, "identity"), Key(1001, 13, "day"))
    order_id: int = 1
    sort: int = 14
    shuffled: bool = False

    def name_of(self, column_id: int) -> str:
        return next(c.name for c in self.columns if c.id == column_id)

    @property
    def sources(self) -> set[int]:
        return {self.sort, *(key.source for key in self.spec)}

    def is_blind_after(self, first: "Definition") -> bool:
        """Whether no column is left by which the first rows were divided."""
        ids = {c.id for c in self.columns}
        return not any(key.source in ids for key in first.spec)

    def write(self, folder: Path) -> Path:
        """Writes the definition; what a release has put into the folder stays."""
        shutil.copytree(FIXTURE, folder, dirs_exist_ok=True)
        (folder / "pipelines" / f"{TABLE}.toml").write_text(PIPELINE)
        (folder / "tables" / f"{TABLE}.toml").write_text(self._table())
        return folder

    def _table(self) -> str:
        columns = [self._column(c) for c in self.columns if c.type in ASKABLE]
        fields = "".join(
            f'  {{ id = {key.id}, column = "{self.name_of(key.source)}", '
            f'transform = "{key.transform}" }},\n'
            for key in self.spec
        )
        return "\n".join(
            [
                f'format = 1\nname = "{TABLE}"\nversion = 1\ndoc = "Notes that people left."\n',
                *(reversed(columns) if self.shuffled else columns),
                f"[partition.plain]\ndefault = true\nspec_id = {self.spec_id}",
                f"fields = [\n{fields}]\n",
                f"[sort]\norder_id = {self.order_id}",
                f'fields = [{{ column = "{self.name_of(self.sort)}", direction = "asc", '
                'nulls = "first" }]\n',
            ]
        )

    def _column(self, column: Column) -> str:
        kind, example = ASKABLE[column.type]
        lines = [f"[column.{column.name}]", f"id = {column.id}", f'type = "{kind}"']
        lines += ["required = true"] if column.required else []
        former = dict(self.renamed_from).get(column.id)
        lines += [f'renamed_from = "{former}"'] if former not in (None, column.name) else []
        return "\n".join([*lines, f'doc = "{column.doc or "A value."}"', f"example = {example}\n"])


@dataclass(frozen=True)
class Judgement:
    """The findings of the guard about the table."""

    findings: tuple[dict, ...]

    def verdict(self, consumer: str) -> str:
        said = (finding["verdicts"][consumer] for finding in self.findings)
        return max(said, key=LEVELS.index, default="untouched")

    def rules(self, consumer: str, verdict: str) -> set[str]:
        return {f["rule"] for f in self.findings if f["verdicts"][consumer] == verdict}


def diff(old: Path, new: Path) -> Judgement:
    """What `unified-event diff` says of two definitions, or of a frozen model and a definition."""
    done = command("diff", "--format", "json", "--against", old, "--schema", new)
    assert done.returncode == 0, done.stderr
    findings = json.loads(done.stdout)["findings"]
    return Judgement(tuple(f for f in findings if f["table"] is not None))


def command(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Runs the command line of the repository, whatever it returns."""
    command = ["cargo", "run", "--quiet", "--locked", "-p", "unified-event-codegen", "--"]
    return subprocess.run(
        [*command, *map(str, arguments)], cwd=REPOSITORY, capture_output=True, text=True
    )
