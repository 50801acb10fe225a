"""What was observed, as data for the tests of the rules and as a document for people."""

import json
import re
from importlib.metadata import version
from pathlib import Path

from changes import LAYOUT, TYPES
from readers import RIGHT
from trials import EDITED, PYICEBERG, SPARK_SQL, Trial

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parents[2]
READERS = ("DuckDB", "PyIceberg", "Spark", "iceberg (Rust)")
FILE_READERS = ("pyarrow", "DuckDB", "Spark")


def engines() -> dict[str, str]:
    lock = (REPOSITORY / "Cargo.lock").read_text()
    crate = re.search(r'name = "iceberg"\nversion = "([^"]+)"', lock)
    runtime = next((REPOSITORY / ".venv" / "jars").glob("iceberg-spark-runtime-*.jar"))
    return {
        "DuckDB": f"{version('duckdb')} with duckdb_extension_iceberg "
        f"{version('duckdb_extension_iceberg')}",
        "PyIceberg": version("pyiceberg"),
        "Spark": f"{version('pyspark')} with {runtime.stem}",
        "iceberg (Rust)": crate[1],
        "pyarrow": version("pyarrow"),
    }


def observed(trials: list[Trial], files: dict[str, dict[str, str]]) -> dict:
    by_kind: dict[str, list[Trial]] = {}
    for trial in trials:
        by_kind.setdefault(trial.change.kind, []).append(trial)
    return {
        "engines": engines(),
        "changes": {
            change.kind: {
                "doc": change.doc,
                "engine_table": _engine_table(by_kind[change.kind]),
                "files": _files(files[change.kind]),
            }
            for change in (*LAYOUT, *TYPES)
        },
    }


def _engine_table(trials: list[Trial]) -> dict:
    asked = [trial for trial in trials if trial.by != EDITED]
    made = [trial for trial in asked if trial.refused is None]
    after, between = (
        {reader: _worst(t.outcomes.get(moment, {}).get(reader) for t in made) for reader in READERS}
        for moment in ("appended", "altered")
    )
    safe = bool(made) and all(outcome == RIGHT for outcome in after.values())
    entry = {
        "verdict": "safe" if safe else "breaking",
        "made_by": [trial.by for trial in made],
        "refused_by": {t.by: t.refused for t in asked if t.refused is not None},
    }
    if made:
        entry["readers"] = after
        # Until the first snapshot under the new columns, a reader may still show the old ones.
        entry["before_new_rows"] = between
    for trial in trials:
        if trial.by == EDITED:
            moment = "appended" if "appended" in trial.outcomes else "altered"
            entry["edited_metadata"] = trial.outcomes[moment]
            if trial.append_refused:
                entry["edited_metadata_write_refused"] = trial.append_refused
    return entry


def _worst(outcomes) -> str:
    found = [outcome or "refused: no new rows could be written" for outcome in outcomes]
    return next((outcome for outcome in found if outcome != RIGHT), RIGHT)


def _files(outcomes: dict[str, str]) -> dict:
    safe = all(outcome == RIGHT for outcome in outcomes.values())
    return {"verdict": "safe" if safe else "breaking", "readers": outcomes}


def as_json(data: dict) -> str:
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"


def as_markdown(data: dict) -> str:
    out = [
        "# What engines do with a changed table",
        "",
        "Written by `pytest tests/evolution/engines --update`; without `--update` the test "
        "compares.",
        "",
        "A table is written under the old columns, changed, written again, and all of it is read.",
        "**safe**: an engine makes the change, and every reader returns the right rows.",
        "**breaking**: every engine refuses the change, or one reader refuses or returns wrong "
        "rows.",
        "Right means the same values: a number widened, a new column null, a renamed one under its "
        "new name.",
        "",
        "| engine | version |",
        "|---|---|",
        *(f"| {name} | {number} |" for name, number in data["engines"].items()),
        "",
        "The table has format version 2, a partition by `kind` and the day of `at`, and a sort "
        "order by `rank`.",
        "",
        "## Iceberg tables",
        "",
        _head(
            "change",
            "verdict",
            "PyIceberg makes it",
            "Spark makes it",
            *(f"read by {r}" for r in READERS),
        ),
    ]
    changes = data["changes"]
    for kind, entry in changes.items():
        table = entry["engine_table"]
        made = ["yes" if by in table["made_by"] else "no" for by in (PYICEBERG, SPARK_SQL)]
        readers = [_short(table["readers"][r]) if "readers" in table else "–" for r in READERS]
        verdict = f"**{table['verdict']}**"
        out.append(_line(f"`{kind}`: {entry['doc']}", verdict, *made, *readers))
    out += ["", "### Who refuses, and with which words", ""]
    for kind, entry in changes.items():
        for by, words in entry["engine_table"]["refused_by"].items():
            out.append(f"- `{kind}`, {by}: {_quoted(words)}")
    out += ["", "### Readers that fail on a change that an engine makes", ""]
    for kind, entry in changes.items():
        for reader, outcome in entry["engine_table"].get("readers", {}).items():
            if outcome != RIGHT:
                out.append(f"- `{kind}`, {reader}: {_quoted(outcome)}")
    out += [
        "",
        "### Between the change and the first new rows",
        "",
        "Readers that show the old columns until a snapshot is written under the new ones:",
        "",
    ]
    for kind, entry in changes.items():
        for reader, outcome in entry["engine_table"].get("before_new_rows", {}).items():
            if outcome != RIGHT and entry["engine_table"]["verdict"] == "safe":
                out.append(f"- `{kind}`, {reader}: {_quoted(outcome)}")
    out += [
        "",
        "## Metadata edited by hand",
        "",
        "What a change does that PyIceberg refuses, when a tool writes it into the metadata all "
        "the same.",
        "",
        _head("change", *(f"read by {r}" for r in READERS)),
    ]
    for kind, entry in changes.items():
        edited = entry["engine_table"].get("edited_metadata")
        if edited:
            out.append(_line(f"`{kind}`", *(_cell(edited[r]) for r in READERS)))
    out += [
        "",
        "## Parquet files without a catalog",
        "",
        "An old and a new file, read together by name under the new columns.",
        "",
        _head("change", "verdict", *(f"read by {r}" for r in FILE_READERS)),
    ]
    for kind, entry in changes.items():
        files = entry["files"]
        cells = [_cell(files["readers"][r]) for r in FILE_READERS]
        out.append(_line(f"`{kind}`", f"**{files['verdict']}**", *cells))
    return "\n".join(out) + "\n"


def _short(outcome: str) -> str:
    return outcome.split(":")[0]


def _cell(outcome: str) -> str:
    word, _, rest = outcome.partition(": ")
    return f"{word}: {rest[:90].rstrip()}{'…' if len(rest) > 90 else ''}" if rest else word


def _quoted(text: str) -> str:
    return text.replace("\n", " ")


def _head(*cells: str) -> str:
    return f"{_line(*cells)}\n|{'---|' * len(cells)}"


def _line(*cells: str) -> str:
    return "| " + " | ".join(c.replace("|", "\\|") for c in cells) + " |"
