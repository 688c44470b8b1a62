#!/bin/sh
# Unpacks Debian's second Rust (with sources and the vendored `wasi` bindings) into a folder, beside any Rust that is installed.
# Usage: sh rust-side-root.sh FOLDER
set -e
mkdir -p "$1/packages"
root=$(cd "$1" && pwd)
cd "$root/packages"
apt-get download rustc-web cargo-web libstd-rust-web-1.96 libstd-rust-web-dev rust-web-src \
    libllvm22 libgit2-1.5 libmbedcrypto7 libmbedtls14 libmbedx509-1 libhttp-parser2.9
for package in *.deb; do dpkg-deb -x "$package" "$root"; done
rm -r "$root/packages"

# The package leaves out the compiled half of wit-bindgen: the allocation function that components export
bindings="$root/usr/src/rustc-1.96.0/library/vendor/wit-bindgen-0.45.1/src/rt"
printf '!<arch>\n' > "$bindings/libwit_bindgen_cabi.a"
cat > "$bindings/wit_bindgen_cabi_realloc.rs" <<'RUST'
#[no_mangle]
unsafe extern "C" fn cabi_realloc(old: *mut u8, old_size: usize, alignment: usize, size: usize) -> *mut u8 {
    super::cabi_realloc(old, old_size, alignment, size)
}
RUST
