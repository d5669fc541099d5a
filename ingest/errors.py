"""The errors of a build: one tree of exceptions, whose messages are sentences for the person at the terminal."""

from __future__ import annotations

from pathlib import Path


class BuildError(Exception):
    """A build cannot go on; the message is a sentence with the reason."""


class SourceError(BuildError):
    """A source file holds something that is invalid.

    ``line`` counts from 1 and is None where the file as a whole is at fault (it is missing, it is too large). ``found``
    and ``expected`` are phrases without a full stop; ``column`` names the column of a table.
    """

    def __init__(self, file: Path | str, line: int | None, found: str, expected: str, column: str = "") -> None:
        self.file = Path(file)
        self.line = line
        self.column = column
        self.found = found
        self.expected = expected
        place = str(self.file) if line is None else f"{self.file}, line {line}"
        place += f", column {column}" if column else ""
        super().__init__(f"{place}: {found}; expected: {expected}.")

    def __reduce__(self) -> tuple[type[SourceError], tuple[Path, int | None, str, str, str]]:
        """Pickles the error for another process."""
        return (type(self), (self.file, self.line, self.found, self.expected, self.column))
