#!/usr/bin/env bash
# Installs what tests need besides Rust: packages of Python and node and locales into target/tools, which git does not know,
# and R, qemu, valgrind, shells, groff, node and a browser by apt-get. Does nothing where it is there already.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# Python's own packages are left alone.
tools=${CARGO_TARGET_DIR:-target}/tools
if ! "$tools/bin/python" -c 'import duckdb, jsonschema, numpy, pandas' || [[ ! -x $tools/bin/taplo ]]; then
    python3 -m venv "$tools"
    "$tools/bin/python" -m pip install --quiet 'duckdb>=1.1' 'jsonschema>=4' 'numpy>=1.22' 'pandas>=2' 'taplo>=0.9'
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
# A browser for the pages of `report` (tests/it/browser.rs), and what drives it. Another one than Debian's: CHORDSIM_BROWSER.
need node nodejs
need npm npm
need "${CHORDSIM_BROWSER:-chromium}" chromium
# Shells and the manual, which take what the program prints for them (tests/it/completions.rs).
need zsh zsh
need fish fish
need groff groff
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

# As the lock file has them.
browser=$tools/browser
if ! cmp --silent tests/browser/package-lock.json "$browser/package-lock.json" || [[ ! -d $browser/node_modules/playwright-core ]]; then
    mkdir -p "$browser"
    cp tests/browser/package.json tests/browser/package-lock.json "$browser"
    npm ci --prefix "$browser" --ignore-scripts --no-audit --no-fund
fi
