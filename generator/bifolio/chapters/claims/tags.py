"""The tags `claim`, `statement` and `question`: a sentence with the condition that it is held against."""

from __future__ import annotations

import re
from collections.abc import Callable

from jinja2 import Environment, TemplateSyntaxError, nodes
from jinja2.ext import Extension
from jinja2.parser import Parser

from bifolio.bibliography import FILE
from bifolio.chapters.claims.arguments import about_in, read_arguments
from bifolio.chapters.claims.block import said_block
from bifolio.chapters.claims.failures import failures
from bifolio.chapters.claims.numbers import mark
from bifolio.chapters.claims.outcome import settled
from bifolio.chapters.context.page import Page
from bifolio.chapters.context.written import Written, by_expression, joined, stripped
from bifolio.chapters.macros.citations import name_citations
from bifolio.chapters.macros.reference import is_open
from bifolio.claims import Claim, Kind
from bifolio.errors import ChapterError, CitationError, nearest_name

PAGE = "_page"
"""Where a template's context keeps its page; no experiment's name starts with an underscore."""
WITH_CONTEXT = '{% from "macros.md" import name with context %}'
_LINK = re.compile(
    r"""!?\[((?:[^\[\]\\]|\\.)*)\]          # what is shown
        \((?:[^()\s]|\([^()\s]*\))*        # where it leads
        (?:\s+"[^"]*")?\)                  # its title
        (?:\{[^{}]*\})?""",
    re.VERBOSE,
)
_ALONE = "a {kind} is a block of its own: its tags begin and end its lines, and blank lines stand around it"
_NUMBERED = "a {kind} names a figure or table, and its sentence is listed where nobody sees that"
_NUMBERED_BESIDE = 'ref("…") before or after the tags'
_ABOUT = "_about"
_BEFORE, _AFTER = re.compile(r"(?:\A|(?:\A|\n)[ \t]*\n)\Z"), re.compile(r"[ \t]*(?:\n[ \t]*(?:\n|\Z)|\Z)")
"""What stands before and after a block of its own."""


