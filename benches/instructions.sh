#!/usr/bin/env bash
# Counts the instructions of benches/instructions.rs under callgrind and compares them with
# benches/instructions.toml; fails if one has changed by more than 5 %. CHORDSIM_BLESS=1 writes them
# there instead. Installs what is missing: valgrind by apt-get, gungraun's runner by cargo.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

if ! command -v valgrind; then
    root=()
    if [[ $(id -u) != 0 ]]; then
        root=(sudo)
    fi
    "${root[@]}" apt-get update
    "${root[@]}" apt-get install --yes --no-install-recommends valgrind libc6-dbg
fi

# The runner must have the version of the crate, to the last digit. It only starts valgrind: without
# optimisation it is compiled in half the time.
version=$(cargo pkgid gungraun)
version=${version##*@}
if [[ $(gungraun-runner --version) != "gungraun-runner $version" ]]; then
    cargo install --locked --debug --version "$version" gungraun-runner
fi

# Emptied first, so that nothing is compared but what is counted now.
export GUNGRAUN_HOME=$PWD/target/instructions
rm -rf "$GUNGRAUN_HOME"
cargo bench --bench instructions -- --save-summary=json

mode=compare
if [[ -n "${CHORDSIM_BLESS:-}" ]]; then
    mode=write
fi
cargo bench --bench baseline -- "$mode"
