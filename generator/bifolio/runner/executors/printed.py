"""What a run prints, line by line: it goes to the run's log, which is read again while the run goes on."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path


class PrintedLines:
    """The lines of a log that have not been told yet."""

    def __init__(self, log: Path) -> None:
        self._log = log
        self._read = 0
        self._begun = b""

    def new(self, *, ended: bool = False) -> list[str]:
        """Return the lines that have come since; with `ended` also one that has no end.

        Of a line that was drawn over itself, as progress bars are, it is what stood there last.
        """
        with suppress(OSError), self._log.open("rb") as stream:  # the run may not have made it yet
            stream.seek(self._read)
            content = stream.read()
            self._read += len(content)
            self._begun += content
        *lines, self._begun = self._begun.split(b"\n")
        if ended and self._begun:
            lines, self._begun = [*lines, self._begun], b""
        return [line.rstrip(b"\r").rpartition(b"\r")[2].decode(errors="replace") for line in lines]
