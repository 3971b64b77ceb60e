"""Reads a page's Markdown, and the HTML that macros wrote into it, as one tree."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html import unescape
from typing import TYPE_CHECKING

from generator.drawn import Drawn, find_drawn
from generator.errors import ChapterError, DiagramError, FormulaError
from generator.export.manuscript import Page
from generator.export.pdf.tree import BREAK, DRAWN, FENCE, TEXT, Node

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

_OPEN, _CLOSE = "\ue000", "\ue001"
"""Around the number of a formula or diagram, in its place; nobody writes these characters, which have no meaning."""
_HELD = re.compile(f"{_OPEN}(\\d+){_CLOSE}")
_TAG = re.compile(r"<!--.*?-->|<(?P<end>/?)(?P<name>[A-Za-z][A-Za-z0-9]*)(?P<attributes>(?:[^<>\"']|\"[^\"]*\")*)>", re.S)
_ATTRIBUTE = re.compile(r"(?P<name>[\w:-]+)(?:=\"(?P<value>[^\"]*)\")?")
_HEADING_ID = re.compile(r"\s*\{:?\s*#(?P<id>[^\s}]+)[^}]*\}\s*$")
_VOID = ("br", "hr", "img", "wbr")


def read_tree(page: Page) -> tuple[Node, ...]:
    """Return a page's blocks; raise ChapterError for HTML that is not closed, and what `find_drawn` raises."""
    text, drawn, lines = _held(page)
    builder = _Builder(page, drawn, lines)
    for token in _markdown().parse(text):
        builder.block(token)
    return builder.finished()


@functools.cache
def _markdown() -> MarkdownIt:
    from markdown_it import MarkdownIt
    from mdit_py_plugins.attrs import attrs_plugin

    return MarkdownIt("commonmark").enable("table").use(attrs_plugin)


def _held(page: Page) -> tuple[str, list[Drawn], list[int]]:
    """Return the text with a number for each formula and diagram, these, and the file's line of each line of it."""
    parts: list[str] = []
    lines = [page.first_line]
    found: list[Drawn] = []
    end = 0

    def keep(start: int, stop: int) -> None:
        parts.append(page.text[start:stop])
        line = page.first_line + page.text.count("\n", 0, start)
        lines.extend(range(line + 1, line + 1 + parts[-1].count("\n")))

    if _OPEN in page.text:
        line = page.first_line + page.text[: page.text.index(_OPEN)].count("\n")
        raise ChapterError("a character that has no meaning", file=page.file, line=line, found="U+E000")
    try:
        for drawn in find_drawn(page.text):
            keep(end, drawn.start)
            parts.append(f"{drawn.prefix}{_OPEN}{len(found)}{_CLOSE}")
            found.append(drawn)
            end = drawn.end
    except (FormulaError, DiagramError) as error:
        raise error.at(page.file, page.first_line - 1 + (error.line or 1)) from None
    keep(end, len(page.text))
    return "".join(parts), found, lines


@dataclass
class _Open:
    """An element that is not closed yet."""

    name: str
    line: int
    attributes: dict[str, str]
    children: list[Node] = field(default_factory=list)


