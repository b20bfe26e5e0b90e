#!/usr/bin/env bash
# Installs what tests need besides Rust: Python packages and locales into target/tools, which git does not know, and R,
# qemu and valgrind by apt-get. Does nothing where it is there already.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# Python's own packages are left alone.
tools=${CARGO_TARGET_DIR:-target}/tools
if ! "$tools/bin/python" -c 'import duckdb, numpy, pandas'; then
    python3 -m venv "$tools"
    "$tools/bin/pip" install --quiet 'duckdb>=1.1' 'numpy>=1.22' 'pandas>=2'
fi

missing=()
need() {
    command -v "$1" || missing+=("${@:2}")
}
need Rscript r-base-core
# An old processor, and one that looks at every access to memory (tests/it/surroundings.rs).
need qemu-x86_64 qemu-user
need valgrind valgrind libc6-dbg
need localedef locales
if ((${#missing[@]})); then
    root=()
    if [[ $(id -u) != 0 ]]; then
        root=(sudo)
    fi
    "${root[@]}" apt-get update
    "${root[@]}" apt-get install --yes --no-install-recommends "${missing[@]}"
fi

# Languages that the machine need not have, where LOCPATH finds them.
for locale in de_DE tr_TR; do
    if [[ ! -d $tools/locales/$locale.UTF-8 ]]; then
        mkdir -p "$tools/locales"
        localedef -i "$locale" -f UTF-8 "$tools/locales/$locale.UTF-8"
    fi
done
