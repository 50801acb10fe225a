#!/usr/bin/env bash
# Runs every test of the project: ./test.sh [rust] [engines] [typescript] [platform]
#
# Without arguments it runs all four. What the tests need beyond a Rust toolchain, Python and Node
# it sets up itself, in folders that version control ignores.
set -euo pipefail
cd "$(dirname "$0")"

step() { printf '\n== %s\n' "$1"; }

need() { # command, what it is
  command -v "$1" >/dev/null 2>&1 && return
  printf 'test.sh: `%s` is missing: install %s, then run ./test.sh again\n' "$1" "$2" >&2
  exit 2
}

rust() {
  step "format"
  cargo fmt --all --check
  step "lints"
  cargo clippy --workspace --all-targets --locked -- -D warnings
  cargo clippy -p unified-event --no-default-features --locked -- -D warnings
  step "documentation"
  RUSTDOCFLAGS="-D warnings" cargo doc --quiet --no-deps --locked \
    -p unified-event -p unified-event-codegen -p unified-event-guard -p unified-event-macros -p unified-event-runtime -p unified-event-schema -p unified-event-types
  step "tests of the workspace"
  cargo test --workspace --locked
  step "generated files are current"
  cargo run --locked codegen --check
  step "expected rows are what the rules say"
  python3 tests/events/expect.py --check
}

engines() {
  step "Python engines"
  tests/python/setup.sh
  .venv/bin/python -m pytest -q tests/python tests/evolution/engines
}

typescript() {
  step "TypeScript"
  tests/typescript/run.sh
}

platform() {
  step "the platform's own tools"
  tests/cloudflare/run.sh
}

parts=("$@")
[ ${#parts[@]} -gt 0 ] || parts=(rust engines typescript platform)
need cargo "a Rust toolchain, 1.95 or later, from https://rustup.rs"
need git "git"
need python3 "Python 3.11 or later"
need node "Node.js 20 or later"
need npm "npm, which comes with Node.js"
for part in "${parts[@]}"; do
  case "$part" in
    rust | engines | typescript | platform) "$part" ;;
    *)
      printf 'test.sh: there is no part `%s`: expected rust, engines, typescript or platform\n' "$part" >&2
      exit 2
      ;;
  esac
done
step "all passed"
