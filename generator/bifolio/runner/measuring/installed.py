"""Where bifolio itself and the libraries that are installed lie: what a run may read without declaring it."""

from __future__ import annotations

import importlib.util
import os
import sys
import sysconfig
from functools import cache

OWN = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def spellings(path: str | os.PathLike[str]) -> tuple[str, str]:
    """Return where a path leads and what it says: a link between the project and elsewhere is seen from both ends."""
    return os.path.realpath(path), os.path.abspath(path)


def folders(*paths: str | os.PathLike[str]) -> tuple[str, ...]:
    """Return folders as the beginnings of what lies in them, in both spellings."""
    return tuple(dict.fromkeys(os.path.join(spelled, "") for path in paths for spelled in spellings(path)))


@cache
def environment() -> tuple[str, ...]:
    """Return the folders of the environment: bifolio, Python, and what is installed beside them."""
    return folders(OWN, sys.prefix, sys.base_prefix, *sysconfig.get_paths().values())


def is_installed(path: str) -> bool:
    """Tell whether a module's file is of the environment, or lies in another folder of installed libraries."""
    return any(spelled.startswith(environment()) for spelled in spellings(path)) or any(
        path.startswith(os.path.join(folder, "")) and _holds_installed(folder) for folder in sys.path if folder
    )


@cache
def _holds_installed(folder: str) -> bool:
    """Tell whether a folder on the path holds distributions, as `pip install --target` and clusters make them."""
    try:
        return any(name.endswith((".dist-info", ".egg-info")) for name in os.listdir(folder))
    except OSError:
        return False


def is_library(module: str) -> bool:
    """Tell whether a module that an experiment imports is Python's own, or installed; nothing is imported."""
    top = module.partition(".")[0]
    if top in sys.builtin_module_names or top in sys.stdlib_module_names:
        return True
    try:
        found = importlib.util.find_spec(top)
    except (ImportError, ValueError):
        return False
    places = [] if found is None else [found.origin or "", *(found.submodule_search_locations or ())]
    return any(place and is_installed(os.path.join(place, "")) for place in places)