class ClaimTags(Extension):
    """`{% claim CONDITION %}…{% endclaim %}`, and `statement` and `question` with `expected="…" if=CONDITION`."""

    tags = {"claim", "statement", "question"}  # noqa: RUF012  # the name and type that Jinja asks for

    def __init__(self, environment: Environment) -> None:
        super().__init__(environment)
        comment = f"{re.escape(environment.comment_start_string)}.*?{re.escape(environment.comment_end_string)}"
        self._tag = re.compile(
            rf"{comment}|{{%[-+]?\s*raw\s*[-+]?%}}.*?{{%[-+]?\s*endraw\s*[-+]?%}}"
            r"|{%(?P<open>[-+]?)\s*(?P<tag>claim|statement|question)\b(?P<said>.*?)(?P<shut>[-+]?)%}"
            r"|{%(?P<before>[-+]?)\s*(?P<end>endclaim|endstatement|endquestion)\s*(?P<after>[-+]?)%}",
            re.DOTALL,
        )

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        """Put what a tag says into quotation marks, because `≈` and `1..2` are no Jinja; lines stay where they are.

        A claim's tags stand inside a sentence, so the white space around them is text: `+` keeps it. Raises
        TemplateSyntaxError for a statement or a question that shares its lines or its paragraph with others.
        """
        for match in self._tag.finditer(source):
            kind = match["tag"] or (match["end"] or "").removeprefix("end")
            if kind not in ("statement", "question"):
                continue
            alone = _BEFORE.search(source[: match.start()]) if match["tag"] else _AFTER.match(source, match.end())
            if not alone:
                line = source.count("\n", 0, match.start()) + 1
                raise TemplateSyntaxError(_ALONE.format(kind=kind), line, name, filename)
        return self._tag.sub(_quoted, source)

    def parse(self, parser: Parser) -> list[nodes.Node]:
        token = next(parser.stream)
        said = parser.parse_expression()
        body = parser.parse_statements((f"name:end{token.value}",), drop_needle=True)
        about = about_in(said.value) if isinstance(said, nodes.Const) else ""
        written = parser.environment.parse(about, parser.name, parser.filename).body
        for node in written:
            node.set_lineno(token.lineno, override=True)
        place = [nodes.Const(parser.name), nodes.Const(token.lineno)]
        arguments = [nodes.Name(PAGE, "load"), nodes.Const(token.value), said, *place, nodes.Name(_ABOUT, "load")]
        call = self.call_method("_say", arguments, lineno=token.lineno)
        noted = nodes.AssignBlock(nodes.Name(_ABOUT, "store"), None, written).set_lineno(token.lineno)
        return [noted, nodes.CallBlock(call, [], [], body).set_lineno(token.lineno)]

    def _say(
        self, page: object, kind: Kind, said: str, template: str, line: int, about: str, caller: Callable[[], Written]
    ) -> Written:
        """Return the sentence with its mark; what came of it is noted on the page."""
        if not isinstance(page, Page):
            raise ChapterError("imported macros know no page", expected=WITH_CONTEXT)
        sentence = stripped(caller())
        if not sentence:
            raise ChapterError(
                f"a {kind} without its sentence", found=said.strip(), expected="a sentence between the tags"
            )
        if is_open(sentence):
            raise ChapterError(_NUMBERED.format(kind=kind), found=_plain(page, sentence), expected=_NUMBERED_BESIDE)
        read = read_arguments(kind, said)
        cited = _cited(page, read.source)
        source = _citation(page, cited)
        claim = Claim(
            kind,
            len(page.claims) + 1,
            read.conditions,
            _plain(page, sentence),
            read.expected,
            read.because,
            page.project.relative(page.project.templates / template),
            line,
            _plain(page, source),
            tuple(key for key, _ in cited),
            _plain(page, about.strip()),
        )
        with page.unnoticed():  # the condition is noted as a whole
            found = settled(page, claim)
            wrong = tuple(failures(page, claim, found))
            if kind == "claim":
                made = joined([sentence, by_expression(f"\u00a0{mark(page, claim, found)}")])
            else:
                made = said_block(page, claim, found, sentence, source, about.strip())
        page.claim(claim, wrong)
        return made


def _plain(page: Page, markdown: str) -> str:
    """Return a sentence on one line, with numbers and citations but without their links, so that any page can have it.

    Raises CitationError for a work that is not listed.
    """
    return " ".join(_LINK.sub(r"\1", name_citations(page, markdown)).split())


def _cited(page: Page, source: str) -> tuple[tuple[str, str], ...]:
    """Return the works that a source names, each with the place; raise CitationError for one that is not listed."""
    parts = (part.partition(",") for part in re.split("[;；]", source)) if source else ()
    cited = tuple((key.strip(), place.strip()) for key, _, place in parts)
    for key, _ in cited:
        if key not in page.works:
            raise CitationError(
                f"no work in {FILE} has this key",
                found=key or source,
                expected=f'source="KEY, the place in it", with a key of {FILE}',
                nearest=nearest_name(key, page.works),
            )
    return cited


def _citation(page: Page, cited: tuple[tuple[str, str], ...]) -> str:
    """Return works as a chapter cites them in a sentence, each with the place."""
    said = (page.say("citation.locator", work=f"@{key}", locator=place) if place else f"@{key}" for key, place in cited)
    return page.say("citation.separator").join(said)


def _quoted(match: re.Match[str]) -> str:
    if match["tag"]:
        said = match["said"].replace("\\", "\\\\").replace('"', '\\"')
        return f'{{%{match["open"] or "+"} {match["tag"]} "{said}" {match["shut"]}%}}'
    if match["end"]:
        return f"{{%{match['before']} {match['end']} {match['after'] or '+'}%}}"
    return match[0]
