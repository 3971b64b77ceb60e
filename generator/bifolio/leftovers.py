"""Removes what processes that were killed left behind, and costs next to nothing where none was.

Every command notes that it is at work in a report: an empty file in `.cache/at-work/`. A note whose process is gone
tells that it was killed; only then is the whole report looked through.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from bifolio.owner import is_left_behind, is_owned, owner

_NOTES = "at-work"
_SETTINGS = b"[tool.bifolio"
_PASSED_OVER = {".git", ".venv", "node_modules", "__pycache__"}
_TEMPORARY = "bifolio-"
"""How the names of our folders among the system's temporary files begin."""


@contextmanager
def at_work(start: str) -> Iterator[None]:
    """Note that this process is at work in the report that holds a folder; first, what dead ones left is removed."""
    cache = _cache_of(start)
    if cache is None:
        yield
        return
    note = os.path.join(cache, _NOTES, owner())
    # A disk that refuses, a read-only checkout say, holds nothing to be removed.
    with suppress(OSError):
        os.makedirs(os.path.dirname(note), exist_ok=True)
        _remove_left(cache)
        with open(note, "ab"):
            pass
    try:
        yield
    finally:
        with suppress(OSError):
            os.unlink(note)


def temporary_prefix(kind: str = "") -> str:
    """Return how the name of a temporary folder of this process begins."""
    return f"{_TEMPORARY}{kind and kind + '-'}{owner()}-"


def site_prefix() -> str:
    """Return how the name of a folder begins in which this process builds a site, in the report's cache."""
    return f"site-{owner()}-"


def _cache_of(start: str) -> str | None:
    """Return the folder of what can be made again of the report that holds a folder, None outside of reports."""
    folder = os.path.abspath(start)
    while True:
        with suppress(OSError), open(os.path.join(folder, "pyproject.toml"), "rb") as stream:
            if _SETTINGS in stream.read():
                return os.path.join(folder, ".cache")
        if os.path.dirname(folder) == folder:
            return None
        folder = os.path.dirname(folder)


def _remove_left(cache: str) -> None:
    """Remove unfinished sites at any time, and everything else if some command was killed."""
    for name in os.listdir(cache):
        if name.startswith("site-") and is_left_behind(name):
            _remove(os.path.join(cache, name))
    notes = os.path.join(cache, _NOTES)
    dead = [name for name in os.listdir(notes) if is_left_behind(name)]
    if not dead:
        return
    import tempfile  # paid for only when something was killed

    for folder, folders, files in os.walk(os.path.dirname(cache)):
        parts = [name for name in (*folders, *files) if name.endswith(".part") and name.startswith(".")]
        for name in filter(is_left_behind, parts):
            _remove(os.path.join(folder, name))
        folders[:] = [name for name in folders if name not in _PASSED_OVER and name not in parts]
    temporary = tempfile.gettempdir()
    for name in os.listdir(temporary):
        if name.startswith(_TEMPORARY) and is_owned(name) and is_left_behind(name):
            _remove(os.path.join(temporary, name))
    for name in dead:  # last, so that whoever is killed while cleaning leaves the reason to clean
        os.unlink(os.path.join(notes, name))


def _remove(path: str) -> None:
    import shutil

    if os.path.isdir(path) and not os.path.islink(path):
        shutil.rmtree(path, ignore_errors=True)
    else:
        with suppress(OSError):
            os.unlink(path)
