"""Reads a text of Markdown once: whoever asks what it consists of gets the same tree."""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from bifolio.errors import BifolioError, DiagramError, FormulaError
from bifolio.markdown.masking import masked
from bifolio.markdown.token_names import DISPLAY, FORMULA, LOOSE, RAW, UNCLOSED, UNKNOWN
from bifolio.markdown.tree import Drawn, Heading, Kind, Loose, Span, Tree, closing_marks, line_starts

if TYPE_CHECKING:
    from markdown_it.token import Token

_TARGET = re.compile(r"[ \n]*(?:<(?P<angle>[^<>\n]*)>|(?P<bare>\S*))")
_QUOTES = re.compile(r"\n(?: {0,3}>[ ]?)+")


_MOST = 3_000_000
"""Characters of the texts whose trees are kept, at about 35 bytes each: those of a report of a hundred long pages."""
_KEPT: dict[str, Tree] = {}


def read(text: str) -> Tree:
    """Return what a text consists of; a page is asked about by links, citations, pictures, sections and exports."""
    tree = _KEPT.pop(text, None)
    if tree is None:
        tree = _Reading(text).tree()
        total = len(text) + sum(map(len, list(_KEPT)))
        for oldest in list(_KEPT) if total > _MOST else ():
            total -= len(oldest)
            _KEPT.pop(oldest, None)
            if total <= _MOST:
                break
    _KEPT[text] = tree  # what was asked for last is forgotten last
    return tree


def read_head(text: str, length: int) -> Tree:
    """Return the tree of a text that was read already, else of its first blocks, about so many characters of it."""
    end = text.rfind("\n\n", 0, length) if len(text) > length else -1
    return read(text if text in _KEPT or end < 0 else text[: end + 1])


