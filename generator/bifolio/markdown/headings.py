"""What a template's Markdown consists of: its headings and its paragraphs, with their lines.

What stands in a fence or in a comment (`<#-- … --#>`) is no heading; a fence is one paragraph with what it holds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

COMMENT = ("<#--", "--#>")
"""The marks of a comment; Jinja's own would collide with `{#id}`."""
_COMMENT = re.compile(rf"{COMMENT[0]}.*?{COMMENT[1]}", re.DOTALL)
_FENCE = re.compile(r"\s*(?P<marks>`{3,}|~{3,})")
_HEADING = re.compile(r"(?P<marks>#{1,6})\s+(?P<title>.*?)\s*(?:\{:?\s*#(?P<id>[^\s}]+)[^}]*\})?\s*")
_TITLE = re.compile(r"^# +(.+?)(?: *\{[^}]*\})? *$", re.MULTILINE)


@dataclass(frozen=True)
class Heading:
    """A heading as the template's author wrote it."""

    level: int
    id: str
    title: str
    line: int

    def __str__(self) -> str:
        return f"{'#' * self.level} {self.title} {{#{self.id}}}"


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


def find_headings(text: str) -> Iterator[Heading]:
    """Yield the headings of a template; what stands in code or in a comment is none."""
    fence = ""
    for number, line in enumerate(without_comments(text).splitlines(), start=1):
        marks = _FENCE.match(line)
        if marks and not fence:
            fence = marks["marks"]
        elif fence:
            fence = "" if marks and marks["marks"].startswith(fence) and line.strip() == marks["marks"] else fence
        elif match := _HEADING.fullmatch(line):
            yield Heading(len(match["marks"]), match["id"] or "", match["title"], number)


def find_paragraphs(text: str) -> Iterator[Paragraph]:
    """Yield the blocks of a template in their order; comments are left out."""
    text = without_comments(text)
    headings = {heading.line: heading.id for heading in find_headings(text)}
    block: list[str] = []
    section, start, fence = "", 0, ""
    for number, line in enumerate([*text.splitlines(), ""], start=1):
        marks = _FENCE.match(line)
        if marks:
            fence = "" if fence and marks["marks"].startswith(fence) else fence or marks["marks"]
        if number in headings or (not line.strip() and not fence):
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
