"""Who asks the system for something: the report's own code, a library on its behalf, or Python's importer."""

from __future__ import annotations

import sys

from bifolio.provenance.declaration import PACKAGE

_FINDING_MODULES = {"importlib", "pkgutil", "pkg_resources", "zipimport", "_frozen_importlib", "inspect", "linecache"}


def is_own(*between: str) -> bool:
    """Tell whether the report's own code asks, through no other modules than these of the standard library."""
    frame = sys._getframe(1)
    while frame is not None:
        name = str(frame.f_globals.get("__name__", ""))
        top = name.partition(".")[0]
        if top == PACKAGE:
            return True
        if top not in between and not name.startswith("bifolio.runner.measuring."):
            return False
        frame = frame.f_back  # type: ignore[assignment]
    return False


def is_importer() -> bool:
    """Tell whether what is asked for serves to find or read modules, below any code of the report."""
    frame = sys._getframe(1)
    while frame is not None:
        top = str(frame.f_globals.get("__name__", "")).partition(".")[0]
        if top in _FINDING_MODULES:
            return True
        if top == PACKAGE:
            return False
        frame = frame.f_back  # type: ignore[assignment]
    return False
