"""Whose a temporary file is: its name tells the process that writes it, so that others know when it was left behind."""

from __future__ import annotations

import os
import re
import zlib
from functools import cache

_OWNED = re.compile(r"[.-](?P<number>\d+)-(?P<began>\d+)-(?P<host>[0-9a-f]{8})(?=[.-]|$)")


def owner() -> str:
    """Return what stands for this process in the names of temporary files: number, when it began, and its machine."""
    return _described(os.getpid())


def part_name(name: str, owned_by: str | None = None) -> str:
    """Return the name, beside its final place, of what is still being written."""
    return f".{name}.{owned_by or owner()}.part"


def is_left_behind(name: str) -> bool:
    """Tell whether the process that a temporary file is named after is gone; of another machine nobody here knows.

    A name that tells no owner is as earlier versions wrote it.
    """
    owned = _OWNED.search(name)
    if owned is None:
        return True
    if owned["host"] != _host():
        return False
    began = _began(int(owned["number"]))
    return began is None or (began != "0" and owned["began"] != "0" and began != owned["began"])


def is_owned(name: str) -> bool:
    """Tell whether a name tells whose it is."""
    return _OWNED.search(name) is not None


@cache
def _described(number: int) -> str:
    return f"{number}-{_began(number)}-{_host()}"


def _began(number: int) -> str | None:
    """Return when a process began, None if there is none; 0 where the system does not say: only the number counts."""
    try:
        with open(f"/proc/{number}/stat", encoding="utf-8", errors="replace") as stream:
            state, *fields = stream.read().rpartition(")")[2].split()
    except OSError:
        return _is_there(number)
    return None if state in "ZX" else fields[18]


def _is_there(number: int) -> str | None:
    try:
        os.kill(number, 0)
    except (ProcessLookupError, OverflowError):
        return None
    except PermissionError:
        pass
    return "0"


@cache
def _host() -> str:
    return f"{zlib.crc32(os.uname().nodename.encode()):08x}"