class _Builder:
    """Nests what comes in a row."""

    def __init__(self, page: Page, drawn: Sequence[Drawn], lines: Sequence[int]) -> None:
        self.page = page
        self.drawn = drawn
        self.lines = lines
        self.stack = [_Open("", page.first_line, {})]
        self.line = page.first_line

    def finished(self) -> tuple[Node, ...]:
        if len(self.stack) > 1:
            self._refuse(f"<{self.stack[-1].name}>", f"</{self.stack[-1].name}>", self.stack[-1].line)
        return tuple(self.stack[0].children)

    def block(self, token: Token) -> None:
        if token.map:
            self.line = self.lines[min(token.map[0], len(self.lines) - 1)]
        if token.type == "inline":
            self.inlines(token.children or [])
        elif token.type == "html_block":
            self.html(token.content)
        elif token.type in ("fence", "code_block"):
            self.leaf(FENCE, token.content, {"language": token.info.strip()})
        elif token.hidden:  # the paragraph of a list whose items have no blank line between them
            return
        elif token.nesting == 1:
            self.open(token.tag, _strings(token))
        elif token.nesting == -1:
            if re.fullmatch(r"h[1-6]", token.tag):
                self._take_id()
            self.close(token.tag)
        else:
            self.leaf(token.tag)

    def inlines(self, tokens: Sequence[Token]) -> None:
        for token in tokens:
            if token.type == "text":
                self.text(token.content)
            elif token.type in ("softbreak", "hardbreak"):
                self.leaf(BREAK if token.type == "softbreak" else "br")
                self.line += 1
            elif token.type == "code_inline":
                self.leaf("code", token.content)
            elif token.type == "image":
                alt = "".join(child.content for child in token.children or [])
                self.leaf("img", attributes={**_strings(token), "alt": alt})
            elif token.type == "html_inline":
                self.html(token.content)
            elif token.nesting == 1:
                self.open(token.tag, _strings(token))
            elif token.nesting == -1:
                self.close(token.tag)
            else:
                self._refuse(token.type, "Markdown that the reports permit", self.line)

    def text(self, content: str) -> None:
        """Add text, with the formulas and diagrams that were held back in their places."""
        for place, part in enumerate(_HELD.split(content)):
            if place % 2:
                drawn = self.drawn[int(part)]
                line = self.page.first_line - 1 + drawn.line
                self.stack[-1].children.append(Node(DRAWN, line, drawn=drawn))
            elif part:
                self.leaf(TEXT, part)

    def html(self, content: str) -> None:
        """Add the tags of a piece of HTML; what stands between them is Markdown."""
        end = 0
        first = self.line
        for match in _TAG.finditer(content):
            self._between(content[end : match.start()])
            end = match.end()
            self.line = first + content.count("\n", 0, end)
            if match["name"]:
                self._tag(match["name"].lower(), match["attributes"], closes=bool(match["end"]))
        self._between(content[end:])

    def open(self, name: str, attributes: dict[str, str]) -> None:
        self.stack.append(_Open(name, self.line, attributes))

    def close(self, name: str) -> None:
        done = self.stack[-1]
        if done.name != name:
            expected = f"</{done.name}>, which is open since line {done.line}" if done.name else "no such end"
            self._refuse(f"</{name}>", expected, self.line)
        self.stack.pop()
        self.stack[-1].children.append(Node(name, done.line, "", done.attributes, tuple(done.children)))

    def leaf(self, name: str, text: str = "", attributes: dict[str, str] | None = None) -> None:
        self.stack[-1].children.append(Node(name, self.line, text, attributes or {}))

    def _between(self, content: str) -> None:
        """Add the Markdown between two tags; a space before or after it parts words."""
        words = content.strip()
        if not words:
            return
        self.line += len(content) - len(content.lstrip("\n"))
        before, after = content[: content.index(words)], content[content.index(words) + len(words) :]
        if before and "\n" not in before:
            self.leaf(TEXT, " ")
        for token in _markdown().parseInline(words):
            self.inlines(token.children or [])
        if after and "\n" not in after:
            self.leaf(TEXT, " ")

    def _tag(self, name: str, written: str, *, closes: bool) -> None:
        if closes:
            self.close(name)
            return
        attributes = {found["name"]: unescape(found["value"] or "") for found in _ATTRIBUTE.finditer(written)}
        if name in _VOID:
            self.leaf(name, attributes=attributes)
        else:
            self.open(name, attributes)

    def _take_id(self) -> None:
        """Give an open heading the id that stands in braces at its end."""
        heading = self.stack[-1]
        last = heading.children[-1] if heading.children else None
        match = _HEADING_ID.search(last.text) if last and last.name == TEXT else None
        if last and match:
            heading.attributes["id"] = match["id"]
            kept = last.text[: match.start()]
            heading.children[-1:] = [Node(TEXT, last.line, kept)] if kept else []

    def _refuse(self, found: str, expected: str, line: int) -> None:
        raise ChapterError("the page is not well formed", file=self.page.file, line=line, found=found, expected=expected)


def _strings(token: Token) -> dict[str, str]:
    return {name: str(value) for name, value in token.attrs.items()}


def find_named(nodes: Sequence[Node], *names: str) -> Iterator[Node]:
    """Yield the nodes of these names, however deep, but not what such a node contains."""
    for node in nodes:
        if node.name in names:
            yield node
        else:
            yield from find_named(node.children, *names)
