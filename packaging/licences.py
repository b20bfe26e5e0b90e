"""Writes the licences of all that a static binary has in it: of the libraries, each text once, of Rust's standard library,
and of the C library.

Why not cargo-about: it wants a list of accepted licences and a template of its own beside deny.toml, knows nothing of the
C library, and takes minutes to compile.
"""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

NAME = re.compile(r"(un)?licen[cs]e|.*[-_.]licen[cs]e|copying|copyright|notice|ofl", re.IGNORECASE)
CODE = {".rs", ".py", ".sh", ".toml", ".yml", ".yaml", ".json"}
RULE = "=" * 100
# Where Debian keeps the terms of what is linked statically besides Rust.
C_LIBRARY = {
    "glibc.txt": "/usr/share/doc/libc6-dev/copyright",
    "libgcc.txt": "/usr/share/doc/gcc-{gcc}-base/copyright",
    "LGPL-2.1.txt": "/usr/share/common-licenses/LGPL-2.1",
    "GPL-3.txt": "/usr/share/common-licenses/GPL-3",
}


def output(*command):
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, encoding="utf-8").stdout


def linked(target):
    """The packages whose code is in the program, by name: what is used while it is built or tested only is not."""
    meta = json.loads(output("cargo", "metadata", "--format-version=1", "--locked", f"--filter-platform={target}"))
    nodes = {node["id"]: node for node in meta["resolve"]["nodes"]}
    found, left = set(), [meta["resolve"]["root"]]
    while left:
        for dependency in nodes[left.pop()]["deps"]:
            is_linked = any(kind["kind"] is None for kind in dependency["dep_kinds"])
            if is_linked and dependency["pkg"] not in found:
                found.add(dependency["pkg"])
                left.append(dependency["pkg"])
    packages = [package for package in meta["packages"] if package["id"] in found]
    return sorted(packages, key=lambda package: (package["name"], package["version"]))


def texts(package):
    """The texts in a package that say under which terms it comes, or something in it: a font, a table."""
    folder = Path(package["manifest_path"]).parent
    files = [file for file in sorted(folder.rglob("*")) if file.is_file() and NAME.match(file.name)]
    files = [file for file in files if file.suffix not in CODE]
    return [file.read_text(encoding="utf-8", errors="replace").replace("\r\n", "\n").strip() for file in files]


def standard_texts(package, folder):
    """For a package that brings no text along: the terms that it names, as Rust brings them."""
    names = re.findall(r"[A-Za-z0-9.-]+", package["license"].replace("/", " OR "))
    names = [name for name in names if name not in ("OR", "AND", "WITH")]
    files = [folder / f"{name}.txt" for name in names if (folder / f"{name}.txt").is_file()]
    # Of terms to choose from one is enough; of those that hold together all have to be there.
    if not files or (" AND " in package["license"] and len(files) < len(names)):
        sys.exit(f"{package['name']}: it has no text of its licence, and {package['license']} is not in {folder}")
    by = ", ".join(package["authors"]) or f"the authors of {package['name']}"
    return [f"(Copyright: {by}.)\n\n{file.read_text(encoding='utf-8').strip()}" for file in files]


def write_libraries(target, file, rust):
    packages = linked(target)
    kept = {}
    for package in packages:
        for text in texts(package) or standard_texts(package, rust / "licenses"):
            kept.setdefault(text, []).append(f"{package['name']} {package['version']}")
    lines = ["The libraries in this program, with their terms.", ""]
    for package in packages:
        source = package["repository"] or package["homepage"] or ""
        lines.append(f"{package['name']} {package['version']}: {package['license']}  {source}".rstrip())
    for text, users in kept.items():
        lines += ["", RULE, "Of " + ", ".join(users) + ":", "", text]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return len(packages)


def main(target, folder):
    folder.mkdir(parents=True, exist_ok=True)
    rust = Path(output("rustc", "--print=sysroot").strip()) / "share/doc/rust"
    count = write_libraries(target, folder / "libraries.txt", rust)
    shutil.copyfile(rust / "COPYRIGHT-library.html", folder / "rust-standard-library.html")
    gcc = output("gcc", "-dumpversion").strip().split(".")[0]
    for name, place in C_LIBRARY.items():
        place = Path(place.format(gcc=gcc))
        if not place.is_file():
            sys.exit(f"{place} is missing: packages are made on Debian, where it belongs to libc6-dev, gcc or base-files")
        shutil.copyfile(place, folder / name)
    (folder / "README.txt").write_text(README, encoding="utf-8")
    print(f"licences of {count} libraries in {folder}", file=sys.stderr)


README = """\
chordsim itself is under the MIT licence or the Apache License 2.0, at your choice (LICENSE-MIT, LICENSE-APACHE). The program
is one static binary, so it has in it

- the libraries in libraries.txt, each under the terms that stand there;
- Rust's standard library: rust-standard-library.html;
- the GNU C library, under the GNU Lesser General Public License 2.1 or later: glibc.txt, LGPL-2.1.txt. To link the program
  with another version of it, build it from its source, which is complete, with that version installed: `packaging/build`;
- parts of GCC's run-time library, under the GNU General Public License 3 with the GCC Runtime Library Exception, which asks
  nothing of programs that were compiled: libgcc.txt, GPL-3.txt.
"""

if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
