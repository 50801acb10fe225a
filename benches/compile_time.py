#!/usr/bin/env python3
"""Compiles 50 structs of 25 fields, once derived as events and once with serde::Serialize.

Both crates are of a workspace of their own in a temporary folder, and all that they depend on is built
before. The time is that of the crate alone: processor time of the compiler and what it starts, so that a
busy machine shows less. Usage: benches/compile_time.py [ROUNDS]
"""

import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STRUCTS = 50
FIELDS = [
    ("id", "String"), ("trace_id", "String"), ("span_id", "String"), ("parent_id", "Option<String>"),
    ("timestamp_ns", "i64"), ("duration_ms", "f64"), ("cpu_time_ms", "Option<f64>"), ("outcome", "String"),
    ("http_method", "String"), ("http_url", "String"), ("http_host", "String"), ("http_path", "String"),
    ("http_query", "Option<String>"), ("http_status", "i32"), ("http_protocol", "Option<String>"),
    ("http_response_size", "Option<i64>"), ("http_user_agent", "Option<String>"), ("service_name", "String"),
    ("service_version", "String"), ("service_instance", "Option<String>"), ("host_name", "String"),
    ("cloud_provider", "String"), ("cloud_region", "String"), ("k8s_pod", "Option<String>"),
    ("is_leaf", "Option<bool>"),
]
assert len(FIELDS) == 25

KINDS = {
    "event": ("unified_event::UnifiedEvent", 'unified-event = { path = "%s" }' % (ROOT / "generated/rust"),
              '#[event(type = "trace", name = "http.request", ns = "https://shop.example")]\n'),
    "serde": ("serde::Serialize", 'serde = { version = "1", features = ["derive"] }', ""),
}


def write(folder, kind):
    derive, dependency, attribute = KINDS[kind]
    fields = "".join(f"    pub {name}: {ty},\n" for name, ty in FIELDS)
    structs = "".join(f"#[derive({derive})]\n{attribute}pub struct Event{i} {{\n{fields}}}\n\n" for i in range(STRUCTS))
    crate = folder / kind
    (crate / "src").mkdir(parents=True)
    (crate / "src/lib.rs").write_text(structs)
    (crate / "Cargo.toml").write_text(
        f'[package]\nname = "structs-{kind}"\nversion = "0.0.0"\nedition = "2024"\n\n[dependencies]\n{dependency}\n'
    )


def build(folder, kind, profile):
    (folder / kind / "src/lib.rs").touch()
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        ["cargo", "build", "--quiet", "--offline", "-p", f"structs-{kind}", *profile],
        cwd=folder, check=True, env={**os.environ, "CARGO_INCREMENTAL": "0", "CARGO_TARGET_DIR": str(folder / "target")},
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main():
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for kind in KINDS:
            write(folder, kind)
        members = ", ".join(f'"{kind}"' for kind in KINDS)
        (folder / "Cargo.toml").write_text(f'[workspace]\nresolver = "3"\nmembers = [{members}]\n')
        shutil.copy(ROOT / "Cargo.lock", folder / "Cargo.lock")
        print("| profile | derived events, s | serde::Serialize, s | ratio |\n|---|---|---|---|")
        for label, profile in [("debug", []), ("release", ["--release"])]:
            times = {kind: [] for kind in KINDS}
            for i in range(rounds + 1):
                for kind in KINDS:
                    time = build(folder, kind, profile)
                    if i:
                        times[kind].append(time)
            medians = {kind: statistics.median(of) for kind, of in times.items()}
            spread = {kind: f"{medians[kind]:.2f} ({min(of):.2f}–{max(of):.2f})" for kind, of in times.items()}
            print(f"| {label} | {spread['event']} | {spread['serde']} | {medians['event'] / medians['serde']:.2f} |")


if __name__ == "__main__":
    main()
