"""Results that several tests read; each is made once."""

import atexit
import functools
import tempfile
from pathlib import Path

import chordsim

# A ring in which everything happens that has a file of its own.
RICH = """\
seed = 5
warmup = "10s"
duration = "1m"
sample = "20s"
repeat = 2

[overlay]
nodes = 24

[network]
model = "transit-stub"

[churn]
model = "poisson"
graceful = 0.5
poisson = { joins_per_s = 0.2, leaves_per_s = 0.2 }

[workload]
lookups_per_s = 2
puts_per_s = 1
gets_per_s = 1

[storage]
replicas = 2

[selfish]
defence = "retry"

[[fault]]
at = "30s"
kill = 0.2

[sweep]
"selfish.fraction" = [0, 0.25]
"chord.stabilize_every" = ["1.5s", "30s"]
"chord.routing" = ["successors", "fingers"]

[output]
links = true
hops = true
audit = true
trace = "all"
replay = true
"""

THRESHOLD = """\
seed = 3
duration = "30s"
repeat = 2
overlay = { nodes = 32 }
workload = { lookups_per_s = 5 }
output = { lookups = "none", nodes = false, timeline = false }

[threshold]
metric = "success_rate"
level = 0.9
"""


@functools.lru_cache(maxsize=None)
def folder() -> Path:
    """A folder that goes when the tests are over."""
    kept = tempfile.TemporaryDirectory(prefix="chordsim-tests-")
    atexit.register(kept.cleanup)
    return Path(kept.name)


@functools.lru_cache(maxsize=None)
def rich() -> chordsim.Result:
    return chordsim.run(RICH, out=folder() / "rich")


@functools.lru_cache(maxsize=None)
def threshold() -> chordsim.Result:
    return chordsim.run(THRESHOLD, out=folder() / "threshold")
