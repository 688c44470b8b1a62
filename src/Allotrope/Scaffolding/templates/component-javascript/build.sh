#!/bin/sh
# Builds build/{{name}}.wasm: component.js with the JavaScript engine that runs it.
set -e
cd "$(dirname "$0")"
need() { command -v "$1" >/dev/null || { echo "$1 is missing: $2" >&2; exit 3; }; }
need node "install Node.js 20 or later"
need npm "it comes with Node.js"
[ -d node_modules ] || npm ci --no-audit --no-fund
mkdir -p build
node build.mjs component.js build/{{name}}.wasm
