"""Finds what is drawn on a page: the formulas and diagrams in its Markdown, and where they stand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from bifolio.errors import DiagramError, FormulaError

Kind = Literal["inline-formula", "display-formula", "diagram"]


@dataclass(frozen=True)
class Drawn:
    """One formula or diagram: `text[start:end]` of the page, whole lines where it stands alone.

    `prefix` is the indentation and the quotation marks before something that stands alone; lines count from 1.
    """

    kind: Kind
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
class _Line:
    """A line of the page: where it starts, its quotation marks, its indentation in columns, and the rest."""

    number: int
    start: int
    text: str
    quote: str
    indent: int
    body: str

    @property
    def end(self) -> int:
        return self.start + len(self.text)

    @property
    def prefix(self) -> str:
        return self.text[: len(self.text) - len(self.body)]


_CLOSING = re.compile("[，。；：！？、）”’》〉」』】,.;:?)]{1,2}")
_SHORT = 40

_TAB = 4  # columns by which Python-Markdown wants the content of a list item or a note indented
_QUOTE = re.compile(r"(?: {0,3}>[ ]?)*")
_CONTAINER = re.compile(r"(?:[-*+]|\d{1,9}[.)])[ \t]|!!!|\?\?\?\+?|===|\[\^[^\]]+\]:|:[ \t]")
_LIST_MARKER = re.compile(r"(?:[-*+]|\d{1,9}[.)])[ \t]+")
_FENCE = re.compile(r"(?P<marks>`{3,}(?=[^`]*\Z)|~{3,})[ \t]*\{?[ \t]*\.?(?P<language>[\w+-]*)")
_TABLE_RULE = re.compile(r"\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*\Z")
_RAW_BLOCK = re.compile(
    r"<(?P<tag>address|article|aside|blockquote|canvas|details|dialog|div|dl|fieldset|figure|footer|form|h[1-6]|header"
    r"|iframe|main|math|nav|noscript|object|ol|p|pre|script|section|style|svg|table|textarea|ul|video)\b(?P<rest>[^>]*)>",
    re.IGNORECASE,
)
_MARKDOWN_INSIDE = re.compile(r"\smarkdown\b")

_PAIR = r"\\."  # a backslash and what it escapes
_TAG = r"""</?[A-Za-z][\w-]*(?:\s+[\w:@.-]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'=<>`]+))?)*\s*/?>"""
_NOT_MARKDOWN = rf"""
    {_PAIR}
  | (?P<ticks>(?<!`)`+(?!`)).+?(?<!`)(?P=ticks)(?!`)      # a code span
  | <!--.*?-->
  | <(?P<raw>code|kbd|math|pre|samp|script|style|svg|textarea)\b[^>]*>.*?</(?P=raw)>
  | {_TAG}
  | \]\([^()\s]*                                           # the target of a link
"""
_DISPLAY = rf"\$\$(?!\$)(?P<display>(?:{_PAIR}|[^$\\]|\$(?!\$))+?)\$\$(?!\$)"
# pandoc's rule: no space just inside the dollars, no digit after the second, so that `$5 and $6` is money
_INLINE = rf"\$(?![\s$])(?P<inline>(?:{_PAIR}|[^$\\%s])+?)(?<!\s)\$(?![\d$])"


def _spans(inline: str) -> re.Pattern[str]:
    return re.compile(rf"{_NOT_MARKDOWN} | {_DISPLAY} | {inline} | `+ | \$+", re.VERBOSE | re.DOTALL)


_SPANS = _spans(_INLINE % "")
_SPANS_IN_TABLE = _spans(_INLINE % "|")  # a bar ends the cell, and with it the formula
_DISPLAY_HERE = re.compile(_DISPLAY, re.DOTALL)


def find_drawn(text: str) -> Iterator[Drawn]:
    """Yield the formulas and diagrams of a Markdown page in order; code, comments and raw HTML have none.

    Raises FormulaError or DiagramError, with a line and no file, for one that is opened and never closed.
    """
    lines = _lines(text)
    index = _after_front_matter(lines)
    paragraph: list[_Line] = []
    contents: list[int] = []  # the columns at which the content of the open lists and notes starts
    after_blank = True
    while index < len(lines):
        line = lines[index]
        opens_block = after_blank or bool(_CONTAINER.match(line.body))
        while opens_block and contents and line.indent < contents[-1]:
            contents.pop()
        is_code = after_blank and line.indent >= _TAB + (contents[-1] if contents else 0)
        block_end = index + 1 if not line.body or is_code else _skipped(text, lines, index)
        drawn, after = (None, block_end) if block_end else _standing_alone(text, lines, index)
        if block_end or drawn or line.body.startswith("#") or _LIST_MARKER.match(line.body):
            yield from _in_paragraph(text, paragraph)
            paragraph = []
        if drawn:
            yield drawn
        if block_end or drawn:
            after_blank = not line.body or is_code
            index = after
            continue
        if _CONTAINER.match(line.body):
            contents.append(_TAB * (line.indent // _TAB + 1))
        paragraph += lines[index:after]  # more than one line where a display formula and text share one
        index, after_blank = after, False
        if line.body.startswith("#"):
            yield from _in_paragraph(text, paragraph)
            paragraph = []
    yield from _in_paragraph(text, paragraph)


def closing_marks(text: str, drawn: Drawn) -> str:
    """Return the marks after a short formula that no line may begin with; nothing where the line may break.

    A long formula stays breakable: on a phone it would stand out of the page.
    """
    short = drawn.kind == "inline-formula" and len(drawn.source) <= _SHORT
    marks = _CLOSING.match(text, drawn.end) if short else None
    return marks[0] if marks else ""


def _lines(text: str) -> list[_Line]:
    lines, start = [], 0
    for number, content in enumerate(text.split("\n"), start=1):
        quote = _QUOTE.match(content)[0]  # type: ignore[index]  # it matches an empty text too
        rest = content[len(quote) :]
        body = rest.lstrip(" \t")
        indent = len(rest[: len(rest) - len(body)].expandtabs(_TAB))
        lines.append(_Line(number, start, content, quote, indent, body.rstrip() and body))
        start += len(content) + 1
    return lines


def _after_front_matter(lines: list[_Line]) -> int:
    if lines[0].text.rstrip() != "---":
        return 0
    ends = (index + 1 for index, line in enumerate(lines[1:], start=1) if line.text.rstrip() in {"---", "..."})
    return next(ends, 0)


def _skipped(text: str, lines: list[_Line], index: int) -> int | None:
    """Return the line after a block of code, comment or raw HTML that starts here, or None when none does."""
    line = lines[index]
    fence = _FENCE.match(line.body)
    if fence and fence["language"] != "mermaid":
        return (_fence_end(lines, index, fence["marks"]) or len(lines)) + 1
    if line.body.startswith("<!--"):
        close = text.find("-->", line.end - len(line.body))
        return len(lines) if close < 0 else text.count("\n", 0, close) + 1
    block = _RAW_BLOCK.match(line.body)
    if block is None or _MARKDOWN_INSIDE.search(block["rest"]):
        return None
    depth = 0
    for tag in re.compile(rf"<(/?){block['tag']}\b[^>]*>", re.IGNORECASE).finditer(text, line.end - len(line.body)):
        depth += -1 if tag[1] else 1
        if depth == 0:
            return text.count("\n", 0, tag.end()) + 1
    return None


def _fence_end(lines: list[_Line], index: int, marks: str) -> int | None:
    """Return the line that closes a fence: the same marks, as many or more, and nothing else."""
    for later in range(index + 1, len(lines)):
        body = lines[later].body.rstrip()
        if body.startswith(marks) and not body.strip(marks[0]):
            return later
    return None


def _standing_alone(text: str, lines: list[_Line], index: int) -> tuple[Drawn | None, int]:
    """Return the diagram or display formula that has its lines to itself, or None; and the line after it.

    None may come with several lines: a display formula that shares its last one with text.
    """
    line = lines[index]
    fence = _FENCE.match(line.body)
    if fence:
        return _diagram(lines, index, fence["marks"])
    marker = _LIST_MARKER.match(line.body)
    opening = line.body[marker.end() :] if marker else line.body
    if not opening.startswith("$$") or opening.startswith("$$$"):
        return None, index + 1
    start = line.end - len(opening)
    blank = next((later.start for later in lines[index + 1 :] if not later.body), len(text))
    formula = _DISPLAY_HERE.match(text, start, blank)
    if formula is None:
        expected = "$$ at its end, before the next blank line"
        raise FormulaError("a display formula is never closed", line=line.number, found=opening, expected=expected)
    last = lines[index + text.count("\n", start, formula.end())]
    if marker or text[formula.end() : last.end].strip():
        return None, last.number
    source, skipped = _source(formula["display"])
    number = line.number
    drawn = Drawn("display-formula", source, number, number + skipped, line.start, last.end, True, line.prefix)
    return drawn, last.number


def _diagram(lines: list[_Line], index: int, marks: str) -> tuple[Drawn, int]:
    opening = lines[index]
    end = _fence_end(lines, index, marks)
    if end is None:
        raise DiagramError("a diagram is never closed", line=opening.number, found=opening.body, expected=marks)
    source = "".join(" " * max(0, line.indent - opening.indent) + line.body + "\n" for line in lines[index + 1 : end])
    number, start = opening.number, opening.start
    return Drawn("diagram", source, number, number + 1, start, lines[end].end, True, opening.prefix), end + 1


def _in_paragraph(text: str, paragraph: list[_Line]) -> Iterator[Drawn]:
    """Yield the formulas amid the text of a paragraph, a heading, a list item or a table."""
    if not paragraph:
        return
    in_table = any("|" in line.body and _TABLE_RULE.match(line.body) for line in paragraph[1:])
    spans = _SPANS_IN_TABLE if in_table else _SPANS
    for span in spans.finditer(text, paragraph[0].start, paragraph[-1].end):
        written = span["display"] or span["inline"]
        if written is None:
            continue
        kind: Kind = "display-formula" if span["display"] else "inline-formula"
        line = paragraph[0].number + text.count("\n", paragraph[0].start, span.start())
        source, skipped = _source(written)
        yield Drawn(kind, source, line, line + skipped, span.start(), span.end())


def _source(written: str) -> tuple[str, int]:
    """Return a formula without the quotation marks and the space around it, and how many lines it starts later."""
    source = re.sub(r"\n(?: {0,3}>[ ]?)+", "\n", written)
    stripped = source.lstrip()
    return stripped.rstrip(), source[: len(source) - len(stripped)].count("\n")
