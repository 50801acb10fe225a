#!/usr/bin/env python3
"""Measures `unified-event check`: on the real definition, and with 20 released versions of 500 columns.

Run it from anywhere: `python3 codegen/bench_check.py`. It builds the release binary, works in a
temporary folder, and prints a table in Markdown. It fails where a limit is exceeded.
"""

import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
RUNS = 15
COLUMNS = 500
RELEASES = 20


def git(folder, *arguments):
    identity = ["-c", "user.name=bench", "-c", "user.email=bench@example.com", "-c", "init.defaultBranch=main"]
    subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, stdout=subprocess.DEVNULL)


def row(what, binary, folder, limit):
    times = []
    for _ in range(RUNS):
        start = time.perf_counter()
        subprocess.run([binary, "check"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
        times.append((time.perf_counter() - start) * 1000)
    median = statistics.median(times)
    print(f"| {what} | {median:.0f} ms | {min(times):.0f}–{max(times):.0f} ms | {limit} ms |", flush=True)
    return median <= limit


def project(folder, binary):
    """A repository whose definition, lock and frozen models are those of the project."""
    shutil.copytree(ROOT / "schema", folder / "schema", ignore=shutil.ignore_patterns("src", "Cargo.toml"))
    git(folder, "init", "-q")
    git(folder, "add", ".")
    git(folder, "commit", "-q", "-m", "definition")


def grow(folder, binary):
    """Columns up to 500 and releases up to 20, all of them live, so that each is compared with."""
    group = folder / "schema/groups/resource.toml"
    more = [
        f'\n[column.extra_{i}]\nid = {i}\ntype = "string"\ndoc = "Column {i} of the measurement."\nexample = "x"\n'
        for i in range(176, COLUMNS + 1)
    ]
    group.write_text(group.read_text() + "".join(more))
    for _ in range(RELEASES - 1):
        subprocess.run(
            [binary, "release", "--new-version", "unified_events"], cwd=folder, check=True, stderr=subprocess.DEVNULL
        )
    git(folder, "add", ".")
    git(folder, "commit", "-q", "-m", "releases")


def main():
    subprocess.run(["cargo", "build", "--release", "--locked", "--quiet", "-p", "unified-event-codegen"], cwd=ROOT, check=True)
    binary = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "release/unified-event"
    print(f"{os.cpu_count()} processors\n\n| `check` | median | range | limit |\n|---|---:|---:|---:|", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        project(folder, binary)
        fast = row("the real definition", binary, folder, 150)
        grow(folder, binary)
        fast &= row(f"{RELEASES} releases of {COLUMNS} columns, all live", binary, folder, 1000)
    return 0 if fast else 1


if __name__ == "__main__":
    sys.exit(main())
