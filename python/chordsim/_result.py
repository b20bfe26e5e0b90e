"""A result folder as it is read."""

from __future__ import annotations

import difflib
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, Dict, Iterator, List, Mapping, Optional, Sequence, Union

from . import _types
from ._errors import ChordsimError, MissingTable

if TYPE_CHECKING:
    import pandas as pd

MANIFEST = "manifest.json"
# What stands for an empty cell, and nothing else: a key may be called NA.
EMPTY = [""]


def read(folder: Union[str, os.PathLike[str]]) -> Result:
    """The results in a folder, such as ``results/churn``.

    Nothing but the manifest is read until it is asked for.

    Raises:
        ChordsimError: if the folder holds no complete result.
    """
    return Result(folder)


class Result(Mapping[str, "pd.DataFrame"]):
    """The results of one scenario: a frame for each CSV file, by the file's name without its ending.

    ``result.lookups`` and ``result["lookups"]`` are the same frame, read when it is first asked for and kept.
    ``docs/results.md`` says what each column means. Identifiers, keys and seeds are exact (``UInt64``), counts are
    ``int64`` or ``Int64``, truth values ``bool``, words categories, an empty cell is missing. Columns of swept keys hold
    numbers, truth values, durations (``timedelta64``) or, in the order in which they were swept, categories.
    """

    summary: pd.DataFrame
    """A row per run."""
    aggregate: pd.DataFrame
    """A row per combination of swept values: means over repetitions, with confidence intervals."""
    threshold: pd.DataFrame
    lookups: pd.DataFrame
    nodes: pd.DataFrame
    timeline: pd.DataFrame
    fingerprints: pd.DataFrame
    audit: pd.DataFrame
    operations: pd.DataFrame
    trace: pd.DataFrame
    links: pd.DataFrame
    hops: pd.DataFrame

    path: Path
    """The folder."""
    manifest: Dict[str, Any]
    """What was run, by what: ``manifest.json``."""

    def __init__(self, folder: Union[str, os.PathLike[str]]) -> None:
        self.path = Path(folder)
        self._manifest_bytes = _manifest_bytes(self.path)
        self.manifest = _manifest(self.path, self._manifest_bytes)
        self._kept: Dict[str, pd.DataFrame] = {}

    @property
    def name(self) -> str:
        """The scenario's name."""
        return str(self.manifest["plan"]["name"])

    def scenario(self, run: int = 0) -> Dict[str, Any]:
        """The scenario of a run with every default filled in."""
        runs = [entry for entry in self.manifest["runs"] if entry["run"] <= run]
        if not runs or runs[-1]["run"] != run:
            raise ChordsimError(f"{self.path} has no run {run}")
        # Written where it is another one than that of the run before.
        found: Dict[str, Any] = next(entry["scenario"] for entry in reversed(runs) if "scenario" in entry)
        return found

    def table(self, name: str, columns: Optional[Sequence[str]] = None) -> pd.DataFrame:
        """The frame of a file, or only these columns of it, which takes less memory. It is read anew each time."""
        pandas = _pandas()
        file = self._file(name)
        header = _header(pandas, file)
        unknown = [column for column in columns or [] if column not in header]
        if unknown:
            there = ", ".join(header)
            raise ChordsimError(f"{file} has no column {unknown[0]}; it has {there}")
        wanted = header if columns is None else [column for column in header if column in columns]
        swept = self._swept(header)
        known = _types.columns(file.name)
        own = {column: None if column in swept else known.get(column) for column in wanted}
        frame: pd.DataFrame = pandas.read_csv(
            file,
            usecols=wanted,
            dtype={column: _types.dtype(own[column]) for column in wanted},
            keep_default_na=False,
            na_values=EMPTY,
            encoding="utf-8",
            **_exact(pandas),
        )
        for column in wanted:
            if column in swept:
                entry = swept[column]
                frame[column] = _types.swept(frame[column], entry["key"], entry["values"])
            else:
                frame[column] = _types.finish(frame[column], own[column])
        self._still_the_same()
        return frame if columns is None else frame[list(columns)]

    def __getitem__(self, name: str) -> pd.DataFrame:
        if name not in self._kept:
            self._kept[name] = self.table(name)
        return self._kept[name]

    def __getattr__(self, name: str) -> pd.DataFrame:
        # Called for what is no attribute yet; names of others, such as those of copy and pickle, are no tables.
        if name.startswith("_"):
            raise AttributeError(name)
        return self[name]

    def __iter__(self) -> Iterator[str]:
        for name in self._files():
            yield name[: -len(".csv")]

    def __len__(self) -> int:
        return len(self._files())

    def __contains__(self, name: object) -> bool:
        return f"{name}.csv" in self._files()

    def __dir__(self) -> List[str]:
        # Annotations without a value are no attributes: what is not there is not offered.
        return sorted({*super().__dir__(), *self})

    # Two results are not compared cell by cell; that is what `chordsim verify` does.
    __eq__ = object.__eq__
    __hash__ = object.__hash__

    def __repr__(self) -> str:
        runs = len(self.manifest["runs"])
        return f"<chordsim.Result {self.path}: {runs} run{'s' * (runs != 1)}; {', '.join(self)}>"

    def _files(self) -> List[str]:
        names = [str(file["name"]) for file in self.manifest["files"]]
        # A manifest may come from anywhere: no name in it leads out of the folder.
        return [name for name in names if name.endswith(".csv") and name == os.path.basename(name)]

    def _file(self, name: str) -> Path:
        file = f"{name}.csv"
        if file not in self._files():
            raise MissingTable(self._why_missing(name))
        path = self.path / file
        ought = next(entry["bytes"] for entry in self.manifest["files"] if entry["name"] == file)
        try:
            size = path.stat().st_size
        except OSError as error:
            raise ChordsimError(f"cannot read {path}, which its manifest lists: {error.strerror}") from error
        if size != ought:
            self._still_the_same()
            raise ChordsimError(
                f"{path} has {size} bytes where its manifest says {ought}: it was changed after it was written; "
                "run the scenario again to write it anew"
            )
        return path

    def _why_missing(self, name: str) -> str:
        there = f"{self.path} has no {name}.csv"
        ask = _types.catalogue()["files"].get(f"{name}.csv", {}).get("ask")
        if ask is None and f"{name}.csv" in _types.catalogue()["files"]:
            return there
        if ask is None:
            tables = list(self)
            near = difflib.get_close_matches(name, tables, 1)
            meant = f" (did you mean {near[0]}?)" if near else ""
            return f"{there}{meant}; there are {', '.join(tables)}"
        if ask["key"] is None:
            return f"{there}: it is written where a scenario has {ask['value']}"
        key, value = ask["key"], json.loads(ask["value"])
        written = f"{key} = {ask['value']}"
        return f"{there}: run the scenario again with {written}, here run(…, set={{{key!r}: {value!r}}})"

    def _swept(self, header: Sequence[str]) -> Dict[str, Dict[str, Any]]:
        """The columns of swept keys, with what the manifest knows of them."""
        entries = []
        for place, entry in enumerate(self.manifest["plan"]["swept"]):
            values = [str(run["swept"][place]) for run in self.manifest["runs"]]
            entries.append({**entry, "values": values})
        found = {}
        for column in _types.leading(header):
            # By the full key where its last segment is the name of another column.
            mine = [entry for entry in entries if column == entry["key"]]
            mine = mine or [entry for entry in entries if column == entry["column"]]
            if mine:
                found[column] = mine[0]
        return found

    def _still_the_same(self) -> None:
        if _manifest_bytes(self.path) != self._manifest_bytes:
            raise ChordsimError(f"{self.path} was written anew while it was read: read it again")


