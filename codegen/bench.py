#!/usr/bin/env python3
"""Measures `cargo run codegen`: how long it takes, how much memory, and how long its build.

Run it from anywhere: `python3 codegen/bench.py`. It needs nothing beyond Python and cargo, writes
only to a temporary folder, and prints a table in Markdown.
"""

import os
import pathlib
import resource
import statistics
import subprocess
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
RUNS = 21


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
        binary = folder / "target/release/unified-event"
        fresh = [seconds([binary, "codegen", "--out", folder / f"out{i}"], cwd=ROOT) for i in range(RUNS)]
        row("all artefacts, into an empty folder (release)", fresh)
        row("a run that changes nothing (release)", [seconds([binary, "codegen", "--out", folder / "out0"], cwd=ROOT) for _ in range(RUNS)])
    # The children of this process include cargo and rustc, so the peak is taken from a child of its own.
    probe = "import resource,subprocess,sys;subprocess.run(sys.argv[1:],check=True,stderr=subprocess.DEVNULL);" \
            "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    with tempfile.TemporaryDirectory() as folder:
        build = ["cargo", "build", "--locked", "--release", "--quiet", "-p", "unified-event-codegen"]
        subprocess.run(build, check=True, cwd=ROOT)
        binary = ROOT / "target/release/unified-event"
        out = subprocess.run(["python3", "-c", probe, str(binary), "codegen", "--out", folder], check=True, cwd=ROOT, capture_output=True)
    print(f"| peak memory of such a run | {int(out.stdout) / 1024:.0f} MB | |")


if __name__ == "__main__":
    main()
