#!/bin/sh
# Builds every kernel of this folder to WebAssembly. Needs Debian's clang-19 and lld-19.
set -eu
cd "$(dirname "$0")"
for source in *.c; do
    features=
    if grep -q wasm_simd128.h "$source"; then features=-msimd128; fi
    if grep -q bulk-memory "$source"; then features=-mbulk-memory; fi
    clang-19 --target=wasm32 -O2 $features -nostdlib -fuse-ld=/usr/bin/wasm-ld-19 \
        -Wl,--no-entry -Wl,--strip-debug -Wl,-z,stack-size=65536 "$source" -o "${source%.c}.wasm"
done
ls -l *.wasm
