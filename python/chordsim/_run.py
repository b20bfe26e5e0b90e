"""Running a scenario."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import weakref
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Dict, List, Mapping, Optional, Tuple, Union

from . import _toml
from ._errors import ChordsimError
from ._program import program
from ._result import Result, read

SOME_FAILED = 3
# How long a program that was told to end, by whoever else was, gets before it is told again.
PATIENCE_S = 2.0


def run(
    scenario: Union[str, os.PathLike[str]],
    *,
    set: Optional[Mapping[str, Any]] = None,
    seed: Optional[int] = None,
    repeat: Optional[int] = None,
    out: Optional[Union[str, os.PathLike[str]]] = None,
    plots: Optional[Union[str, os.PathLike[str]]] = None,
    jobs: Optional[int] = None,
    trace: bool = False,
    audit: bool = False,
    quiet: bool = True,
    **keys: Any,
) -> Result:
    """Runs a scenario, as ``chordsim run`` does, and reads the result.

    What is there already and is up to date is not simulated again.

    Args:
        scenario: The path of a scenario file, or its text: a string with a line break is text. Data files that a text
            names should have absolute paths.
        set: Other values for keys, such as ``{"chord.routing": "fingers"}``.
        seed: Another seed.
        repeat: Another number of repetitions.
        out: Where the results go. Without it those of a file go to ``results/NAME``, as on the command line; those
            of a text to a folder that lasts as long as the result that is returned.
        plots: Where pictures go; without it none are drawn.
        jobs: Runs in parallel; all cores unless given.
        trace: Whether every message of every lookup, put and get is written to ``trace.csv``.
        audit: Whether the ring is checked after every step.
        quiet: Whether progress, warnings and the summary are kept off standard error.
        **keys: More values for keys, with two underscores for a point: ``chord__routing="fingers"``, ``duration="1m"``.

    Raises:
        ChordsimError: if there is no result, with what the program says; or (``code`` is 3) if some runs failed:
            ``chordsim.read`` reads the rest.
    """
    values = _values(set, keys)
    options = ["--json", "--color=never", *(["--quiet"] if quiet else [])]
    options += [f"--set={key}={_toml.value(value)}" for key, value in values.items()]
    options += [f"--seed={seed}"] if seed is not None else []
    options += [f"--repeat={repeat}"] if repeat is not None else []
    options += [f"--jobs={jobs}"] if jobs is not None else []
    options += [f"--plots={os.fspath(plots)}"] if plots is not None else ["--no-plots"]
    options += ["--trace"] * bool(trace) + ["--audit"] * bool(audit)
    with ExitStack() as stack:
        file, temporary = os.fspath(scenario), None
        if isinstance(scenario, str) and "\n" in scenario:
            here = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="chordsim-")))
            # Results know their scenario by its file's name: the same `out` again is the same scenario.
            file = str(here / f"{Path(out).name if out is not None else 'scenario'}.toml")
            Path(file).write_text(scenario, encoding="utf-8", newline="\n")
            if out is None:
                temporary = tempfile.mkdtemp(prefix="chordsim-")
                on_failure = stack.enter_context(ExitStack())
                on_failure.callback(shutil.rmtree, temporary, ignore_errors=True)
                out = Path(temporary) / "results"
        options += [f"--out={os.fspath(out)}"] if out is not None else []
        told = _call([str(program()), "run", *options, "--", file], quiet)
        result = read(json.loads(told)["results"])
        if temporary is not None:
            on_failure.pop_all()
            weakref.finalize(result, shutil.rmtree, temporary, ignore_errors=True)
    return result


def _values(set: Optional[Mapping[str, Any]], keys: Mapping[str, Any]) -> Dict[str, Any]:
    values = dict(set or {})
    for name, value in keys.items():
        key = name.replace("__", ".")
        if key in values:
            raise TypeError(f"{key} is given twice")
        values[key] = value
    return values


def _call(command: List[str], quiet: bool) -> str:
    """What the program writes to standard output."""
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        errors="replace",
    )
    said: List[str] = []
    listener = threading.Thread(target=_listen, args=(process, said, quiet), daemon=True)
    with process:
        listener.start()
        try:
            assert process.stdout is not None
            told = process.stdout.read()
            code = process.wait()
        except BaseException:
            _end(process)
            raise
        finally:
            listener.join()
    if code != 0:
        raise ChordsimError(*_failure(code, "".join(said).strip("\n")))
    return told


def _listen(process: subprocess.Popen[str], said: List[str], quiet: bool) -> None:
    assert process.stderr is not None
    for line in process.stderr:
        said.append(line)
        if not quiet:
            sys.stderr.write(line)


def _failure(code: int, said: str) -> Tuple[str, int]:
    if code < 0:
        said = f"{said}\nchordsim was ended by {signal.Signals(-code).name}".strip()
    if code == SOME_FAILED:
        said = f"{said}\nsome runs failed, the rest is written: chordsim.read(…) reads it".strip()
    return said or f"chordsim ended with exit code {code}", code


def _end(process: subprocess.Popen[str]) -> None:
    """Lets the program keep what is finished. A terminal has told it to end already, a notebook perhaps not."""
    try:
        process.wait(PATIENCE_S)
    except subprocess.TimeoutExpired:
        process.terminate()
        process.wait()
