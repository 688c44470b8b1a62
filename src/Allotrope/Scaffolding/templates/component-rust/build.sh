#!/bin/sh
# Builds build/{{name}}.wasm with Rust's target wasm32-wasip2, which makes components.
set -e
cd "$(dirname "$0")"
command -v cargo >/dev/null || { echo "cargo is missing: install Rust 1.82 or later, with rustup" >&2; exit 3; }
[ -d "$(rustc --print target-libdir --target wasm32-wasip2)" ] || { echo "Rust's target wasm32-wasip2 is missing: rustup target add wasm32-wasip2" >&2; exit 3; }
cargo build --release --target wasm32-wasip2
mkdir -p build
cp target/wasm32-wasip2/release/component.wasm build/{{name}}.wasm.new
mv build/{{name}}.wasm.new build/{{name}}.wasm # whoever watches sees it whole
