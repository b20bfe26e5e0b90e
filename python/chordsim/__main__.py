"""``python -m chordsim``: the program, with the arguments as they are."""

import os
import subprocess
import sys

from ._errors import ChordsimError
from ._program import program


def main() -> None:
    """Becomes the program, or, where a process cannot, waits for it."""
    try:
        command = [str(program()), *sys.argv[1:]]
    except ChordsimError as error:
        sys.exit(str(error))
    if os.name == "posix":
        os.execv(command[0], command)
    sys.exit(subprocess.call(command))


if __name__ == "__main__":
    main()
