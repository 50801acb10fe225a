#!/usr/bin/env bash
# The check of the action: one run, every report; the exit code is an output, not a failure.
set -euo pipefail

reports="${RUNNER_TEMP:-/tmp}/unified-event"
mkdir -p "$reports"
rm -f "$reports"/report.*

code=0
binary="${INPUT_BINARY:-}"
if [ -z "$binary" ]; then
  cargo build --quiet --release --locked --manifest-path "$ACTION_PATH/Cargo.toml" -p unified-event-codegen \
    2>"$reports/report.stderr" || code=3
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

if [ "$code" -eq 0 ]; then
  "$binary" "${arguments[@]}" 2>"$reports/report.stderr" || code=$?
fi
cat "$reports/report.stderr" >&2

output="${GITHUB_OUTPUT:-/dev/null}"
if [ "$code" -le 1 ]; then
  printf '%s\n' "sarif=$reports/report.sarif" "report=$reports/report.json" >>"$output"
else
  # A comparison that failed must never look clean, nor leave the comment of an earlier run to do so.
  said="$(head -c 20000 "$reports/report.stderr" | iconv -c -f UTF-8 -t UTF-8 || true)"
  {
    echo '<!-- unified-event check -->'
    echo "## Schema check: could not compare (exit $code)"
    echo
    # Indented, so that nothing in the text ends the block.
    printf '%s\n' "$said" | sed 's/^/    /'
  } >"$reports/report.markdown"
  message="${said//'%'/%25}"
  message="${message//$'\r'/%0D}"
  message="${message//$'\n'/%0A}"
  echo "::error title=Schema check%3A could not compare::$message"
fi
cat "$reports/report.markdown" >>"${GITHUB_STEP_SUMMARY:-/dev/null}"
printf '%s\n' "exit-code=$code" "markdown=$reports/report.markdown" >>"$output"
