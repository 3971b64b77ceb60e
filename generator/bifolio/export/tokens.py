"""Reads a page of docs/ into the tokens of markdown-it: Markdown, and the elements that macros write around it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from mdit_py_plugins.attrs import attrs_plugin

from bifolio.errors import BifolioError, ChapterError
from bifolio.export.manuscript import ManuscriptPage
from bifolio.markdown.drawn import Drawn, closing_marks, find_drawn

PLACE = re.compile("\ue000(\\d+)\ue001")
"""Stands for what is drawn, by its number, while Markdown is read; the characters are for private use."""

_ATTRIBUTES = r'(?P<attributes>(?: [a-z][a-z-]*="[^"]*")*)'
_FRAME = re.compile(rf"<(?P<close>/?)(?P<tag>div|figure|figcaption|details){_ATTRIBUTES}>")
_SUMMARY = re.compile(r"<summary>(?P<words>.*)</summary>")
_TAG = re.compile(rf"<(?P<close>/?)(?P<tag>span|small){_ATTRIBUTES}>|<(?P<void>br) ?/?>")
_ANY_TAG = re.compile(r"<[A-Za-z/!?][^<>\n]*>?")
_ATTRIBUTE = re.compile(r' (?P<name>[a-z-]+)="(?P<value>[^"]*)"')
_HEADING_END = re.compile(r"[ ]*\{:?[ ]*(?P<attributes>[#.][^{}]*)\}[ ]*$")


@dataclass(frozen=True)
class Reading:
    """A page as tokens; `drawn[number]` is what stands at a place, with the marks that no line may begin with."""

    page: ManuscriptPage
    tokens: Sequence[Token]
    drawn: Sequence[tuple[Drawn, str]]
    lines: Sequence[tuple[int, int]]

    def line(self, token: Token) -> int:
        """Return the line of the page's file on which a token starts."""
        read = token.map[0] if token.map else 0
        first, source = self.lines[bisect_right(self.lines, (read, len(self.page.text))) - 1]
        return self.page.first_line + source + read - first

    def file_line(self, drawn: Drawn, line_in_source: int | None) -> int:
        """Return the line of the page's file for a line of what is drawn."""
        return self.page.first_line + drawn.page_line(line_in_source) - 1

    def refuse(self, token: Token, problem: str, found: str, expected: str) -> ChapterError:
        """Return the error that something on the page amounts to."""
        return ChapterError(problem, file=self.page.file, line=self.line(token), found=found, expected=expected)


def read_page(page: ManuscriptPage) -> Reading:
    """Return a page as tokens; raise ChapterError, FormulaError or DiagramError with its file and line."""
    try:
        text, drawn, lines = _with_places(page.text)
    except BifolioError as error:
        raise error.at(page.file, page.first_line + (error.line or 1) - 1) from None
    reading = Reading(page, _parser().parse(text), drawn, lines)
    for token, outer in inline_tokens(reading.tokens):
        if token.type == "unknown_tag":
            raise reading.refuse(outer, "an export cannot hold this element", token.content, "Markdown or a macro")
    return reading


def inline_tokens(tokens: Sequence[Token]) -> Iterator[tuple[Token, Token]]:
    """Yield each token inside a paragraph, a heading or a cell, with the token that holds it."""
    for outer in tokens:
        yield from ((token, outer) for token in outer.children or ())


def _with_places(text: str) -> tuple[str, list[tuple[Drawn, str]], list[tuple[int, int]]]:
    """Return the text with a place for all that is drawn, what that is, and where lines moved: (line, source line)."""
    found: list[tuple[Drawn, str]] = []
    parts, end, lines, written = [], 0, [(0, 0)], 0
    for drawn in find_drawn(text):
        marks = closing_marks(text, drawn)
        before, place = text[end : drawn.start], f"\ue000{len(found)}\ue001"
        if drawn.stands_alone:
            blank = drawn.prefix.rstrip()
            place = f"{blank}\n{drawn.prefix}{place}\n{blank}"  # set apart, so that no paragraph takes it in
        found.append((drawn, marks))
        parts += [before, place]
        end = drawn.end + len(marks)
        written += before.count("\n") + place.count("\n")
        lines.append((written, text.count("\n", 0, end)))
    return "".join([*parts, text[end:]]), found, lines


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False}).enable("table").use(attrs_plugin)
    parser.block.ruler.before("table", "frame", _frame, {"alt": ["paragraph", "blockquote", "list"]})
    parser.inline.ruler.after("autolink", "tag", _tag)
    parser.core.ruler.after("block", "shape", _shape)
    return parser


def _frame(state: StateBlock, start: int, _end: int, silent: bool) -> bool:
    """Read a line that is an element's tag, or a whole summary."""
    line = state.src[state.bMarks[start] + state.tShift[start] : state.eMarks[start]].rstrip()
    frame, summary = _FRAME.fullmatch(line), _SUMMARY.fullmatch(line)
    if not frame and not summary:
        return False
    if silent:
        return True
    state.line = start + 1
    if frame:
        name, nesting = ("frame_close", -1) if frame["close"] else ("frame_open", 1)
        token = state.push(name, frame["tag"], nesting)  # type: ignore[arg-type]  # -1 or 1
        token.map, token.attrs = [start, start + 1], dict(_attributes(frame["attributes"]))
    elif summary:
        state.push("frame_open", "summary", 1).map = [start, start + 1]
        inline = state.push("inline", "", 0)
        inline.map, inline.content, inline.children = [start, start + 1], summary["words"], []
        state.push("frame_close", "summary", -1)
    return True


def _tag(state: StateInline, silent: bool) -> bool:
    """Read a tag inside a line: one that macros write, or one that is refused later, where its line is known."""
    known = _TAG.match(state.src, state.pos)
    any_tag = known or _ANY_TAG.match(state.src, state.pos)
    if any_tag is None:
        return False
    if not silent:
        if known is None:
            state.push("unknown_tag", "", 0).content = any_tag[0]
        else:
            name, nesting = ("tag_close", -1) if known["close"] else ("tag_open", 0 if known["void"] else 1)
            token = state.push(name, known["tag"] or known["void"], nesting)  # type: ignore[arg-type]
            token.attrs = dict(_attributes(known["attributes"] or ""))
    state.pos = any_tag.end()
    return True


def _attributes(text: str) -> Iterator[tuple[str, str | int | float]]:
    """Yield the attributes of a tag, but for the one that is meant for Python-Markdown."""
    for match in _ATTRIBUTE.finditer(text):
        if match["name"] != "markdown":
            yield match["name"], match["value"]
        elif match["value"] == "span":
            yield "_span", "1"


def _shape(state: StateCore) -> None:
    """Give headings their ids, and let what a macro calls a phrase be no paragraph."""
    phrases: list[bool] = []
    for index, token in enumerate(state.tokens):
        if token.type == "heading_open":
            inline = state.tokens[index + 1]
            end = _HEADING_END.search(inline.content)
            for part in end["attributes"].split() if end else ():
                if part[0] == "#":
                    token.attrSet("id", part[1:])
                elif part[0] == ".":
                    token.attrJoin("class", part[1:])
            inline.content = inline.content[: end.start()] if end else inline.content
        elif token.type == "frame_open":
            phrases.append(bool(token.attrs.pop("_span", "")))
        elif token.type == "frame_close" and phrases:
            phrases.pop()
        elif token.type.startswith("paragraph") and phrases and phrases[-1]:
            token.hidden = True
