"""What stands in the tag of a claim, a statement or a question: its arguments, read and checked."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from bifolio.claims import HOLDS, HOLDS_ONLY_IF, STATED, STATEMENT_OUTCOMES, Condition, Kind, parse_condition
from bifolio.errors import ConditionError, nearest_name

_ARGUMENT = re.compile(r'\s*(?P<name>[a-z]+)\s*=\s*"(?P<text>[^"]*)"')
_CONDITIONS = re.compile(r"\s*if\s*=(?P<first>.*?)(?:\sonly\s*=(?P<second>.*))?", re.DOTALL)
_ALLOWED: Mapping[Kind, tuple[str, ...]] = {
    "claim": ("about",),
    "statement": ("source", "about", "expected", "because"),
    "question": ("about", "expected", "because"),
}
_FORM = 'expected="fails" if=CONDITION'


@dataclass(frozen=True)
class Arguments:
    """`source` is who says it, as keys of works each with a place; `about` is a template of its own."""

    conditions: tuple[Condition, ...]
    expected: str = HOLDS
    because: str = ""
    source: str = ""
    about: str = ""


def about_in(said: str) -> str:
    """Return what a tag says that it was tested on, as a template."""
    return next((match["text"] for match in _ARGUMENT.finditer(said) if match["name"] == "about"), "")


def read_arguments(kind: Kind, said: str) -> Arguments:
    """Read what stands in a tag; raise ConditionError for what it lacks or does not know."""
    named, rest = _named(said)
    for name in named:
        if name not in _ALLOWED[kind]:
            raise ConditionError(
                f"a {kind} has no such argument",
                found=name,
                expected=", ".join(_ALLOWED[kind]),
                nearest=nearest_name(name, _ALLOWED[kind]),
            )
    if kind == "claim":
        return Arguments((parse_condition(rest.strip()),), about=named.get("about", ""))
    expected, because = named.get("expected"), named.get("because", "").strip()
    match = _CONDITIONS.fullmatch(rest.rstrip()) if rest.strip() else None
    if expected is None or (rest.strip() and match is None):
        raise ConditionError(f"the {kind} cannot be read", found=said.strip() or "nothing", expected=_FORM)
    if expected not in STATEMENT_OUTCOMES:
        raise ConditionError(
            f"a {kind} has no such outcome",
            found=expected,
            expected=", ".join(STATEMENT_OUTCOMES),
            nearest=nearest_name(expected, STATEMENT_OUTCOMES),
        )
    texts = [text.strip() for text in (match["first"], match["second"]) if text is not None] if match else []
    stated = expected in STATED
    if stated == bool(texts) or stated != bool(because):
        raise ConditionError(
            f"a {kind} has a condition, or a reason for having none",
            found=said.strip(),
            expected=f'expected="{expected}" because="…"' if stated else _FORM,
        )
    if expected == HOLDS_ONLY_IF and len(texts) < 2:
        raise ConditionError(
            f"a {kind} that holds only if something else does has two conditions",
            found=said.strip(),
            expected='expected="holds only if" if=WHERE_IT_HOLDS only=WHERE_IT_DOES_NOT',
        )
    conditions = tuple(map(parse_condition, texts))
    return Arguments(conditions, expected, because, named.get("source", "").strip(), named.get("about", ""))


def _named(said: str) -> tuple[dict[str, str], str]:
    """Return the arguments in quotation marks, and what follows them; raise ConditionError for one that comes twice."""
    named: dict[str, str] = {}
    end = 0
    while match := _ARGUMENT.match(said, end):
        if match["name"] in named:
            raise ConditionError("an argument is given twice", found=match["name"], expected="it once")
        named[match["name"]] = match["text"]
        end = match.end()
    return named, said[end:]
