"""What decides an output: the modules that make it, the package data they read, the distributions they use.

All of it is read from the syntax of the modules. A module reads package data by `package_file("…")`, and names the
distributions that it uses without importing them, such as fonts, in a tuple `DISTRIBUTIONS`.
"""

from __future__ import annotations

import fnmatch
import hashlib
import os
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bifolio.memo import Memo

if TYPE_CHECKING:
    import ast

PACKAGE = Path(__file__).parent
_NAME = PACKAGE.name
_OTHERWISE = {
    "markdown_it": "markdown-it-py",
    "quickjs": "quickjs-ng",
    "vl_convert": "vl-convert-python",
    "yaml": "pyyaml",
}
"""The distributions that are not called by the name that is imported."""


@dataclass(frozen=True)
class Programs:
    """What decides an output: the sha256 of files by their path in the package, the versions of distributions."""

    files: Mapping[str, str]
    versions: Mapping[str, str]

    @property
    def digest(self) -> str:
        return hashlib.sha256(repr((self.files, self.versions, sys.version_info[:2])).encode()).hexdigest()


def package_file(path: str) -> Path:
    """Return a file or folder of the package; the text of the call tells that the calling module depends on it."""
    return PACKAGE / path


@cache
def programs(folder: Path, *modules: str) -> Programs:
    """Return what decides an output that modules (`bifolio.…`) make, as it was when this process first asked.

    What was read of each file is remembered in a folder for as long as its size and time stay the same.
    """
    reader = _reader(folder)
    files, names = reader.closure(modules)
    reader.keep()
    return Programs(
        {path: reader.entry(path)["sha256"] for path in sorted(files)},
        {name: version_of(name) for name in sorted(names)},
    )


@cache
def version_of(distribution: str) -> str:
    """Return the version that is installed, nothing where none is."""
    return installed_versions().get(_normal(distribution), "")


@cache
def installed_versions() -> dict[str, str]:
    """Return the versions of all distributions by name, as the folders on the path are called.

    importlib.metadata would open each of them and bring a parser of mail along, which takes longer than all of this.
    """
    found: dict[str, str] = {}
    for folder in sys.path:
        try:
            names = os.listdir(folder or ".")
        except OSError:  # a path may lead nowhere, or to an archive
            continue
        for name in names:
            stem, _, kind = name.rpartition(".")
            distribution, _, version = stem.partition("-")
            if kind in ("dist-info", "egg-info") and version:  # an old pip leaves the latter, with `-py3.11` behind it
                version = version.partition("-py")[0]
                found.setdefault(_normal(distribution), version)  # what comes first on the path is what is imported
    return found


def _normal(distribution: str) -> str:
    """Return a distribution's name as all its spellings have it."""
    return re.sub(r"[-_.]+", "-", distribution).lower()


def distribution_of(name: str) -> str:
    """Return the distribution of a package that is imported by this name."""
    return _OTHERWISE.get(name, name.replace("_", "-").lower())


@cache
def _reader(folder: Path) -> _Reader:
    return _Reader(Memo(folder / "programs.json", _read_by()), _list_files())


class _Reader:
    """Reads the files of the package, each once a process, and only what changed since a memo was kept."""

    def __init__(self, memo: Memo, paths: Sequence[str]) -> None:
        self._memo = memo
        self._data = [path for path in paths if not path.endswith(".py")]
        self._modules = {_module_name(path): path for path in paths if path.endswith(".py")}
        self._entries: dict[str, Mapping[str, Any]] = {}

    def keep(self) -> None:
        self._memo.replace({**self._memo.known, **self._entries})

    def closure(self, modules: Sequence[str]) -> tuple[set[str], set[str]]:
        """Return the files that modules consist of and read, transitively, and the distributions that they use."""
        files: set[str] = set()
        names: set[str] = set()
        waiting = [self._modules[module] for module in modules]
        while waiting:
            path = waiting.pop()
            if path in files:
                continue
            files.add(path)
            read = self.entry(path)
            for pattern in read["data"]:
                files.update(fnmatch.filter(self._data, pattern))
            names.update(read["distributions"])
            waiting += [self._modules.get(name) or self._modules[name.rpartition(".")[0]] for name in read["imports"]]
        return files, names

    def entry(self, path: str) -> Mapping[str, Any]:
        """Return the sha256 of a file and, of a module, the `imports`, `data` and `distributions` it names."""
        if path not in self._entries:
            file = os.path.join(PACKAGE, path)
            stat = os.stat(file)
            seen = [stat.st_size, stat.st_mtime_ns]
            known = self._memo.known.get(path, {})
            self._entries[path] = known if known.get("stat") == seen else {"stat": seen, **_read(file)}
        return self._entries[path]


def _read_by() -> str:
    """Return the digest of what reads: this module, for the package that it belongs to."""
    return hashlib.sha256(os.fsencode(__file__) + Path(__file__).read_bytes()).hexdigest()


def _list_files() -> list[str]:
    """Return the paths, in the package, of all its files."""
    found: list[str] = []
    for folder, folders, files in os.walk(PACKAGE):
        folders[:] = sorted(name for name in folders if name != "__pycache__")
        within = os.path.relpath(folder, PACKAGE).replace(os.sep, "/")
        found += [name if within == "." else f"{within}/{name}" for name in sorted(files)]
    return found


def _module_name(path: str) -> str:
    return f"{_NAME}/{path}".removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def _read(file: str) -> dict[str, Any]:
    with open(file, "rb") as stream:
        content = stream.read()
    said = _read_syntax(content) if file.endswith(".py") else {}
    return {"sha256": hashlib.sha256(content).hexdigest(), **said}


def _read_syntax(content: bytes) -> dict[str, list[str]]:
    """Return what a module names: modules of ours (in functions, too, not for types), package data, distributions."""
    import ast  # paid for only where a file is new

    imported: set[str] = set()
    data: set[str] = set()
    distributions: set[str] = set()
    for node in _nodes(ast.parse(content)):
        if isinstance(node, ast.Import):
            imported.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            imported.update(f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == package_file.__name__:
            data.update((pattern := _pattern(node.args[0]), f"{pattern}/*"))
        elif isinstance(node, ast.Assign) and [getattr(one, "id", "") for one in node.targets] == ["DISTRIBUTIONS"]:
            named = (one for one in ast.walk(node.value) if isinstance(one, ast.Constant))
            distributions.update(str(one.value) for one in named)
    ours = {name for name in imported if name.partition(".")[0] == _NAME}
    others = {name.partition(".")[0] for name in imported - ours} - sys.stdlib_module_names
    distributions.update(map(distribution_of, others))
    return {"imports": sorted(ours), "data": sorted(data), "distributions": sorted(distributions)}


def _nodes(tree: ast.Module) -> Iterator[ast.AST]:
    """Yield all nodes but those below `if TYPE_CHECKING:`."""
    import ast

    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        if not (isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"):
            yield node
            waiting += ast.iter_child_nodes(node)


def _pattern(path: ast.expr) -> str:
    """Return the path in a call of `package_file` as a pattern: what is filled in may be anything."""
    import ast

    parts = path.values if isinstance(path, ast.JoinedStr) else [path]
    return "".join(str(part.value) if isinstance(part, ast.Constant) else "*" for part in parts)
