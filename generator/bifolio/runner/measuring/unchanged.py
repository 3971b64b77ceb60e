"""Compares what a run reads of its report with what its fingerprint has hashed."""

from __future__ import annotations

import hashlib
import os
from io import BufferedReader
from pathlib import Path

from bifolio.errors import RunError
from bifolio.provenance.sources import says_the_same
from bifolio.runner.task import Task

_EXPECTED = "no edit between planning a run and its end; `bifolio run` measures what stands there now"


class Unchanged:
    """The files of one run, as its fingerprint knows them.

    A module may get other comments meanwhile, since what is compiled is compared too; an input may not even be written
    anew, since nobody sees when the run reads it.
    """

    def __init__(self, root: Path, task: Task) -> None:
        self._root = os.open(root, os.O_RDONLY | os.O_DIRECTORY)  # whatever this process is shown at that path later
        self._sources = {source.file: source for source in task.sources}
        self._inputs = task.inputs
        self._written: dict[str, tuple[int, int]] = {}

    def check_all(self) -> None:
        """Raise RunError for the first file that is not what was hashed, or was written since this was last asked."""
        for file in sorted(self._sources):
            with self._opened(file) as stream:
                self.check_source(file, stream.read())
        for file, expected in sorted(self._inputs.items()):
            with self._opened(file) as stream:
                status = os.fstat(stream.fileno())
                found = hashlib.file_digest(stream, "sha256").hexdigest()
            written = (status.st_ino, status.st_mtime_ns)
            if found != expected or self._written.setdefault(file, written) != written:
                raise _edited(file, "was written")

    def check_source(self, file: str, content: bytes) -> None:
        """Raise RunError if a module, named from the root, is other code than was hashed."""
        source = self._sources.get(file)  # of one that was not declared, the guard knows
        if source is not None and not says_the_same(source, content):
            raise _edited(file, "other code")

    def _opened(self, file: str) -> BufferedReader:
        """Open a file as it lies in the report, whatever this process is shown there."""
        try:
            return open(os.open(file, os.O_RDONLY, dir_fd=self._root), "rb")
        except OSError as error:
            raise _edited(file, str(error.strerror)) from None


def _edited(file: str, found: str) -> RunError:
    return RunError("this file changed while it was measured", file=file, found=found, expected=_EXPECTED)
