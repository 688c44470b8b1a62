#!/bin/sh
# Needs wabt (Debian). The same text gives the same bytes again.
cd "$(dirname "$0")" && wat2wasm calls.wat -o calls.wasm
