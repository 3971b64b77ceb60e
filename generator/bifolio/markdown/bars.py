"""Spells the bars of formulas in tables by name, so that every engine cuts the rows of docs/ at the same bars."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from bifolio.markdown.reading import read
from bifolio.markdown.token_names import FORMULA
from bifolio.markdown.tree import Drawn

_COLUMNS = r"\\begin\s*\{[^{}]*\}\s*\{[^{}]*\}"  # what stands between columns of an array is no sign
_BAR = re.compile(rf"{_COLUMNS}|(?P<bar>\\?\|)(?P<letter>(?=[A-Za-z]))?|\\.", re.DOTALL)
_NAMES = {"|": r"\vert", r"\|": r"\Vert"}


def with_named_bars(text: str) -> str:
    """Return a page in which no formula in a cell of a table holds a bar; it is drawn as before."""
    if "|" not in text or "$" not in text:
        return text
    parts, end = [], 0
    for drawn in _in_cells(text):
        written = text[drawn.start : drawn.end]
        if "|" in written:
            dollars = "$$" if written.startswith("$$") else "$"
            parts += [text[end : drawn.start], dollars, _BAR.sub(_named, drawn.source), dollars]
            end = drawn.end
    return "".join([*parts, text[end:]])


def _in_cells(text: str) -> Iterator[Drawn]:
    tokens = read(text).tokens
    for opening, inline in pairwise(tokens):
        if opening.type in ("th_open", "td_open"):
            yield from (child.meta["drawn"] for child in inline.children or () if child.type == FORMULA)


def _named(match: re.Match[str]) -> str:
    if match["bar"] is None:
        return match[0]
    return _NAMES[match["bar"]] + ("" if match["letter"] is None else " ")
