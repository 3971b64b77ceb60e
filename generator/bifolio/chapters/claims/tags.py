"""The tags `claim` and `statement`: a sentence with the condition that has to bear it out."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from jinja2 import Environment, nodes
from jinja2.ext import Extension
from jinja2.parser import Parser

from bifolio.chapters.claims.failures import failures
from bifolio.chapters.claims.numbers import mark
from bifolio.chapters.claims.outcome import settled
from bifolio.chapters.context.page import Page
from bifolio.chapters.context.written import Written, by_expression, joined, stripped
from bifolio.chapters.macros.citations import name_citations
from bifolio.claims import HOLDS, HOLDS_ONLY_IF, STATEMENT_OUTCOMES, UNTESTED, Claim, Condition, Kind, parse_condition
from bifolio.errors import ChapterError, ConditionError, nearest_name

PAGE = "_page"
"""Where a template's context keeps its page; no experiment's name starts with an underscore."""
WITH_CONTEXT = '{% from "macros.md" import name with context %}'
_STATEMENT = re.compile(
    r'\s*expected\s*=\s*"(?P<expected>[^"]*)"'
    r'\s*(?:because\s*=\s*"(?P<because>[^"]*)"\s*|if\s*=(?P<first>.*?)(?:\sonly\s*=(?P<second>.*))?)?',
    re.DOTALL,
)
_LINK = re.compile(
    r"""!?\[((?:[^\[\]\\]|\\.)*)\]          # what is shown
        \((?:[^()\s]|\([^()\s]*\))*        # where it leads
        (?:\s+"[^"]*")?\)                  # its title
        (?:\{[^{}]*\})?""",
    re.VERBOSE,
)
_FORM = 'expected="fails" if=CONDITION'
_FORM_UNTESTED = f'expected="{UNTESTED}" because="…"'


@dataclass(frozen=True)
class _Said:
    """What stands in a tag."""

    conditions: tuple[Condition, ...]
    expected: str = HOLDS
    because: str = ""


class ClaimTags(Extension):
    """`{% claim CONDITION %}…{% endclaim %}` and `{% statement expected="…" if=CONDITION %}…{% endstatement %}`."""

    tags = {"claim", "statement"}  # noqa: RUF012  # the name and type that Jinja asks for

    def __init__(self, environment: Environment) -> None:
        super().__init__(environment)
        comment = f"{re.escape(environment.comment_start_string)}.*?{re.escape(environment.comment_end_string)}"
        self._tag = re.compile(
            rf"{comment}|{{%[-+]?\s*raw\s*[-+]?%}}.*?{{%[-+]?\s*endraw\s*[-+]?%}}"
            r"|{%(?P<open>[-+]?)\s*(?P<tag>claim|statement)\b(?P<said>.*?)(?P<shut>[-+]?)%}"
            r"|{%(?P<before>[-+]?)\s*(?P<end>endclaim|endstatement)\s*(?P<after>[-+]?)%}",
            re.DOTALL,
        )

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        """Put what a tag says into quotation marks, because `≈` and `1..2` are no Jinja; lines stay where they are.

        The tags stand inside a sentence, so the white space around them is text: `+` keeps it.
        """
        return self._tag.sub(_quoted, source)

    def parse(self, parser: Parser) -> nodes.Node:
        token = next(parser.stream)
        said = parser.parse_expression()
        body = parser.parse_statements((f"name:end{token.value}",), drop_needle=True)
        place = [nodes.Const(parser.name), nodes.Const(token.lineno)]
        arguments = [nodes.Name(PAGE, "load"), nodes.Const(token.value), said, *place]
        call = self.call_method("_say", arguments, lineno=token.lineno)
        return nodes.CallBlock(call, [], [], body).set_lineno(token.lineno)

    def _say(
        self, page: object, kind: Kind, said: str, template: str, line: int, caller: Callable[[], Written]
    ) -> Written:
        """Return the sentence with its mark; what came of it is noted on the page."""
        if not isinstance(page, Page):
            raise ChapterError("imported macros know no page", expected=WITH_CONTEXT)
        sentence = stripped(caller())
        if not sentence:
            raise ChapterError(
                f"a {kind} without its sentence", found=said.strip(), expected="a sentence between the tags"
            )
        read = _claim(said) if kind == "claim" else _statement(said)
        claim = Claim(
            kind,
            len(page.claims) + 1,
            read.conditions,
            _plain(page, sentence),
            read.expected,
            read.because,
            page.project.relative(page.project.templates / template),
            line,
        )
        with page.unnoticed():  # the condition is noted as a whole
            found = settled(page, claim)
            wrong = tuple(failures(page, claim, found))
            ending = by_expression(f"\u00a0{mark(page, claim, found)}")
        page.claim(claim, wrong)
        return joined([sentence, ending])


def _plain(page: Page, markdown: str) -> str:
    """Return a sentence on one line, with numbers and citations but without their links, so that any page can have it.

    Raises CitationError for a work that is not listed.
    """
    return " ".join(_LINK.sub(r"\1", name_citations(page, markdown)).split())


def _quoted(match: re.Match[str]) -> str:
    if match["tag"]:
        said = match["said"].replace("\\", "\\\\").replace('"', '\\"')
        return f'{{%{match["open"] or "+"} {match["tag"]} "{said}" {match["shut"]}%}}'
    if match["end"]:
        return f"{{%{match['before']} {match['end']} {match['after'] or '+'}%}}"
    return match[0]


def _claim(said: str) -> _Said:
    return _Said((parse_condition(said.strip()),))


def _statement(said: str) -> _Said:
    """Read the arguments of a statement; raise ConditionError for what they lack."""
    match = _STATEMENT.fullmatch(said.rstrip())
    if match is None:
        raise ConditionError("the statement cannot be read", found=said.strip() or "nothing", expected=_FORM)
    expected, because = match["expected"], match["because"]
    if expected not in STATEMENT_OUTCOMES:
        raise ConditionError(
            "a statement has no such outcome",
            found=expected,
            expected=", ".join(STATEMENT_OUTCOMES),
            nearest=nearest_name(expected, STATEMENT_OUTCOMES),
        )
    texts = [text.strip() for text in (match["first"], match["second"]) if text is not None]
    untested = expected == UNTESTED
    if untested == bool(texts) or (untested and not (because or "").strip()):
        raise ConditionError(
            "a statement has a condition, or a reason for having none",
            found=said.strip(),
            expected=_FORM_UNTESTED if untested else _FORM,
        )
    if expected == HOLDS_ONLY_IF and len(texts) < 2:
        raise ConditionError(
            "a statement that holds only if something else does has two conditions",
            found=said.strip(),
            expected='expected="holds only if" if=WHERE_IT_HOLDS only=WHERE_IT_DOES_NOT',
        )
    return _Said(tuple(map(parse_condition, texts)), expected, because or "")