class _Reading:
    """One text being read."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._starts = [*line_starts(text), len(text) + 1]
        self._spans: list[Span] = []
        self._drawn: list[Drawn] = []
        self._headings: list[Heading] = []
        self._loose: list[Loose] = []
        self._problem: BifolioError | None = None
        self._environment: dict[str, Any] = {}
        self._cell = (-1, 0)
        self._bar = ""
        self._autolink = 0

    def tree(self) -> Tree:
        from bifolio.markdown.dialect import parser  # markdown-it is paid for where a text is read, not recalled

        text, self._bar = masked(self._text)
        tokens = parser().parse(text, self._environment)
        for line in self._environment.get(UNCLOSED, ()):
            found, expected = self._line(line).lstrip(" \t>"), "$$ at its end, before the next blank line"
            self._fail(FormulaError("a display formula is never closed", line=line + 1, found=found, expected=expected))
        for index, token in enumerate(tokens):
            if token.type == "inline":
                self._inline(token, tokens[index - 1])
            elif token.map:
                self._block(token)
        return Tree(
            text=self._text,
            tokens=tokens,
            spans=tuple(sorted(self._spans, key=lambda span: span.start)),
            headings=tuple(self._headings),
            loose=tuple(self._loose),
            problem=self._problem,
            found=tuple(sorted(self._drawn, key=lambda drawn: drawn.start)),
        )

    def _block(self, token: Token) -> None:
        assert token.map
        start, end = self._starts[token.map[0]], self._starts[token.map[1]] - 1
        match token.type:
            case "fence" if token.info.strip().partition(" ")[0].strip("{.}") == "mermaid":
                self._diagram(token, start, end)
            case "fence":
                self._spans.append(Span("fence", start, end, f"{token.info.strip()}\n{token.content}"))
            case "code_block":
                self._spans.append(Span("code", start, end, token.content))
            case _ if token.type == DISPLAY:
                token.content, skipped = _source(token.content)
                line = token.map[0] + 1
                drawn = Drawn("display-formula", token.content, line, line + skipped, start, end, True, token.info)
                self._keep(token, drawn)
            case _ if token.type == RAW:
                kind: Kind = "comment" if token.content.lstrip().startswith("<!--") else "tag"
                self._spans.append(Span(kind, start, end, token.content))
            case "frame_open" | "frame_close":
                self._spans.append(Span("tag", start, end, self._text[start:end]))

    def _diagram(self, token: Token, start: int, end: int) -> None:
        assert token.map
        opening = self._line(token.map[0])
        marks, line = token.markup, token.map[0] + 1
        if token.map[1] - token.map[0] < 2 or not self._line(token.map[1] - 1).strip(" \t>").startswith(marks):
            found = opening.lstrip(" \t>")
            self._fail(DiagramError("a diagram is never closed", line=line, found=found, expected=marks))
            return
        prefix = opening[: len(opening) - len(opening.lstrip(" \t>"))]
        self._keep(token, Drawn("diagram", token.content, line, line + 1, start, end, True, prefix))

    def _keep(self, token: Token, drawn: Drawn) -> None:
        token.meta["drawn"] = drawn
        self._drawn.append(drawn)
        kind: Kind = "diagram" if drawn.kind == "diagram" else "formula"
        self._spans.append(Span(kind, drawn.start, drawn.end, drawn.source))

    def _inline(self, token: Token, opening: Token) -> None:
        """Find the spans of a paragraph, a heading or a cell."""
        assert token.map is not None
        token.content = self._unmasked(token.content)
        places = self._places(token)
        if opening.type == "heading_open":
            self._heading(token, opening, places)
        for child in token.children or ():
            child.content = self._unmasked(child.content)
            self._child(child, places)
        self._bind_marks(token.children or [])
        for place, mark in sorted(token.meta.get(LOOSE, ())):
            self._note_loose(place, mark, token, places)

    def _unmasked(self, content: str) -> str:
        return content.replace(self._bar, "|") if self._bar else content

    def _child(self, child: Token, places: list[tuple[int, int]]) -> None:
        meta = child.meta
        if child.type == FORMULA:
            start, end = _place(places, meta["start"]), _place(places, meta["end"] - 1) + 1
            child.content, skipped = _source(child.content)
            line = bisect_right(self._starts, start)
            kind: Any = "display-formula" if child.info else "inline-formula"
            self._keep(child, Drawn(kind, child.content, line, line + skipped, start, end))
        elif child.type == "code_inline":
            ticks = len(child.markup)
            self._add("code", meta["start"], meta["end"], places, ticks)
        elif child.type in ("tag_open", "tag_close"):
            self._add("tag", meta["start"], meta["end"], places)
        elif child.type == UNKNOWN:
            self._add("comment" if child.content.startswith("<!--") else "tag", meta["start"], meta["end"], places)
        elif child.type == "link_open" and child.info == "auto":
            self._autolink = meta["start"]
        elif child.type == "link_close" and child.info == "auto":
            self._add("tag", self._autolink, meta["end"], places)
        elif child.type in ("link_close", "image"):
            self._target(meta["target"] + 1, meta["end"], places)
        if "braces" in meta:
            start, end = meta["braces"]
            self._add("attributes", start, end, places)

    def _bind_marks(self, children: list[Token]) -> None:
        """Let a short formula have the marks after it, which no line may begin with."""
        for child, after in pairwise(children):
            if child.type == FORMULA and after.type == "text":
                marks = closing_marks(after.content, child.meta["drawn"])
                child.meta["marks"], after.content = marks, after.content[len(marks) :]

    def _target(self, start: int, end: int, places: list[tuple[int, int]]) -> None:
        first, last = _place(places, start), _place(places, end - 1) + 1
        target = _TARGET.match(self._text, first + 1, last - 1)
        assert target
        value = target["angle"] if target["angle"] is not None else target["bare"]
        self._spans.append(Span("target", first, last, value))

    def _add(self, kind: Kind, start: int, end: int, places: list[tuple[int, int]], marks: int = 0) -> None:
        first, last = _place(places, start), _place(places, end - 1) + 1
        self._spans.append(Span(kind, first, last, self._text[first + marks : last - marks]))

    def _heading(self, token: Token, opening: Token, places: list[tuple[int, int]]) -> None:
        assert token.map
        level, name = int(opening.tag[1:]), str(opening.attrs.get("id", ""))
        start = self._starts[token.map[0]]
        if opening.level == 0:
            self._headings.append(Heading(level, name, token.content, token.map[0] + 1, start))
        braces = opening.meta.get("braces")
        if braces:
            place = self._text.rindex(braces, start, self._starts[token.map[1]])
            self._spans.append(Span("attributes", place, place + len(braces), braces))

    def _note_loose(self, place: int, mark: str, token: Token, places: list[tuple[int, int]]) -> None:
        start = _place(places, place)
        line = bisect_right(self._starts, start)
        before = self._loose[-1] if self._loose else None
        if before and mark == "*" and before.end == start and before.mark.startswith("*"):
            self._loose[-1] = Loose(before.line, before.mark + mark, before.start, start + 1)
        else:
            self._loose.append(Loose(line, mark, start, start + len(mark)))

    def _places(self, token: Token) -> list[tuple[int, int]]:
        """Return for each line of an inline token's content where it starts there and in the text."""
        assert token.map
        places, start = [], 0
        for number, line in enumerate(token.content.split("\n"), start=token.map[0]):
            first, last = self._starts[number], self._starts[number + 1] - 1
            if self._cell[0] == number:  # the next cell of a row
                first = self._cell[1]
            written = self._text[first:last]
            inside = written.rstrip()
            place = len(inside) - len(line) if inside.endswith(line) and self._cell[0] != number else written.find(line)
            if place < 0:  # an escaped bar has lost its backslash
                match = re.search(re.escape(line).replace(r"\|", r"\\?\|"), written)
                place = match.start() if match else 0
            places.append((start, first + place))
            for index, sign in enumerate(line if written.find(line) < 0 else ""):
                here = first + place + index
                if sign == "|" and self._text[here : here + 2] == "\\|":
                    place += 1
                    places.append((start + index, here + 1))
            start += len(line) + 1
        if token.map[1] == token.map[0] + 1:
            self._cell = (token.map[0], places[-1][1] + len(token.content) - places[-1][0])
        return places

    def _line(self, number: int) -> str:
        return self._text[self._starts[number] : self._starts[number + 1] - 1]

    def _fail(self, error: BifolioError) -> None:
        if self._problem is None or (error.line or 0) < (self._problem.line or 0):
            self._problem = error


def _place(places: list[tuple[int, int]], place: int) -> int:
    """Return where a place of an inline token's content is in the text."""
    for start, source in reversed(places):
        if start <= place:
            return source + place - start
    return places[0][1]


def _source(written: str) -> tuple[str, int]:
    """Return a formula without the quotation marks and the space around it, and how many lines it starts later."""
    source = _QUOTES.sub("\n", written)
    stripped = source.lstrip()
    return stripped.rstrip(), source[: len(source) - len(stripped)].count("\n")
