"""Run by the Python of a fresh environment into which a wheel was installed: runs a scenario and holds what comes out
against the fingerprints in a result of the program as it is built for developers.

    python try.py SCENARIO RESULT_OF_THE_OTHER
"""

import csv
import sys
from pathlib import Path

import chordsim

scenario, other = sys.argv[1:]
result = chordsim.run(scenario, out="by-python")
with open(Path(other) / "summary.csv", encoding="utf-8") as lines:
    ought = [(int(row["run"]), row["fingerprint"]) for row in csv.DictReader(lines)]
is_ = list(zip(result.summary.run, result.summary.fingerprint))
assert is_ == ought and ought, (is_, ought)
assert str(chordsim.program()).startswith(sys.prefix), chordsim.program()
print(result)
