"""What can go wrong, as exceptions."""

from __future__ import annotations

from typing import Optional


class ChordsimError(Exception):
    """What the program, or the reading of its files, has to say. Its text is for people."""

    def __init__(self, message: str, code: Optional[int] = None) -> None:
        super().__init__(message)
        self.message = message
        """The text: of the program, what it wrote to standard error."""
        self.code = code
        """The program's exit code, as ``chordsim --help`` explains them; ``None`` if it was not the program."""

    def __str__(self) -> str:
        return self.message


# Both, as a table is asked for as an attribute and as an item.
class MissingTable(ChordsimError, KeyError, AttributeError):
    """A result folder has no such file; the text says how to get it."""
