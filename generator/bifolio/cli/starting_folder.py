"""`-C DIR`: a verb begins in another folder than the one it was called in."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from bifolio.errors import UsageError


@contextmanager
def started_in(folders: Sequence[str]) -> Iterator[Callable[[], None]]:
    """Enter folders, each from the one before; yield what goes back, for a verb that starts itself anew.

    Raises UsageError for one that cannot be entered.
    """
    if not folders:
        yield lambda: None
        return
    called_in = os.open(".", os.O_RDONLY)
    try:
        for folder in folders:
            _enter(folder)
        yield lambda: os.fchdir(called_in)
    finally:
        os.fchdir(called_in)
        os.close(called_in)


def _enter(folder: str) -> None:
    try:
        os.chdir(folder)
    except OSError as error:
        said = (error.strerror or str(error)).lower()
        raise UsageError(
            f"nothing can begin in this folder: {said}", found=f"-C {folder}", expected="a folder"
        ) from None
