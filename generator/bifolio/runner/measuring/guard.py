"""The guard: during a run, opening a file of the project that was not declared is an error."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bifolio.authoring.error_places import located
from bifolio.errors import UndeclaredError


class Guard:
    """Watches what a run opens; it stays for the life of the process, because an audit hook cannot be taken out.

    Files outside the project, the environment's and bifolio's own are free. Importing a module opens its file, so an
    import that the fingerprint could not see is caught in the same place. What was caught is also remembered: an
    experiment that swallows the error fails at its end.
    """

    def __init__(self, root: Path, readable: frozenset[str]) -> None:
        """`readable` are files that the run may open, named from the root."""
        self._roots = _folders(root)
        self._readable = {spelled for path in readable for spelled in _spellings(root / path)}
        own = Path(os.path.abspath(__file__)).parents[2]
        self._free = _folders(own, sys.prefix, sys.base_prefix)
        self._watching = False
        self.caught: UndeclaredError | None = None

    def install(self) -> None:
        """Begin to watch, until the process ends."""
        sys.addaudithook(self._hook)
        self._watching = True

    def allow(self, folder: Path) -> None:
        """Let the run open everything inside a folder: weights, its own or those it needs."""
        self._free = (*self._free, *_folders(folder))

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Let bifolio itself read and write for a moment."""
        self._watching, before = False, self._watching
        try:
            yield
        finally:
            self._watching = before

    def _hook(self, event: str, arguments: tuple[object, ...]) -> None:
        if event != "open" or not self._watching or not isinstance(arguments[0], (str, bytes, os.PathLike)):
            return
        with self.paused():
            undeclared = [
                path for path in map(_source_of, _spellings(os.fsdecode(arguments[0]))) if self._forbids(path)
            ]
            if not undeclared:
                return
            self.caught = UndeclaredError(
                "a run opened a file of the project that it did not declare",
                found=os.path.relpath(undeclared[0], next(filter(undeclared[0].startswith, self._roots))),
                expected='an import statement that names the module, or @experiment(inputs=("path",), ...)',
            )
            located(self.caught)
        raise self.caught

    def _forbids(self, path: str) -> bool:
        inside = path.startswith(self._roots) and not path.startswith(self._free)
        return inside and path not in self._readable and not os.path.isdir(path)


def _spellings(path: str | os.PathLike[str]) -> tuple[str, str]:
    """Return where a path leads and what it says: a link between the project and elsewhere is seen from both ends."""
    return os.path.realpath(path), os.path.abspath(path)


def _folders(*paths: str | os.PathLike[str]) -> tuple[str, ...]:
    return tuple(spelled + os.sep for path in paths for spelled in _spellings(path))


def _source_of(path: str) -> str:
    """Return the Python file that a compiled one was made from, or the path itself."""
    folder, name = os.path.split(path)
    if os.path.basename(folder) != "__pycache__":
        return path
    return os.path.join(os.path.dirname(folder), f"{name.split('.')[0]}.py")
