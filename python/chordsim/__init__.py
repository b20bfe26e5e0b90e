"""Run chordsim, a simulator of distributed hash tables, and read what it writes.

    import chordsim

    result = chordsim.run("churn.toml", chord__routing="fingers", repeat=5)
    result.aggregate                    # a pandas frame; each file is read when it is first asked for
    chordsim.read("results/churn").lookups

The program itself is part of the package: ``chordsim --help``, or ``python -m chordsim --help``.
"""

from ._errors import ChordsimError, MissingTable
from ._program import program
from ._result import Result, read
from ._run import run

__all__ = ["ChordsimError", "MissingTable", "Result", "program", "read", "run"]
