"""Reads a condition: one comparison of arithmetic over numbers and dotted names."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import cast

from bifolio.claims.condition import (
    Approximately,
    Binary,
    Comparator,
    Condition,
    Expression,
    Inequality,
    Name,
    Negative,
    Number,
    Operator,
    Setting,
    Within,
)
from bifolio.errors import ConditionError, nearest_name

_TOKEN = re.compile(
    r"""\s*(?:
    (?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d{1,2})?)
  | (?P<cell>[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*\.where\((?:[^()"\']|"[^"]*"|\'[^\']*\')*\)\.[A-Za-z_]\w*)
  | (?P<name>[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)
  | (?P<sign><=|>=|~=|==|!=|\.\.|\S)
    )""",
    re.VERBOSE | re.ASCII,
)
_CELL = re.compile(r"(?P<table>.*)\.where\((?P<row>.*)\)\.(?P<column>\w+)")
_WANTED = re.compile(
    r"""\s*(?P<column>[A-Za-z_]\w*)\s*=\s*
    (?:"(?P<text>[^"]*)"|\'(?P<other>[^\']*)\'|(?P<bare>-?[\w.+-]+))\s*(?:,|\Z)""",
    re.VERBOSE | re.ASCII,
)
_BARE: Mapping[str, bool] = {"True": True, "true": True, "False": False, "false": False}
_COMPARATORS = ("<", ">", "<=", ">=")
_RELATIONS = (*_COMPARATORS, "within", "≈", "~=")
_KEYWORDS = ("within", "by")
_MEANT = {"=": "≈ … by …", "==": "≈ … by …", "≤": "<=", "≥": ">=", "×": "*", "·": "*", "÷": "/", "−": "-", "–": ".."}
_LONGEST = 400
_DEEPEST = 50


@dataclass(frozen=True)
class _Token:
    kind: str
    text: str
    start: int


@lru_cache(maxsize=1024)
def parse_condition(text: str) -> Condition:
    """Return the condition that a text says; raise ConditionError with the place in it where it stops making sense."""
    return _Parser(text).condition()


class _Parser:
    """Recursive descent; each method reads one rule of the grammar."""

    def __init__(self, text: str) -> None:
        self._text = text.rstrip()
        self._tokens = [*_tokens(self._text), _Token("end", "the end", len(self._text))]
        self._place = 0
        self._depth = 0
        if len(text) > _LONGEST:
            raise ConditionError(
                "the condition is too long to be read by a person", found=len(text), expected=f"{_LONGEST} characters"
            )

    def condition(self) -> Condition:
        """sum (comparator sum | `within` sum `..` sum | `≈` sum [`by` sum])"""
        left = self._sum()
        relation = self._take(*_RELATIONS)
        condition: Condition
        if relation == "within":
            low = self._sum()
            self._take("..")
            condition = Within(left, low, self._sum())
        elif relation in ("≈", "~="):
            right = self._sum()
            by = self._next.text == "by" and self._take("by")
            condition = Approximately(left, right, self._sum() if by else None)
        else:
            condition = Inequality(left, cast("Comparator", relation), self._sum())
        if self._next.kind != "end":
            raise self._refusal("the end of the condition, which says one thing")
        return condition

    def _sum(self) -> Expression:
        """product (`+` product | `-` product)*"""
        left = self._product()
        while self._next.text in ("+", "-"):
            operator = cast("Operator", self._advance().text)
            left = Binary(left, operator, self._product())
        return left

    def _product(self) -> Expression:
        """operand (`*` operand | `/` operand)*"""
        left = self._operand()
        while self._next.text in ("*", "/"):
            operator = cast("Operator", self._advance().text)
            left = Binary(left, operator, self._operand())
        return left

    def _operand(self) -> Expression:
        """`-` operand | `(` sum `)` | number | name"""
        self._depth += 1
        if self._depth > _DEEPEST:
            raise self._refusal(f"at most {_DEEPEST} brackets inside each other")
        try:
            return self._one_operand()
        finally:
            self._depth -= 1

    def _one_operand(self) -> Expression:
        token = self._next
        if token.kind == "number":
            return Number(self._advance().text)
        if token.kind == "name" and token.text not in _KEYWORDS:
            return Name(tuple(self._advance().text.split(".")))
        if token.kind == "cell":
            return self._cell()
        if token.text == "-":
            self._advance()
            return Negative(self._operand())
        if token.text == "(":
            self._advance()
            inside = self._sum()
            self._take(")")
            return inside
        raise self._refusal("a number, a name such as optimizers.adam.loss, - or (")

    def _cell(self) -> Name:
        """table `.where(` column `=` setting (`,` column `=` setting)* `).` column"""
        found = _CELL.fullmatch(self._next.text)
        assert found
        row: list[tuple[str, Setting]] = []
        end = 0
        while wanted := _WANTED.match(found["row"], end):
            row.append((wanted["column"], _setting_of(wanted)))
            end = wanted.end()
        if end < len(found["row"]) or not row:
            raise self._refusal('what tells the row apart: where(model="ridge", width=32)')
        self._advance()
        return Name((*found["table"].split("."), found["column"]), tuple(row))

    @property
    def _next(self) -> _Token:
        return self._tokens[self._place]

    def _advance(self) -> _Token:
        token = self._next
        self._place += 1
        return token

    def _take(self, *texts: str) -> str:
        if self._next.text in texts and self._next.kind != "end":
            return self._advance().text
        raise self._refusal(", ".join(text for text in texts if text != "~="), texts)

    def _refusal(self, expected: str, valid: tuple[str, ...] = ()) -> ConditionError:
        token = self._next
        before, after = self._text[: token.start].strip(), self._text[token.start :].strip()
        place = " ".join(filter(None, [before, "⟨here⟩", after]))
        return ConditionError(
            "the condition cannot be read",
            found=f"{place} (character {token.start + 1})",
            expected=expected,
            nearest=_MEANT.get(token.text) or nearest_name(token.text, valid),
        )


def _setting_of(wanted: re.Match[str]) -> Setting:
    """Return what a row has in a column: a text, True or False, or a number; raise ConditionError for a bare word."""
    bare = wanted["bare"]
    if bare is None:
        return str(wanted["other"] if wanted["text"] is None else wanted["text"])
    if bare in _BARE:
        return _BARE[bare]
    try:
        return int(bare) if re.fullmatch(r"-?\d+", bare) else float(bare)
    except ValueError:
        expected = f'{wanted["column"]}="{bare}", a number, true or false'
        raise ConditionError("a row is told apart by texts and numbers", found=bare, expected=expected) from None


def _tokens(text: str) -> list[_Token]:
    return [
        _Token(str(match.lastgroup), match[match.lastgroup or 0], match.start(match.lastgroup or 0))
        for match in _TOKEN.finditer(text)
    ]
