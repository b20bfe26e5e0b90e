"""Values as they stand in a scenario."""

from __future__ import annotations

import datetime
import json
import numbers
import os
import re
from typing import Any, Mapping

BARE = re.compile(r"[A-Za-z0-9_-]+")


def value(given: Any) -> str:
    """A value of Python, or a scalar of NumPy, in TOML. A ``timedelta`` becomes a duration.

    Raises:
        TypeError: if a scenario cannot hold it.
    """
    if isinstance(given, str):
        return _string(given)
    if isinstance(given, bool):
        return "true" if given else "false"
    if isinstance(given, datetime.timedelta):
        return _string(f"{_nanoseconds(given)}ns")
    if isinstance(given, os.PathLike):
        return _string(os.fspath(given))
    if isinstance(given, Mapping):
        pairs = (f"{_key(str(name))} = {value(inner)}" for name, inner in given.items())
        return "{ " + ", ".join(pairs) + " }"
    if isinstance(given, numbers.Integral):
        return str(int(given))
    if isinstance(given, numbers.Real):
        return repr(float(given))
    # Arrays of NumPy as lists, its truth values as ours.
    if hasattr(given, "tolist"):
        return value(given.tolist())
    if isinstance(given, (list, tuple, range)):
        return "[" + ", ".join(map(value, given)) + "]"
    raise TypeError(f"a scenario cannot hold {given!r}")


def _key(name: str) -> str:
    return name if BARE.fullmatch(name) else _string(name)


def _string(text: str) -> str:
    # JSON escapes what TOML wants escaped, but for this one.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _nanoseconds(length: datetime.timedelta) -> int:
    micros = (length.days * 86_400 + length.seconds) * 10**6 + length.microseconds
    # Those of pandas are finer.
    return micros * 1_000 + int(getattr(length, "nanoseconds", 0))
