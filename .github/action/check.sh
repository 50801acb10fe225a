#!/usr/bin/env bash
# The check of the action: one run, every report; the exit code is an output, not a failure.
set -euo pipefail

reports="${RUNNER_TEMP:-/tmp}/unified-event"
mkdir -p "$reports"
rm -f "$reports"/report.*

binary="${INPUT_BINARY:-}"
if [ -z "$binary" ]; then
  cargo build --quiet --release --locked --manifest-path "$ACTION_PATH/Cargo.toml" -p unified-event-codegen
  binary="${CARGO_TARGET_DIR:-$ACTION_PATH/target}/release/unified-event"
fi

arguments=(check --format github --schema "${INPUT_SCHEMA:-schema}" --fail-on "${INPUT_FAIL_ON:-breaking}")
for format in markdown sarif json; do
  arguments+=(--report "$format=$reports/report.$format")
done
if [ -n "${INPUT_AGAINST:-}" ]; then
  arguments+=(--against "$INPUT_AGAINST")
elif [ -n "${BASE_REF:-}" ]; then
  arguments+=(--base "origin/$BASE_REF")
fi
[ -z "${INPUT_TODAY:-}" ] || arguments+=(--today "$INPUT_TODAY")

code=0
"$binary" "${arguments[@]}" 2>"$reports/report.stderr" || code=$?
cat "$reports/report.stderr" >&2

summary="${GITHUB_STEP_SUMMARY:-/dev/null}"
output="${GITHUB_OUTPUT:-/dev/null}"
echo "exit-code=$code" >>"$output"
if [ "$code" -le 1 ]; then
  cat "$reports/report.markdown" >>"$summary"
  for format in markdown sarif; do
    echo "$format=$reports/report.$format" >>"$output"
  done
  echo "report=$reports/report.json" >>"$output"
else
  # A comparison that failed must never look clean.
  {
    echo "## Schema check: could not compare (exit $code)"
    echo '```'
    cat "$reports/report.stderr"
    echo '```'
  } >>"$summary"
  message="$(tr '\n' ' ' <"$reports/report.stderr" | sed 's/%/%25/g')"
  echo "::error title=Schema check: could not compare::$message"
fi
