"""The place in the experiment's code that an error belongs to."""

from __future__ import annotations

import sys
from contextlib import AbstractContextManager
from pathlib import Path

from bifolio.errors import BifolioError
from bifolio.provenance.declaration import PACKAGE


class Located(AbstractContextManager[None]):
    """Gives an error that is raised inside the line of the experiment that caused it."""

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, BifolioError):
            located(error)


def located(error: BifolioError) -> BifolioError:
    """Place an error at the innermost line of the report's experiments that is being executed."""
    place = innermost_line()
    return error if place is None else error.at(*place)


def innermost_line() -> tuple[str, int] | None:
    """Return file (from the folder above the experiments) and line of the innermost frame of an experiment's code."""
    frame = sys._getframe(1)
    while frame is not None:
        parts = Path(frame.f_code.co_filename).parts  # code that was made by exec has no file of the report
        if str(frame.f_globals.get("__name__", "")).startswith(f"{PACKAGE}.") and PACKAGE in parts:
            start = len(parts) - 1 - parts[::-1].index(PACKAGE)
            return "/".join(parts[start:]), frame.f_lineno
        frame = frame.f_back  # type: ignore[assignment]
    return None