def _manifest_bytes(folder: Path) -> bytes:
    try:
        return (folder / MANIFEST).read_bytes()
    except OSError as error:
        if not folder.is_dir():
            raise ChordsimError(f"there is no folder {folder}") from error
        if (folder / ".parts").is_dir():
            raise ChordsimError(
                f"the results in {folder} are not complete: the same command again does what is missing"
            ) from error
        raise ChordsimError(f"{folder} holds no results: it has no {MANIFEST}") from error


def _manifest(folder: Path, text: bytes) -> Dict[str, Any]:
    file = folder / MANIFEST
    try:
        manifest = json.loads(text)
        ours = manifest["program"]["name"] == "chordsim"
        if ours and all(isinstance(manifest[part], list) for part in ("runs", "files")):
            found: Dict[str, Any] = manifest
            return found
    except (ValueError, KeyError, TypeError) as error:
        raise ChordsimError(f"{file} is no manifest of chordsim, or is damaged: {error!r}") from error
    raise ChordsimError(f"{file} is no manifest of chordsim")


def _header(pandas: Any, file: Path) -> List[str]:
    header = pandas.read_csv(file, header=None, nrows=1, dtype=str, keep_default_na=False, encoding="utf-8")
    return [str(name) for name in header.iloc[0]]


def _exact(pandas: Any) -> Dict[str, str]:
    """Numbers are written to be read back to the last bit. From 3.1 on pandas does that by itself, and wants no word of it."""
    major, minor = (int(part) for part in pandas.__version__.split(".")[:2])
    return {} if (major, minor) >= (3, 1) else {"float_precision": "round_trip"}


def _pandas() -> Any:
    try:
        import pandas
    except ImportError as error:
        raise ChordsimError(
            f"tables are pandas frames, and pandas cannot be imported ({error}): pip install 'chordsim[pandas]'"
        ) from error
    return pandas
