#!/usr/bin/env bash
# Installs what the tests of the documentation's snippets need: Python packages into target/tools, which git does not
# know, and R by apt-get. Does nothing where it is there already.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# Python's own packages are left alone.
tools=${CARGO_TARGET_DIR:-target}/tools
if ! "$tools/bin/python" -c 'import duckdb, numpy, pandas'; then
    python3 -m venv "$tools"
    "$tools/bin/pip" install --quiet 'duckdb>=1.1' 'numpy>=1.22' 'pandas>=2'
fi

if ! command -v Rscript; then
    root=()
    if [[ $(id -u) != 0 ]]; then
        root=(sudo)
    fi
    "${root[@]}" apt-get update
    "${root[@]}" apt-get install --yes --no-install-recommends r-base-core
fi
