"""The guard: during a run, reading what was not declared of the project is an error, whichever way it is read."""

from __future__ import annotations

import mmap
import os
import shlex
import sys
import threading
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from importlib.abc import MetaPathFinder
from pathlib import Path
from typing import cast
from urllib.parse import unquote, urlsplit

from bifolio.authoring.error_places import located
from bifolio.errors import UndeclaredError
from bifolio.runner.measuring.callers import is_importer, is_own
from bifolio.runner.measuring.installed import environment, folders, is_installed, spellings

UNDECLARED = "a run opened a file of the project that it did not declare"
DECLARED = 'an import statement that names the module, or @experiment(inputs=("path",), ...)'
_KEPT = "run.weights() for a trained model, the system's folder of temporary files for the rest"
_IMPORTING = ("importlib", "_frozen_importlib", "_frozen_importlib_external", "runpy")
_ROOM = 4096  # bytes of a message that a child leaves


class Guard:
    """Watches what a run asks of the system; it stays until the process ends: an audit hook cannot be taken out.

    Files outside the project, the environment's and bifolio's own are free. Importing a module opens its file, so an
    import that the fingerprint could not see is caught in the same place. What was caught is also remembered, in forked
    children too: an experiment that swallows the error fails at its end.
    """

    def __init__(self, root: Path, readable: Collection[str], uses: Collection[str] = ()) -> None:
        """`readable` are files that the run may open, named from the root; `uses` is what it declares of the system."""
        self._roots = folders(root)
        self._readable = {spelled for path in readable for spelled in spellings(root / path)}
        self._around = {str(folder) for path in self._readable for folder in Path(path).parents}
        # A project that lies inside the environment, as in a container, is not free because of that.
        self._free = tuple(folder for folder in environment() if folder not in self._roots and self._is_ours(folder))
        self._uses = uses
        self._paused: set[int] = set()
        self._caught: UndeclaredError | None = None
        self._told = mmap.mmap(-1, _ROOM)  # shared with forked children
        self.exists: Callable[[str], bool] = os.path.exists
        """Tells whether a path is there, where the run may not be shown it."""
        self._heard: dict[str, Callable[..., None]] = {
            "open": self._opened,
            "sqlite3.connect": self._connected,
            **dict.fromkeys(("os.listdir", "os.scandir"), self._listed),
            **dict.fromkeys(("os.rename", "os.link", "os.symlink"), self._moved),
            **dict.fromkeys(("os.remove", "os.rmdir", "os.mkdir", "os.truncate"), self._changed),
            **dict.fromkeys(("subprocess.Popen", "os.posix_spawn", "os.exec", "os.system"), self._started),
            "os.chdir": self._entered,
            "ctypes.dlopen": self._loaded,
            "import": self._imported,
        }

    @property
    def free(self) -> tuple[str, ...]:
        """Return the folders inside the project that are free, each with a slash at its end."""
        return self._free

    @property
    def caught(self) -> UndeclaredError | None:
        """Return what was caught, here or in a forked child."""
        told = self._told[:].rstrip(b"\0").decode(errors="replace")
        return self._caught or (UndeclaredError(told) if told else None)

    def install(self) -> None:
        """Begin to watch, until the process ends."""
        sys.addaudithook(self._hook)
        sys.meta_path.insert(0, cast("MetaPathFinder", self))

    def allow(self, folder: Path) -> None:
        """Let the run use everything inside a folder: weights, its own or those it needs."""
        self._free = (*self._free, *folders(folder))

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Let bifolio itself read and write for a moment, in this thread."""
        thread = threading.get_ident()
        before = thread in self._paused
        self._paused.add(thread)
        try:
            yield
        finally:
            if not before:
                self._paused.discard(thread)

    def _hook(self, event: str, arguments: tuple[object, ...]) -> None:
        hear = self._heard.get(event)
        if hear is not None and threading.get_ident() not in self._paused:
            with self.paused():
                hear(*arguments)

    def _opened(self, path: object, mode: object = None, flags: object = 0, *_: object) -> None:
        if not isinstance(path, (str, bytes, os.PathLike)):
            return  # a file that is open already
        names = [_source_of(name) for name in spellings(os.fsdecode(path))]
        inside = [name for name in names if self._is_bound(name)]
        if not inside:
            self._refuse_from_outside(names[0])
        elif all(map(os.path.isdir, inside)):
            self._listed(path)
        else:
            self._refuse_undeclared(inside)
            if isinstance(flags, int) and flags & (os.O_WRONLY | os.O_RDWR):
                self._catch("a run opened a file of the project to write into it", inside[0], _KEPT)

    def _connected(self, database: object, *_: object) -> None:
        if isinstance(database, (str, bytes, os.PathLike)):
            name = os.fsdecode(database)
            name = unquote(urlsplit(name).path) if name.startswith("file:") else name
            if name and name != ":memory:":
                self._refuse_undeclared(self._bound(name))

    def _listed(self, folder: object = None, *_: object) -> None:
        """A listing is as good as declared where all that it shows is; how modules are found is Python's business."""
        if not isinstance(folder, (str, bytes, os.PathLike)) and folder is not None:
            return  # a folder that is open already
        for name in self._bound(folder or "."):
            shown = [os.path.join(name, entry) for entry in sorted(os.listdir(name))] if os.path.isdir(name) else []
            other = [path for path in shown if path not in self._readable and path not in self._around]
            if (other or name not in self._around) and not is_importer():
                problem = "a run listed a folder of the project that holds what it did not declare"
                self._catch(problem, (*other, name)[0], DECLARED)

    def _entered(self, folder: object, *_: object) -> None:
        if isinstance(folder, (str, bytes, os.PathLike)):
            self._refuse_undeclared([name for name in self._bound(folder) if name not in self._around])

    def _moved(self, source: object, target: object, *_: object) -> None:
        self._changed(source)
        self._changed(target)

    def _changed(self, path: object, *_: object) -> None:
        if isinstance(path, (str, bytes, os.PathLike)):
            for name in self._bound(path):
                self._catch("a run moved, linked or changed a file of the project", name, _KEPT)

    def _started(self, program: object, arguments: object = None, *_: object) -> None:
        if not is_own("subprocess", "os", "asyncio", "pty"):
            return  # what a library starts is its own affair
        words = _words(program if arguments is None else arguments)
        if "subprocess" not in self._uses:
            problem = "a run started another program without saying so"
            self._catch(problem, " ".join(words), '@experiment(uses=("subprocess",), ...)')
        for word in words:
            names = [name for part in (word, word.rpartition("=")[2]) for name in self._bound(part or ".")]
            self._refuse_undeclared([name for name in names if self.exists(name) and not os.path.isdir(name)])

    def _loaded(self, library: object, *_: object) -> None:
        if "native" not in self._uses and is_own("ctypes"):
            problem = "a run loaded machine code without saying so"
            self._catch(problem, str(library), '@experiment(uses=("native",), ...)')

    def find_spec(self, module: str, path: object = None, target: object = None) -> None:
        """Hear that a module is looked for, as the first of Python's finders: one that is not shown is not opened."""
        if is_own(*_IMPORTING):
            place = os.path.join(self._roots[0], *module.split("."))
            files = (f"{place}.py", os.path.join(place, "__init__.py"))
            with self.paused():
                self._refuse_undeclared([name for name in files if self._is_bound(name) and self.exists(name)])

    def _imported(self, module: object, file: object, *_: object) -> None:
        if isinstance(file, str):
            self._refuse_from_outside(file)

    def _refuse_from_outside(self, file: str) -> None:
        """Refuse what the report imports from a folder that neither the fingerprint nor the versions know."""
        if not file.endswith((".py", ".so", ".pyd")) or is_installed(file):
            return
        if is_own(*_IMPORTING):
            problem = "a run imported a module that is neither installed nor of the report"
            self._catch(problem, file, "a library that is installed, or a module under experiments/")

    def _refuse_undeclared(self, names: list[str]) -> None:
        undeclared = [name for name in names if self._forbids(name)]
        if undeclared:
            self._catch(UNDECLARED, undeclared[0], DECLARED)

    def _catch(self, problem: str, found: str, expected: str) -> None:
        root = next(filter(found.startswith, self._roots), None)
        error = UndeclaredError(problem, found=os.path.relpath(found, root) if root else found, expected=expected)
        located(error)
        self._caught = error
        message = str(error).encode()[:_ROOM]
        self._told[: len(message)] = message
        raise error

    def _is_ours(self, path: str) -> bool:
        return path.startswith(self._roots)

    def _forbids(self, path: str) -> bool:
        return self._is_bound(path) and path not in self._readable

    def _bound(self, path: str | bytes | os.PathLike[str]) -> list[str]:
        """Return the spellings of a path that lie in the project and are not free."""
        return [name for name in spellings(os.fsdecode(path)) if self._is_bound(name)]

    def _is_bound(self, path: str) -> bool:
        """Tell whether a path lies in the project, or is it, and is not free."""
        return os.path.join(path, "").startswith(self._roots) and not os.path.join(path, "").startswith(self._free)


def _words(command: object) -> list[str]:
    """Return the words of a command, which is a list of them or a line for a shell, as may be each that it holds."""
    if isinstance(command, (list, tuple)):
        return [word for given in command for word in (_words(given) or [""])]
    line = os.fsdecode(command) if isinstance(command, (bytes, os.PathLike)) else str(command)
    try:
        return shlex.split(line)
    except ValueError:
        return line.split()


def _source_of(path: str) -> str:
    """Return the Python file that a compiled one was made from, or the path itself."""
    folder, name = os.path.split(path)
    if os.path.basename(folder) != "__pycache__":
        return path
    return os.path.join(os.path.dirname(folder), f"{name.split('.')[0]}.py")
