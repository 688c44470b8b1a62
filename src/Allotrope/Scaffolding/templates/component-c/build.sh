#!/bin/sh
# Builds build/{{name}}.wasm: clang makes a module of component.c, jco makes a component of that and world.wit.
set -e
cd "$(dirname "$0")"
need() { command -v "$1" >/dev/null || { echo "$1 is missing: $2" >&2; exit 3; }; }
need clang-19 "apt-get install clang-19"
need wasm-ld-19 "apt-get install lld-19"
need node "install Node.js 20 or later"
need npm "it comes with Node.js"
[ -d node_modules ] || npm ci --no-audit --no-fund
mkdir -p build
clang-19 --target=wasm32 -mbulk-memory -O2 -Wall -Wextra -nostdlib -Wl,--no-entry -Wl,--strip-all -fuse-ld="$(command -v wasm-ld-19)" \
    component.c -o build/module.wasm
node build.mjs build/module.wasm build/{{name}}.wasm
