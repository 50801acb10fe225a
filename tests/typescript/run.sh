#!/usr/bin/env bash
# Builds the generated npm package and runs its tests. Arguments go to vitest.
set -euo pipefail
cd "$(dirname "$0")"

fail() {
  echo "tests/typescript: $*" >&2
  exit 1
}

command -v node >/dev/null || fail "needs Node.js 20 or newer; node is not on the PATH"
command -v npm >/dev/null || fail "needs npm, which comes with Node.js; npm is not on the PATH"
node_version="$(node --version)"
major="${node_version#v}"
[ "${major%%.*}" -ge 20 ] || fail "needs Node.js 20 or newer; node is $node_version"

package=../../generated/typescript
[ -f "$package/package.json" ] || fail "generated/typescript is missing; run \`cargo run codegen\`"

# Install when the lock file or Node changed since the last time.
stamp=node_modules/.stamp
wanted="$node_version $(cksum package-lock.json)"
if [ "$(cat "$stamp" 2>/dev/null)" != "$wanted" ]; then
  echo "installing npm packages"
  npm ci --silent || fail "npm ci failed; run it in tests/typescript to see why"
  echo "$wanted" >"$stamp"
fi

# Build, and install the package as users get it: packed, not linked. To build, it needs zod.
rm -rf "$package/dist" node_modules/unified-event
mkdir -p "$package/node_modules"
ln -sfn ../../../tests/typescript/node_modules/zod "$package/node_modules/zod"
node node_modules/typescript/bin/tsc -p "$package"
mkdir node_modules/unified-event
tarball="$(npm pack "$package" --ignore-scripts --silent --pack-destination node_modules)"
tar -xzf "node_modules/$tarball" -C node_modules/unified-event --strip-components=1
mv "node_modules/$tarball" node_modules/unified-event.tgz

node expected-types.js
node node_modules/typescript/bin/tsc -p .
exec node_modules/.bin/vitest run --reporter=dot "$@"
