"""Finds what a page holds beside Markdown and the elements that macros write: other HTML, and elements left open."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from bifolio.markdown.token_names import CALLOUT, RAW, UNKNOWN
from bifolio.markdown.tree import Tree

if TYPE_CHECKING:
    from markdown_it.token import Token

_EXPECTED = "Markdown, or an element that a macro of bifolio writes"


def find_foreign(tree: Tree) -> Iterator[tuple[int, str, str]]:
    """Yield line, what was found and what was expected; what is found stands in the page as it is told."""
    open_frames: list[tuple[int, Token]] = []
    for token in tree.tokens:
        line = token.map[0] + 1 if token.map else 0
        if token.type in (CALLOUT, RAW):
            yield line, tree.text.split("\n")[line - 1].strip(), _EXPECTED
        elif token.tag == "summary":
            continue  # it stands whole on its line
        elif token.type == "frame_open":
            open_frames.append((line, token))
        elif token.type == "frame_close":
            if not open_frames or open_frames[-1][1].tag != token.tag:
                yield line, f"</{token.tag}>", f"<{token.tag}> before it, or no such end"
            else:
                open_frames.pop()
        elif token.children:
            yield from ((line + below, found, expected) for below, found, expected in _in_line(token.children))
    for line, token in open_frames:
        yield line, f"<{token.tag}", f"</{token.tag}> after it"


def _in_line(tokens: Sequence[Token]) -> Iterator[tuple[int, str, str]]:
    """Yield what is found in the tokens of a paragraph or a cell, with how many lines it is below the first."""
    opened: list[tuple[int, str]] = []
    below = 0
    for token in tokens:
        below += token.type in ("softbreak", "hardbreak")
        if token.type == UNKNOWN:
            yield below, token.content.partition("\n")[0], _EXPECTED
        elif token.type == "tag_open" and token.nesting == 1:
            opened.append((below, token.tag))
        elif token.type == "tag_close" and (not opened or opened.pop()[1] != token.tag):
            yield below, f"</{token.tag}>", f"<{token.tag}> before it, or no such end"
    for line, tag in opened:
        yield line, f"<{tag}", f"</{tag}> after it"
