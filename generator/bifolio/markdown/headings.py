"""The headings and paragraphs of a template as its author wrote them, with their lines; comments are left out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bifolio.markdown.reading import read
from bifolio.markdown.tree import Heading

COMMENT = ("<#--", "--#>")
"""The marks of a comment; Jinja's own would collide with `{#id}`."""
_COMMENT = re.compile(rf"{COMMENT[0]}.*?{COMMENT[1]}", re.DOTALL)
_TITLE = re.compile(r"^# +(.+?)(?: *\{[^}]*\})? *$", re.MULTILINE)


@dataclass(frozen=True)
class Paragraph:
    """A block between blank lines, or a heading: the line it starts at, the id of its section, its words."""

    line: int
    section: str
    words: str
    """Where lines break does not count: every white space is one blank."""


def title_of(text: str) -> str:
    """Return the words of a page's first heading of the first level, as Markdown; nothing where it has none."""
    match = _TITLE.search(text)
    return match[1] if match else ""


def find_headings(text: str) -> Sequence[Heading]:
    """Return the headings of a template; what stands in code or in a comment is none."""
    return read(without_comments(text)).headings


def find_paragraphs(text: str) -> Iterator[Paragraph]:
    """Yield the blocks of a template in their order; a fence is one with all that it holds."""
    tree = read(without_comments(text))
    headings = {heading.line: heading.id for heading in tree.headings}
    fences = [token.map for token in tree.tokens if token.type == "fence" and token.map]
    fenced = {number for first, last in fences for number in range(first + 1, last)}
    block: list[str] = []
    section, start = "", 0
    for number, line in enumerate([*tree.text.splitlines(), ""], start=1):
        if number in headings or (not line.strip() and number not in fenced):
            if block:
                yield _paragraph(start, section, block)
            block = []
        if number in headings:
            section = headings[number]
            yield _paragraph(number, section, [line])
        elif line.strip():
            block, start = ([*block, line], start) if block else ([line], number)
    if block:
        yield _paragraph(start, section, block)


def without_comments(text: str) -> str:
    """Return a template's text without its comments, every line in its place."""
    return _COMMENT.sub(lambda match: "\n" * match[0].count("\n"), text)


def _paragraph(line: int, section: str, lines: list[str]) -> Paragraph:
    return Paragraph(line, section, " ".join(" ".join(lines).split()))
