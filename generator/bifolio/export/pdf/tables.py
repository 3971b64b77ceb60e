"""Writes the tables of a page: head, rows, the sides of the columns, and how wide they are at most."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import zip_longest

from bifolio.export.pdf.book_page import BookPage
from bifolio.export.pdf.inlines import write_line
from bifolio.export.pdf.tree import Node, find_named, plain
from bifolio.export.pdf.typst import array, call, literal

_HAN, _LATIN, _BETWEEN = 1.0, 0.62, 1.1
"""How wide characters and the gaps between columns are at most, in the size of the type."""
_SIDES = {"text-align:right": "right", "text-align:center": "center"}


def write_table(
    page: BookPage, node: Node, caption: str = "none", place: str | None = None, *, keeps: bool = False
) -> str:
    """Return a table; the sides are those of its columns, and one that keeps stays with what follows it."""
    rows = [[*find_named(row.children, "td", "th")] for row in find_named(node.children, "tr")]
    if not rows:
        page.refuse(node, "a table without rows", "a head and rows")
    sides = [_SIDES.get(cell.attributes.get("style", ""), "left") for cell in rows[0]]
    quoting = replace(page, quotes=True)
    head, *body = [array(write_line(quoting, cell.children) for cell in row) for row in rows]
    return call(
        "sheet", literal(sides), head, array(body), caption, literal(place), literal(keeps), literal(_room(rows))
    )


def _room(rows: Sequence[Sequence[Node]]) -> float:
    """Return how wide a table is at most if no cell is broken, in its type's size; the style measures wider ones."""
    columns = zip_longest(*([plain(cell.children) for cell in row] for row in rows), fillvalue="")
    widths = [max(map(room_of, column)) for column in columns]
    return round(sum(widths) + _BETWEEN * len(widths), 1)


def room_of(text: str) -> float:
    """Return how wide a text is at most, in the size of its type."""
    return sum(_HAN if mark > "\u2e7f" else _LATIN for mark in text)
