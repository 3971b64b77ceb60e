"""What a page of Markdown consists of: tokens, and where each formula, link, code and heading stands in its text."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Literal, NamedTuple

from bifolio.errors import BifolioError

if TYPE_CHECKING:
    from markdown_it.token import Token

_LINE_END = re.compile("\n")
_CLOSING = re.compile("[，。；：！？、）”’》〉」』】,.;:?)]{1,2}")
_SHORT = 40
_SCHEME = re.compile(r"[ \t\n]*(?:(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*):|//)")
_ADDRESSES = ("http", "https", "mailto")

Kind = Literal["fence", "code", "comment", "target", "tag", "attributes", "formula", "diagram"]


class Span(NamedTuple):
    """A piece of a text that is no prose: `text[start:end]`; `value` is what it says, a fence's language first."""

    kind: Kind
    start: int
    end: int
    value: str


@dataclass(frozen=True)
class Drawn:
    """One formula or diagram: `text[start:end]` of the page, whole lines where it stands alone.

    `prefix` is the indentation and the quotation marks before something that stands alone; lines count from 1.
    """

    kind: Literal["inline-formula", "display-formula", "diagram"]
    source: str
    line: int
    source_line: int
    start: int
    end: int
    stands_alone: bool = False
    prefix: str = ""

    def page_line(self, line_in_source: int | None) -> int:
        """Return the page's line for a line of the source, or that of its start where none is known."""
        return self.line if line_in_source is None else self.source_line + line_in_source - 1


@dataclass(frozen=True)
class Heading:
    """A heading as its author wrote it; `start` is the place of its line in the text."""

    level: int
    id: str
    title: str
    line: int
    start: int = field(default=0, compare=False)

    def __str__(self) -> str:
        return f"{'#' * self.level} {self.title} {{#{self.id}}}"


@dataclass(frozen=True)
class Loose:
    """A mark that pairs with nothing: two stars, a dollar sign, a backtick."""

    line: int
    mark: str
    start: int
    end: int


@dataclass(frozen=True)
class Tree:
    """What a text consists of; `tokens` are those of markdown-it, and count lines from 0."""

    text: str
    tokens: Sequence[Token]
    spans: tuple[Span, ...]
    headings: tuple[Heading, ...]
    loose: tuple[Loose, ...]
    problem: BifolioError | None
    """What is opened and never closed, with its line and no file."""
    found: tuple[Drawn, ...]
    """The formulas and diagrams in order, as far as they are closed."""

    def drawn(self) -> tuple[Drawn, ...]:
        """Return the formulas and diagrams in order; raise FormulaError or DiagramError for one never closed."""
        if self.problem is not None:
            raise self.problem
        return self.found

    @cached_property
    def lines(self) -> Sequence[int]:
        """The place at which each line starts."""
        return line_starts(self.text)

    def line(self, place: int) -> int:
        """Return the line, from 1, of a place in the text."""
        return bisect_right(self.lines, place)


def leads_elsewhere(target: str) -> bool:
    """Tell whether a link's target is an address, not a file or a place of the edition."""
    return _SCHEME.match(target) is not None


def is_address(target: str) -> bool:
    """Tell whether a target that leads elsewhere is of a kind that a reader can follow and that runs nothing."""
    match = _SCHEME.match(target)
    return match is not None and (match["scheme"] or "https").lower() in _ADDRESSES


def closing_marks(text: str, drawn: Drawn, start: int = 0) -> str:
    """Return the marks of a text after a short formula that no line may begin with; nothing where the line may break.

    A long formula stays breakable: on a phone it would stand out of the page.
    """
    short = drawn.kind == "inline-formula" and len(drawn.source) <= _SHORT
    marks = _CLOSING.match(text, start) if short else None
    return marks[0] if marks else ""


def line_starts(text: str) -> Sequence[int]:
    """Return the place at which each line of a text starts."""
    return [0, *(match.end() for match in _LINE_END.finditer(text))]
