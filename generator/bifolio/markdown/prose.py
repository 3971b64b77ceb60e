"""Tells the prose of a Markdown text from what is none: code, formulas, targets of links, tags, comments."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from functools import lru_cache
from typing import Literal, NamedTuple

from bifolio.errors import BifolioError
from bifolio.markdown.drawn import find_drawn

COVER = "\ufffc"
"""Stands for each character that is no prose, so that places in the text stay what they were."""

Kind = Literal["fence", "code", "comment", "target", "tag", "attributes", "formula", "diagram"]

_TARGET = r"(?:<[^<>\n]*>|[^\s()<>]*(?:\([^\s()]*\)[^\s()]*)*)"
_NOT_PROSE = re.compile(
    rf"""
    ^(?P<indent>[ \t>]*)(?P<marks>`{{3,}}|~{{3,}})(?P<language>[^\n`]*)\n
      (?P<fence>.*?)(?:^[ \t>]*(?P=marks)[`~]*[ \t]*$|\Z)
  | (?<![`\\])(?P<ticks>`+)(?!`)(?P<code>(?:(?!\n[ \t]*\n).)+?)(?<!`)(?P=ticks)(?!`)
  | (?P<comment><!--.*?-->)
  | \]\([ ]*(?P<target>{_TARGET})(?:\s+(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'))?[ ]*\)
  | (?P<tag></?[A-Za-z][\w-]*(?:\s[^<>]*)?/?> | <[a-z][a-z0-9+.-]*:[^\s<>]*>)
  | (?P<attributes>(?<=[\s)\]*`])\{{:?[ ]*[#.][^{{}}\n]*\}})
    """,
    re.VERBOSE | re.MULTILINE | re.DOTALL,
)


class Span(NamedTuple):
    """A piece of a text that is no prose: `text[start:end]`; `value` is what it says, a fence's language first."""

    kind: Kind
    start: int
    end: int
    value: str


@lru_cache(maxsize=8)  # a page's text is asked for by links, citations, pictures and sections, one after the other
def find_spans(text: str) -> tuple[Span, ...]:
    """Return what is no prose, in order; a formula that is never closed counts as prose, because others tell of it."""
    return tuple(_spans(text))


def _spans(text: str) -> Iterator[Span]:
    drawn: list[Span] = []
    with suppress(BifolioError):
        for found in find_drawn(text):
            kind: Kind = "diagram" if found.kind == "diagram" else "formula"
            drawn.append(Span(kind, found.start, found.end, found.source))
    place = 0
    for span in [*drawn, Span("formula", len(text), len(text), "")]:
        for match in _NOT_PROSE.finditer(text, place, span.start):
            yield _span(match)
        if span.value:
            yield span
        place = span.end


@lru_cache(maxsize=8)
def cover(text: str, *, keep: tuple[Kind, ...] = ()) -> str:
    """Return a text of the same length in which only prose, and the kinds to keep, can be read; line ends stay."""
    parts, place = [], 0
    for span in find_spans(text):
        if span.kind not in keep:
            parts += [text[place : span.start], hide(text[span.start : span.end])]
            place = span.end
    return "".join([*parts, text[place:]])


def hide(text: str) -> str:
    """Return as many covered characters, with the line ends where they were."""
    return re.sub(r"[^\n]", COVER, text)


def line_of(text: str, place: int) -> int:
    """Return the line, from 1, of a place in a text."""
    return text.count("\n", 0, place) + 1


def _span(match: re.Match[str]) -> Span:
    if match["fence"] is not None:
        return Span("fence", match.start(), match.end(), f"{match['language'].strip()}\n{match['fence']}")
    start = match.start() + (1 if match["target"] is not None else 0)  # the bracket closes the text of the link
    kinds: tuple[Kind, ...] = ("code", "comment", "target", "tag", "attributes")
    kind = next(kind for kind in kinds if match[kind] is not None)
    return Span(kind, start, match.end(), match[kind].strip("<>") if kind == "target" else match[kind])
