"""What is printed does no harm: a terminal is sent text, never the escape sequences of a result or of a file's name."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, TextIO, cast

from bifolio.cli.colours import coloured_parts, wants_colour

_UNSAFE = re.compile("[\0-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
"""Characters that move the cursor, change colours, turn the order of letters round, or that no encoding has."""
_ERASING = "\r\x1b[K"
"""How a line of progress begins, which is ours."""


def harmless(text: str) -> str:
    """Return a text in which what a terminal would obey is shown by its code point, as ⟨U+001B⟩."""
    return _UNSAFE.sub(lambda found: f"⟨U+{ord(found[0]):04X}⟩", text)


def harmless_json(text: str) -> str:
    """Return JSON that says the same, with nothing in it that a terminal would obey."""
    return _UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


@contextmanager
def harmless_streams() -> Iterator[None]:
    """Let whatever is printed meanwhile pass through `harmless`; streams that are closed swallow it."""
    _occupy_streams()
    before = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = (cast(TextIO, _Harmless(stream or _nowhere())) for stream in before)
    try:
        yield
    finally:
        sys.stdout, sys.stderr = before


def give_up_printing() -> None:
    """Send what is still to be printed nowhere: its reader has gone, or its disk is full."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):
            with suppress(OSError, ValueError):  # a stream of a test has no number
                os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


class _Harmless:
    """A stream that writes text harmlessly, coloured by us alone, and is the stream itself in all else."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self.coloured = wants_colour(stream)
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure:
            reconfigure(errors="backslashreplace")  # a terminal of another encoding is no reason to fail

    def write(self, text: str) -> int:
        start = _ERASING if text.startswith(_ERASING) else ""
        parts = coloured_parts(text[len(start) :])
        return self._stream.write(
            start + "".join((code if self.coloured else "") + harmless(part) for code, part in parts)
        )

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def _occupy_streams() -> None:
    """Keep the numbers of closed streams from files that are opened later: a library would print into these."""
    number = os.open(os.devnull, os.O_RDWR)
    while number <= 2:
        os.set_inheritable(number, True)  # for the processes of runs too
        number = os.open(os.devnull, os.O_RDWR)
    os.close(number)


def _nowhere() -> TextIO:
    return open(os.devnull, "w", encoding="utf-8")
