"""Text that knows which of it expressions wrote, not the author, however a template puts it together."""

from __future__ import annotations

from collections.abc import Iterable

Part = tuple[int, int]
"""Where a part of a text begins, and where it ends."""


class Written(str):
    """Text with the parts of it that expressions wrote.

    Jinja passes what an expression wrote through `str`, which asks `__str__`: so it stays what it is.
    """

    __slots__ = ("parts",)

    parts: tuple[Part, ...]

    def __str__(self) -> str:
        return self


def by_expression(text: str) -> Written:
    """Return a text of which an expression wrote all."""
    written = Written(text)
    written.parts = ((0, len(text)),) if text else ()
    return written


def joined(pieces: Iterable[str]) -> Written:
    """Return pieces as one text, each part in its place."""
    pieces = list(pieces)
    written = Written("".join(pieces))
    written.parts = parts_of(pieces)
    return written


def parts_of(pieces: Iterable[str], start: int = 0) -> tuple[Part, ...]:
    """Return what expressions wrote of pieces that follow each other, the first of them at `start`."""
    parts: list[Part] = []
    for piece in pieces:
        if isinstance(piece, Written):
            parts += [(start + first, start + last) for first, last in piece.parts]
        start += len(piece)
    return tuple(parts)


def stripped(written: Written) -> Written:
    """Return a text without the white space around it."""
    text = written.strip()
    start = len(written) - len(written.lstrip())
    found = Written(text)
    found.parts = tuple(
        (max(first - start, 0), min(last - start, len(text)))
        for first, last in written.parts
        if first - start < len(text) and last > start
    )
    return found
