"""Where the program is."""

from __future__ import annotations

import os
import shutil
import sys
from importlib import metadata
from pathlib import Path
from typing import Iterator

from ._errors import ChordsimError

VARIABLE = "CHORDSIM_PROGRAM"
NAME = "chordsim.exe" if sys.platform == "win32" else "chordsim"


def program() -> Path:
    """The program that :func:`chordsim.run` starts.

    It is the one that was installed with this package, else the one that the shell finds. The environment variable
    ``CHORDSIM_PROGRAM`` names another.

    Raises:
        ChordsimError: if there is none.
    """
    named = os.environ.get(VARIABLE)
    if named:
        if not Path(named).is_file():
            raise ChordsimError(f"{VARIABLE} names {named}, and there is no such file")
        return Path(named).absolute()
    for file in _installed():
        if file.is_file() and os.access(file, os.X_OK):
            return file
    found = shutil.which(NAME)
    if found is None:
        raise ChordsimError(
            "the program chordsim is not there: install this package from a wheel, which brings it along, "
            f"or name it in the environment variable {VARIABLE}"
        )
    return Path(found).absolute()


def _installed() -> Iterator[Path]:
    """Where installing this package put it."""
    try:
        files = metadata.files("chordsim") or []
    except metadata.PackageNotFoundError:
        files = []
    for file in files:
        if file.name == NAME and file.parent.name in ("bin", "Scripts"):
            yield Path(str(file.locate())).resolve()
    # `pip install --target` moves it and does not say so.
    yield Path(__file__).resolve().parent.parent / "bin" / NAME
