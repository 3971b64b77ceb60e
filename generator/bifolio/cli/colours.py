"""Colours on a terminal: who wants them, which there are, and how a word is given one."""

from __future__ import annotations

import os
import sys
from typing import Literal, TextIO

Colour = Literal["green", "yellow", "red", "alarm"]
_CODES: dict[str, str] = {"green": "32", "yellow": "33", "red": "31", "alarm": "1;31"}
_OF_STATES: dict[str, Colour] = {
    **dict.fromkeys(("fresh", "measured", "identical", "within tolerance", "consistent", "trained"), "green"),
    **dict.fromkeys(("stale", "missing", "skipped", "inconclusive"), "yellow"),
    **dict.fromkeys(("broken", "failed", "different"), "red"),
}
_MARK = f"\0{os.urandom(8).hex()}:"
"""What a colour begins with on its way to a stream. No file can hold it, so none colours what is printed."""


def wants_colour(stream: TextIO) -> bool:
    """Tell whether a stream shows colours: a terminal does, unless NO_COLOR or TERM=dumb; FORCE_COLOR makes any.

    The order is that of CPython's own messages, and of https://no-color.org and https://force-color.org.
    """
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return os.environ.get("TERM") != "dumb" and stream.isatty()


def painted(text: str, colour: Colour) -> str:
    """Return a text that a stream of `harmless_streams` shows in a colour if it has any, and else as it is."""
    if not any(getattr(stream, "coloured", False) for stream in (sys.stdout, sys.stderr)):
        return text
    return f"{_MARK}{colour};{text}{_MARK};"


def state_word(word: str, width: int = 0) -> str:
    """Return the word for a state or a verdict in its colour, with spaces up to a width after it."""
    spaces = " " * max(0, width - len(word))
    return (painted(word, _OF_STATES[word]) if word in _OF_STATES else word) + spaces


def alarming(message: str) -> str:
    """Return an error with its first line, the place and what is wrong, in bold red."""
    first, *more = message.split("\n")
    return "\n".join([painted(first, "alarm"), *more])


def coloured_parts(text: str) -> list[tuple[str, str]]:
    """Return a text in parts: the escape sequence before each, and the part itself."""
    first, *others = text.split(_MARK)
    parts = [("", first)]
    for other in others:
        colour, _, rest = other.partition(";")
        parts.append((f"\x1b[{_CODES.get(colour, '0')}m", rest))
    return parts
