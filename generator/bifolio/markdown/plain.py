"""Markdown as plain text, for places that show no markup: the descriptions that search engines and previews read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from bifolio.markdown.escaping import visible
from bifolio.markdown.reading import read, read_head
from bifolio.markdown.token_names import FORMULA, UNKNOWN

if TYPE_CHECKING:
    from markdown_it.token import Token

_LISTS = ("bullet_list", "ordered_list", "table", "callout")
_HEAD = 3_000
"""Characters in which the first paragraph of a page is looked for first: a page of the evidence is long."""
_FOUND = ("bf-claim", "bf-outcome")
"""The classes of links that say what the build found of the words before them."""


def plain_text(markdown: str, formula: Callable[[str], str]) -> str:
    """Return what a reader sees of a Markdown text, on one line and with every character visible.

    `formula` says the LaTeX of one in plain characters.
    """
    return plain_words((child for token in read(markdown).tokens for child in token.children or ()), formula)


def opening(markdown: str, formula: Callable[[str], str]) -> str:
    """Return the first paragraph of a page as plain text, nothing where there is none; a list or a picture is none."""
    head = read_head(markdown, _HEAD)
    found = _first_paragraph(head.tokens, formula)
    if found or len(head.text) == len(markdown):
        return found
    return _first_paragraph(read(markdown).tokens, formula)


def _first_paragraph(tokens: Sequence[Token], formula: Callable[[str], str]) -> str:
    depth = 0
    for token, after in pairwise(tokens):
        if token.type.removesuffix("_open").removesuffix("_close") in _LISTS:
            depth += token.nesting
        elif (
            token.type == "paragraph_open" and not depth and not token.hidden and not _is_picture(after.children or ())
        ):
            return plain_words(after.children or (), formula)
    return ""


def plain_words(tokens: Iterable[Token], formula: Callable[[str], str]) -> str:
    """Return what a reader sees of a line's tokens, without what the build found of claims."""
    shown, inside = "", False
    for token in tokens:
        if token.type == "link_open" and set(str(token.attrs.get("class", "")).split()) & set(_FOUND):
            shown, inside = shown.rstrip(), True
        elif token.type == "link_close" and inside:
            inside = False
        elif not inside and token.type == FORMULA:
            shown += formula(token.content) + str(token.meta.get("marks", ""))
        elif not inside and token.type != UNKNOWN:
            shown += words_of([token])
    return visible(" ".join(shown.split()))


def words_of(tokens: Iterable[Token]) -> str:
    """Return the words of a line's tokens for places that hold no markup, code and formulas as they were written."""
    parts = []
    for token in tokens:
        if token.type == "image":
            parts.append(words_of(token.children or ()))
        elif token.type in ("softbreak", "hardbreak"):
            parts.append(" ")
        else:
            parts += [token.content, token.meta.get("marks", "")]
    return "".join(parts)


def _is_picture(tokens: Sequence[Token]) -> bool:
    return all(token.type == "image" or not token.content.strip() for token in tokens)
