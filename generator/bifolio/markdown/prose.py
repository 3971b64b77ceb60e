"""Tells the prose of a Markdown text from what is none: code, formulas, targets of links, tags, comments."""

from __future__ import annotations

import re
from functools import lru_cache

from bifolio.markdown.reading import read
from bifolio.markdown.tree import Kind

COVER = "\ufffc"
"""Stands for each character that is no prose, so that places in the text stay what they were."""


@lru_cache(maxsize=8)
def cover(text: str, *, keep: tuple[Kind, ...] = ()) -> str:
    """Return a text of the same length in which only prose, and the kinds to keep, can be read; line ends stay."""
    parts, place = [], 0
    for span in read(text).spans:
        if span.kind not in keep and span.start >= place:
            parts += [text[place : span.start], hide(text[span.start : span.end])]
            place = span.end
    return "".join([*parts, text[place:]])


def hide(text: str) -> str:
    """Return as many covered characters, with the line ends where they were."""
    return re.sub(r"[^\n]", COVER, text)


def line_of(text: str, place: int) -> int:
    """Return the line, from 1, of a place in a text."""
    return text.count("\n", 0, place) + 1
