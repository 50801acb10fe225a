#!/usr/bin/env python3
"""Measures `cargo run codegen`: how long it takes, how much memory, and how long its build.

Run it from anywhere: `python3 codegen/bench.py`. It needs nothing beyond Python and cargo, writes
only to a temporary folder, and prints a table in Markdown.
"""

import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
RUNS = 21
PROBE = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True, stderr=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


def seconds(command, **kwargs):
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **kwargs)
    return time.perf_counter() - start


def row(what, values, unit="ms", scale=1000):
    values = sorted(v * scale for v in values)
    print(f"| {what} | {statistics.median(values):.0f} {unit} | {values[0]:.0f}–{values[-1]:.0f} {unit} |", flush=True)


def main():
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        environment = {**os.environ, "CARGO_TARGET_DIR": str(folder / "target"), "CARGO_INCREMENTAL": "0"}
        print(f"{os.cpu_count()} processors; median and range\n\n| what | median | range |\n|---|---:|---:|", flush=True)
        build = ["cargo", "build", "--locked", "-p", "unified-event-codegen"]
        row("clean build of what `cargo run codegen` needs (debug)", [seconds(build, cwd=ROOT, env=environment)], "s", 1)
        subprocess.run([*build, "--release", "--quiet"], check=True, cwd=ROOT, env=environment)
        run = [str(folder / "target/release/unified-event"), "codegen", "--out"]
        row("all artefacts, into an empty folder (release)", [seconds([*run, folder / f"out{i}"], cwd=ROOT) for i in range(RUNS)])
        row("a run that changes nothing (release)", [seconds([*run, folder / "out0"], cwd=ROOT) for _ in range(RUNS)])
        # The children of this process include rustc, so the peak is that of a child of its own.
        command = [sys.executable, "-c", PROBE, *run, str(folder / "memory")]
        peak = subprocess.run(command, check=True, cwd=ROOT, capture_output=True).stdout
        print(f"| peak memory of such a run | {int(peak) / 1024:.0f} MB | |")


if __name__ == "__main__":
    main()
