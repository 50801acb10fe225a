#!/usr/bin/env bash
# Keeps one comment on the pull request: author and marker find the one of the last run.
#
# The verdict does not hang on it. Where the token may not write, as in a pull request from a fork,
# there is a warning instead of a comment; the job summary has the same text.
set -euo pipefail

errors="$(mktemp)"
trap 'rm -f "$errors"' EXIT

warn() {
  local text
  text="$(cat "$errors")"
  text="${text//'%'/%25}"
  text="${text//$'\r'/%0D}"
  text="${text//$'\n'/%0A}"
  echo "::warning title=Schema check%3A no comment::The report is in the job summary; the comment was refused: $text"
  exit 0
}

marker="$(head -n 1 "$REPORT")"
comments="repos/$REPOSITORY/issues/$NUMBER/comments"
# Anybody may start a comment with the marker; only our own is ours to replace.
login="$(gh api graphql --raw-field 'query={ viewer { login } }' --jq .data.viewer.login 2>"$errors")" || warn
ours=".[] | select(.user.login == \"$login\") | select(.body | startswith(\"$marker\")) | .id"
ids="$(gh api --paginate "$comments?per_page=100" --jq "$ours" 2>"$errors")" || warn
id="${ids%%$'\n'*}"
if [ -n "$id" ]; then
  gh api --silent --method PATCH "repos/$REPOSITORY/issues/comments/$id" --field "body=@$REPORT" 2>"$errors" || warn
else
  gh api --silent --method POST "$comments" --field "body=@$REPORT" 2>"$errors" || warn
fi
