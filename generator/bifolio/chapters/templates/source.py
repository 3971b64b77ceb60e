"""A template as its author wrote it, with what Jinja will replace covered, so that its prose can be read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING

from bifolio.chapters.templates.plan import Planned
from bifolio.markdown.headings import COMMENT
from bifolio.markdown.prose import COVER, cover, hide
from bifolio.project import Project
from bifolio.storage import read_source

if TYPE_CHECKING:
    from jinja2 import Environment, nodes

_NO_PROSE = (["source", "="], ["{%", "claim"], ["{%", "statement"], ["{%", "question"])
"""What stands before a string that no reader sees as a sentence."""
_TAGS = ("claim", "statement", "question")
_MARKED = ("endclaim", "endstatement", "endquestion")
"""The tags that leave a mark in the text."""


@dataclass(frozen=True)
class Piece:
    """Prose that starts at a line of a template."""

    line: int
    text: str


@dataclass(frozen=True)
class Constant:
    """A number that the author says is not measured, with its source."""

    line: int
    number: str
    source: str = ""


@dataclass(frozen=True)
class Sentence:
    """The sentence of a claim or statement: its prose from a line on, and what its tag says."""

    line: int
    text: str
    said: str


@dataclass(frozen=True)
class Template:
    """`page` is the name of the page that it makes."""

    language: str
    page: str
    file: str
    text: str

    @cached_property
    def literal(self) -> str:
        """Return the text, line for line, with covered expressions and without what Jinja leaves no trace of."""
        parts: list[str] = []
        lines, inside, owed = 1, "", 0
        for line, kind, value in self._tokens:
            parts.append("\n" * (line - lines))  # `{%-` swallows line ends
            lines = max(line, lines) + value.count("\n")
            if kind.endswith("_begin"):
                inside = kind.removesuffix("_begin")
            if kind == "data":
                before, end, rest = value.partition("\n")
                parts += [before, end * (owed + 1), rest]
                owed = 0 if end else owed
            elif inside == "variable":
                parts.append(hide(value))
            else:
                owed += value.count("\n")  # a tag may be long, the sentence around it goes on
                parts.append(COVER if value in _MARKED else "")
            if kind.endswith("_end") or kind == "raw_begin":
                inside = ""
        return "".join(parts) + "\n" * owed

    @cached_property
    def prose(self) -> str:
        """Return the text, place for place, of which only the prose between expressions can be read."""
        return cover(self.literal)

    def pieces(self) -> Iterator[Piece]:
        """Yield the paragraphs of the prose, then the texts that are given to macros."""
        line = 1
        for block in self.prose.replace("\n\n", "\n\n\0").split("\0"):
            yield Piece(line, block)
            line += block.count("\n")
        yield from (Piece(line, cover(text)) for line, text in self.strings())

    def sentences(self) -> Iterator[Sentence]:
        """Yield the sentences of claims and statements as they are written, covered as in `prose`."""
        parts: list[str] | None = None
        first, said, tag, inside = 0, "", "", ""
        for line, kind, value in self._tokens:
            if kind.endswith("_begin"):
                inside, tag = kind.removesuffix("_begin"), ""
            elif kind == "data" and parts is not None:
                first = first or line
                parts.append(value)
            elif inside == "variable" and parts is not None:
                first = first or line
                parts.append(hide(value))
            elif inside == "block" and kind == "name":
                tag = tag or value
                if value in _MARKED and parts is not None:
                    yield Sentence(first, cover("".join(parts)), said)
                    parts = None
            elif kind == "string" and tag in _TAGS:
                parts, first, said = [], 0, value[1:-1].replace('\\"', '"')
            if kind.endswith("_end"):
                inside = ""

    def constants(self) -> list[Constant]:
        """Return the numbers given to `constant`, in order."""
        from jinja2 import TemplateSyntaxError, nodes

        try:
            calls = _environment().parse(self.text).find_all(nodes.Call)
        except TemplateSyntaxError:
            return []
        return [
            Constant(
                call.lineno, _said(call.args[0]), next((_said(o.value) for o in call.kwargs if o.key == "source"), "")
            )
            for call in calls
            if isinstance(call.node, nodes.Name) and call.node.name == "constant" and call.args
        ]

    @cached_property
    def _tokens(self) -> list[tuple[int, str, str]]:
        from jinja2 import TemplateSyntaxError

        try:
            return list(_environment().lex(_environment().preprocess(self.text)))
        except TemplateSyntaxError:
            return []  # rendering tells it

    def strings(self) -> Iterator[tuple[int, str]]:
        """Yield line and text of the string literals in expressions, but not sources and conditions."""
        before = ["", ""]
        for line, kind, value in self._tokens:
            if kind == "whitespace":
                continue
            if kind == "string" and before not in _NO_PROSE:
                yield line, value[1:-1]
            before = [before[1], value.rstrip("+-")]


def read_template(project: Project, planned: Planned) -> Template:
    """Return the template of a page; raise UnreadableError."""
    path = project.templates / planned.template
    file = project.relative(path)
    return Template(planned.language, planned.name, file, read_source(path, file))


@cache
def _environment() -> Environment:
    """Return what splits templates into tokens; Jinja is paid for where a template is read, not recalled."""
    from jinja2 import Environment

    from bifolio.chapters.claims.tags import ClaimTags

    return Environment(
        extensions=[ClaimTags],
        comment_start_string=COMMENT[0],
        comment_end_string=COMMENT[1],
        keep_trailing_newline=True,
    )


def _said(node: nodes.Node) -> str:
    """Return an argument's value, or a sign for one that is computed."""
    from jinja2 import nodes

    try:
        return str(node.as_const()) if isinstance(node, nodes.Expr) else "…"
    except nodes.Impossible:
        return "…"
