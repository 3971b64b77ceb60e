"""Readers in Rust and C++ that tell no audit hook what they open: where nothing is hidden from a run, they are made to.

Of the libraries that the guide names, each function that takes the path of a file tells the hooks of it first.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from functools import wraps
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from types import ModuleType
from typing import Any, cast

_READERS: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("safetensors", "safetensors.torch", "safetensors.numpy"), ("safe_open",)),
    "tokenizers": (
        *("Tokenizer.from_file", "models.BPE.from_file", "models.BPE.read_file", "models.WordLevel.from_file"),
        *("models.WordLevel.read_file", "models.WordPiece.from_file", "models.WordPiece.read_file", "Tokenizer.train"),
    ),
    "torch": ("from_file", "UntypedStorage.from_file"),
}
"""By module; a function that a version of the library lacks is passed over."""


class _Telling(Loader):
    """Loads a module as its own loader does, and then lets its readers tell."""

    def __init__(self, loader: Loader) -> None:
        self._loader = loader

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        return self._loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        self._loader.exec_module(module)
        _let_tell(module)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._loader, name)


class _Finder:
    """Finds the modules of readers as the finders after this one do."""

    def __init__(self) -> None:
        self._asked: set[str] = set()

    def find_spec(self, name: str, path: object = None, target: object = None) -> ModuleSpec | None:
        if name not in _READERS or name in self._asked:
            return None
        self._asked.add(name)
        try:
            spec = find_spec(name)
        finally:
            self._asked.discard(name)
        if spec is not None and spec.loader is not None:
            spec.loader = _Telling(spec.loader)
        return spec


def let_readers_tell() -> None:
    """Let the readers of this process tell what they open, those of libraries that are imported later among them.

    Called again, as in a process forked from one in which it was, it does nothing.
    """
    if any(isinstance(finder, _Finder) for finder in sys.meta_path):
        return
    for name in _READERS:
        if name in sys.modules:
            _let_tell(sys.modules[name])
    sys.meta_path.insert(0, cast("MetaPathFinder", _Finder()))


def _let_tell(module: ModuleType) -> None:
    for path in _READERS[module.__name__]:
        *steps, name = path.split(".")
        holder: Any = module
        for step in steps:
            holder = getattr(holder, step, None)
        reader = getattr(holder, name, None)
        if reader is not None:
            told = _told(reader)
            setattr(holder, name, staticmethod(told) if isinstance(holder, type) else told)


def _told(reader: Callable[..., Any]) -> Callable[..., Any]:
    """Return a reader that says first which files its arguments name."""

    @wraps(reader)
    def read(*arguments: object, **named: object) -> Any:
        for argument in (*arguments, *named.values()):
            for path in _paths(argument):
                sys.audit("open", path, "r", 0)
        return reader(*arguments, **named)

    return read


def _paths(argument: object) -> Iterator[str]:
    if isinstance(argument, (list, tuple)):
        for part in argument:
            yield from _paths(part)
    elif isinstance(argument, (str, os.PathLike)) and os.path.isfile(argument):
        yield os.fspath(argument)
