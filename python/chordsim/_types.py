"""What the columns of the result files hold, and how pandas is told.

The list of all columns, ``columns.json``, is written from the program's own catalogue
(``CHORDSIM_BLESS=1 cargo test --release --test it python``): there is no second one to keep.

======== ========================= ===================================================================
holds    in pandas                 such as
======== ========================= ===================================================================
id       UInt64                    identifiers, keys, seeds, numbers of rows: exact up to 2^64 - 1
whole    int64; Int64 if optional  counts. Signed, so that differences of them are what they should be
number   float64; empty is NaN     latencies, shares, means
truth    bool; boolean             true, false
word     category                  one of a few words
text     string                    names, fingerprints
======== ========================= ===================================================================
"""

from __future__ import annotations

import json
import re
from decimal import Decimal
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING, Any, Dict, List, Optional, Sequence

if TYPE_CHECKING:
    import pandas as pd

Column = Dict[str, Any]

AGGREGATE = "aggregate.csv"
SUMMARY = "summary.csv"

NANOSECONDS = {
    "ns": 1,
    "us": 10**3,
    "ms": 10**6,
    "s": 10**9,
    "m": 60 * 10**9,
    "h": 3600 * 10**9,
    "d": 86400 * 10**9,
}
WHOLE = re.compile(r"[0-9]+")
NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?(e[+-]?[0-9]+)?")
DURATION = re.compile(r"([0-9]+\.?[0-9]*|\.[0-9]+)(ns|us|ms|s|m|h|d)")


@lru_cache(maxsize=None)
def catalogue() -> Dict[str, Any]:
    """All that ``columns.json`` says."""
    text = (resources.files("chordsim") / "columns.json").read_text(encoding="utf-8")
    found: Dict[str, Any] = json.loads(text)
    return found


@lru_cache(maxsize=None)
def columns(file: str) -> Dict[str, Column]:
    """The columns that a file may have, those of swept keys left out."""
    known = catalogue()
    if file == AGGREGATE:
        return _aggregate(known)
    own: Dict[str, Column] = known["files"].get(file, {}).get("columns", {})
    return {**known["run"], **own}


def _aggregate(known: Dict[str, Any]) -> Dict[str, Column]:
    number = {"holds": "number", "optional": True}
    found: Dict[str, Column] = {"runs": {"holds": "whole", "optional": False}}
    for name, column in known["files"][SUMMARY]["columns"].items():
        if column["holds"] != "text":
            found[f"{name}_mean"] = number
            found[f"{name}_ci95"] = number
    return found


def leading(header: Sequence[str]) -> List[str]:
    """The columns of the swept keys: they stand in front, behind the number of the run."""
    start = 1 if header[:1] == ["run"] else 0
    for end in ("repetition", "runs", "metric"):
        if end in header:
            return list(header[start : header.index(end)])
    return []


def dtype(column: Optional[Column]) -> str:
    """As what pandas reads a column. What is not known is read as text, and looked at when it is there."""
    if column is None:
        return "string"
    optional = column["optional"]
    return {
        # Without empty cells the numbers need not go through text.
        "id": "UInt64" if optional else "uint64",
        "whole": "Int64" if optional else "int64",
        "number": "float64",
        "truth": "boolean" if optional else "bool",
        "word": "category",
        "text": "string",
    }[column["holds"]]


def finish(series: pd.Series, column: Optional[Column]) -> pd.Series:
    """A column as it was read, with its type."""
    import pandas as pd

    if column is None:
        return guess(series)
    if column["holds"] == "id":
        return series.astype("UInt64")
    if column["holds"] == "word":
        # A column without a cell that is not empty has no words.
        met = [str(word) for word in series.cat.categories]
        words = list(column.get("words", []))
        words += sorted(set(met) - set(words))
        # (`astype` would keep the order of the same words.)
        return series.cat.rename_categories(met).cat.set_categories(words)
    return series


def guess(series: pd.Series) -> pd.Series:
    """Text that nothing is known of: numbers if all of it is, or text."""
    import pandas as pd

    try:
        return pd.to_numeric(series).astype("float64")
    except (ValueError, TypeError):
        return series


def swept(series: pd.Series, key: str, values: Sequence[str]) -> pd.Series:
    """The column of a swept key: text that was read, with the type that its cells and its key have in common."""
    import pandas as pd

    cells = list(series)
    if key in catalogue()["durations"]:
        lengths: List[Any] = [nanoseconds(cell) for cell in cells]
        if lengths and None not in lengths:
            return pd.Series(pd.to_timedelta(lengths, unit="ns"), series.index)
    elif key not in catalogue()["words"] and all(isinstance(cell, str) for cell in cells):
        if set(cells) <= {"true", "false"} and cells:
            return series.eq("true").astype("bool")
        for kind, number in ((WHOLE, int), (NUMBER, float)):
            if cells and all(kind.fullmatch(cell) for cell in cells):
                numbers = [number(cell) for cell in cells]
                dtype = "float64" if number is float else "UInt64" if max(numbers) >= 2**63 else "int64"
                found: pd.Series = pd.Series(numbers, series.index, dtype)
                return found
    # In the order in which they were swept, which is that of the rows unless a run has none.
    met = set(series.dropna())
    words = dict.fromkeys([*values, *series.dropna()])
    return series.astype(pd.CategoricalDtype([word for word in words if word in met]))


def nanoseconds(text: Any) -> Optional[int]:
    """A duration such as ``1.5h``; ``None`` if it is none, ``off`` for one."""
    found = DURATION.fullmatch(text) if isinstance(text, str) else None
    if found is None:
        return None
    return int(Decimal(found[1]) * NANOSECONDS[found[2]])
