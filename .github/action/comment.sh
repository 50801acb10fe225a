#!/usr/bin/env bash
# Keeps one comment on the pull request: the marker in its first line finds the one of the last run.
set -euo pipefail

marker="$(head -n 1 "$REPORT")"
comments="repos/$REPOSITORY/issues/$NUMBER/comments"
id="$(gh api --paginate "$comments" --jq ".[] | select(.body | startswith(\"$marker\")) | .id" | head -n 1)"
if [ -n "$id" ]; then
  gh api --silent --method PATCH "repos/$REPOSITORY/issues/comments/$id" --field "body=@$REPORT"
else
  gh api --silent --method POST "$comments" --field "body=@$REPORT"
fi
