#!/bin/sh
# Builds build/{{name}}.wasm: compiled from actor/index.ts, then signed with your user key.
set -e
cd "$(dirname "$0")"
need() { command -v "$1" >/dev/null || { echo "$1 is missing: $2" >&2; exit 3; }; }
need node "install Node.js 20 or later"
need npm "it comes with Node.js"
need "${ALLOT:-allot}" "put allot on PATH, or its place into ALLOT"
[ -d node_modules ] || npm ci --no-audit --no-fund
mkdir -p build/unsigned
node node_modules/assemblyscript/bin/asc.js actor/index.ts --outFile build/unsigned/{{name}}.wasm -O3 --converge --runtime minimal --use abort=wasmbus/abort/abort
"${ALLOT:-allot}" actor sign build/unsigned/{{name}}.wasm --out build/{{name}}.wasm.new --cap wasmcloud:httpserver ${ALLOT_DATA:+--data "$ALLOT_DATA"}
mv build/{{name}}.wasm.new build/{{name}}.wasm # whoever watches sees it whole
