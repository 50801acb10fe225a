#!/usr/bin/env bash
# HEAD-NOTE
# Puts the streams, sinks, pipelines and catalogs of the definition in place; run it again at will.
#
# Streams, sinks and pipelines cannot be changed on the platform. What is there and is as it should
# be stays; what is there with another shape is refused, because only a new table version, with new
# names, can have a new shape.
set -euo pipefail

kit=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
generated=$(dirname "$kit")

usage() {
  cat <<'USAGE'
usage: bash deploy.sh [--dry-run] [--config DIR] [--raw SCHEME] [--tiering PRESET]

  --dry-run         print what an empty account would get, in order, and touch nothing
  --config DIR      write wrangler.jsonc and wrangler.toml to DIR, with the ids of the streams
  --raw SCHEME      write raw files too, in folders of time: SCHEMES
  --tiering PRESET  let raw files turn cold: PRESETS

Secrets come from the environment and nowhere else:

  CLOUDFLARE_ACCOUNT_ID   the account
  CLOUDFLARE_API_TOKEN    what wrangler uses: Pipelines Write, Workers R2 Storage Write,
                          Workers R2 Data Catalog Write
  CATALOG_TOKEN           what the sinks and the maintenance keep and use: Workers R2 Data Catalog
                          Write, Workers R2 Storage Bucket Item Write
  R2_ACCESS_KEY_ID, R2_SECRET_ACCESS_KEY   what the sink of raw files uses; for --raw only

Further settings:

  WRANGLER                the wrangler to use; otherwise that of the project, or the one on the PATH
  PLATFORM_QUOTA          streams, sinks and pipelines that the account may have; 20 unless raised
USAGE
}

say() { printf '%s\n' "$*"; }

fail() {
  printf 'deploy.sh: %s\n' "$*" >&2
  exit 1
}

dry_run='' config='' raw='' tiering=''
while [ $# -gt 0 ]; do
  case "$1" in
    --dry-run) dry_run=1 ;;
    --config | --raw | --tiering)
      [ $# -ge 2 ] || fail "$1 needs a value; see --help"
      case "$1" in
        --config) config=$2 ;;
        --raw) raw=$2 ;;
        --tiering) tiering=$2 ;;
      esac
      shift
      ;;
    -h | --help)
      usage
      exit 0
      ;;
    *) fail "there is no option $1; see --help" ;;
  esac
  shift
done
[ -z "$raw" ] || [[ " SCHEMES " == *" $raw "* ]] || fail "--raw takes one of: SCHEMES"
[ -z "$tiering" ] || [[ " PRESETS " == *" $tiering "* ]] || fail "--tiering takes one of: PRESETS"

# Wrangler is looked for from the folder of the caller upwards, then on the PATH. It is not fetched.
find_wrangler() {
  local folder=$PWD
  while [ -n "$folder" ]; do
    if [ -x "$folder/node_modules/.bin/wrangler" ]; then
      printf '%s\n' "$folder/node_modules/.bin/wrangler"
      return
    fi
    folder=${folder%/*}
  done
  command -v wrangler || fail "wrangler is missing: run \`npm install wrangler\` in your project"
}

if [ -z "$dry_run" ]; then
  for name in CLOUDFLARE_ACCOUNT_ID CLOUDFLARE_API_TOKEN CATALOG_TOKEN ${raw:+R2_ACCESS_KEY_ID R2_SECRET_ACCESS_KEY}; do
    [ -n "${!name:-}" ] || fail "$name is not set; see --help"
  done
  command -v node >/dev/null || fail "node is missing: install Node.js 22 or newer"
  wrangler=${WRANGLER:-$(find_wrangler)}
  export CLOUDFLARE_ACCOUNT_ID CLOUDFLARE_API_TOKEN CATALOG_TOKEN
  # Wrangler takes a configuration from the folder it runs in, and leaves files there.
  scratch=$(mktemp -d)
  trap 'rm -rf "$scratch"' EXIT
  # A relative path from the caller would point elsewhere from the scratch folder.
  case "$wrangler" in
    /*) ;;
    */*) wrangler=$PWD/$wrangler ;;
  esac
fi

platform=$kit/platform.mjs

# Takes the secrets out of what another program says.
redact() {
  local text=$1 name
  for name in CLOUDFLARE_API_TOKEN CATALOG_TOKEN R2_ACCESS_KEY_ID R2_SECRET_ACCESS_KEY; do
    [ -z "${!name:-}" ] || text=${text//"${!name}"/"\$$name"}
  done
  printf '%s\n' "$text"
}

# Says a command as it can be typed, then runs it; what it says matters only when it is refused.
run() {
  local output
  say "+ $*"
  [ -z "$dry_run" ] || return 0
  case "$1" in
    wrangler) output=$(cd "$scratch" && WRANGLER_SEND_METRICS=false "$wrangler" "${@:2}" 2>&1 </dev/null) && return 0 ;;
    *) output=$("$@" 2>&1) && return 0 ;;
  esac
  redact "$output" >&2
  fail "refused: $*"
}

n_created=0 n_present=0

# Says whether a resource is missing. One that has another shape ends the script.
missing() {
  local state
  [ -z "$dry_run" ] || return 0
  state=$(node "$platform" state "$@") || fail "stopped at $1 $2"
  if [ "$state" = present ]; then
    n_present=$((n_present + 1))
    say "= $1 $2"
    return 1
  fi
  n_created=$((n_created + 1))
}

quota() { [ -n "$dry_run" ] || node "$platform" quota "$@" || fail "stopped before anything was created"; }
bucket() { ! missing bucket "$1" || run wrangler r2 bucket create "$1"; }
catalog() { ! missing catalog "$1" || run wrangler r2 bucket catalog enable "$1"; }
stream() {
  local file=$kit/streams/$1.schema.json
  ! missing stream "$1" "$file" ||
    run wrangler pipelines streams create "$1" --schema-file "$file" --http-enabled --http-auth
}
# Wrangler would take the tokens of sinks and maintenance as arguments, which every user of the
# machine can read; so these requests are made without it.
sink() { ! missing sink "$1" || run node "$platform" create-sink "$1"; }
pipeline() {
  ! missing pipeline "$1" "$generated/$2" || run wrangler pipelines create "$1" --sql-file "$generated/$2"
}
maintenance() { ! missing maintenance "$@" || run node "$platform" maintain "$@"; }
lifecycle() {
  ! missing lifecycle "$1" "$kit/$2" || run wrangler r2 bucket lifecycle set "$1" --file "$kit/$2" --force
}

# PLAN

[ -n "$dry_run" ] || say "$n_created created, $n_present were there"
