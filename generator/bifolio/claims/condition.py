"""A condition as a tree: arithmetic over numbers and names, and what is said of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Operator = Literal["+", "-", "*", "/"]
Comparator = Literal["<", ">", "<=", ">="]


@dataclass(frozen=True)
class Number:
    """A number as its author wrote it, so that 0.1 is a tenth."""

    text: str

    def __str__(self) -> str:
        return self.text


Setting = str | int | float | bool


@dataclass(frozen=True)
class Name:
    """A dotted reference to a value, to a field of a config, or to a cell of a table.

    A cell's last part is its column, and `row` are the cells by which its row is found, by column.
    """

    parts: tuple[str, ...]
    row: tuple[tuple[str, Setting], ...] = ()

    def __str__(self) -> str:
        if not self.row:
            return ".".join(self.parts)
        wanted = ", ".join(f"{column}={_setting(value)}" for column, value in self.row)
        return f"{'.'.join(self.parts[:-1])}.where({wanted}).{self.parts[-1]}"


def _setting(value: Setting) -> str:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else str(value)


@dataclass(frozen=True)
class Negative:
    operand: Expression

    def __str__(self) -> str:
        return f"-{_bracketed(self.operand, _NEGATIVE)}"


@dataclass(frozen=True)
class Binary:
    """Two operands; `a - b - c` is `(a - b) - c`."""

    left: Expression
    operator: Operator
    right: Expression

    def __str__(self) -> str:
        own = _binding(self)
        left, right = _bracketed(self.left, own), _bracketed(self.right, own + 1)
        return f"{left} {self.operator} {right}"


Expression = Number | Name | Negative | Binary


@dataclass(frozen=True)
class Inequality:
    left: Expression
    comparator: Comparator
    right: Expression

    def __str__(self) -> str:
        return f"{self.left} {self.comparator} {self.right}"


@dataclass(frozen=True)
class Within:
    """`subject within low..high`: neither end is measured."""

    subject: Expression
    low: Expression
    high: Expression

    def __str__(self) -> str:
        return f"{self.subject} within {self.low}..{self.high}"


@dataclass(frozen=True)
class Approximately:
    """`left ≈ right by margin`: the margin is not measured, and None is what was declared to matter."""

    left: Expression
    right: Expression
    margin: Expression | None

    def __str__(self) -> str:
        return f"{self.left} ≈ {self.right}" + ("" if self.margin is None else f" by {self.margin}")


Condition = Inequality | Within | Approximately


def names_in(tree: Condition | Expression) -> tuple[Name, ...]:
    """Return the names of a condition in the order of reading, each once."""
    return tuple(dict.fromkeys(_names(tree)))


def _names(tree: Condition | Expression) -> Iterator[Name]:
    match tree:
        case Name():
            yield tree
        case Number():
            return
        case Negative(operand):
            yield from _names(operand)
        case Binary(left, _, right) | Inequality(left, _, right):
            yield from _names(left)
            yield from _names(right)
        case Within(first, second, third) | Approximately(first, second, third):
            for part in (first, second, third):
                if part is not None:
                    yield from _names(part)


_SUM, _PRODUCT, _NEGATIVE, _ATOM = range(4)


def _binding(part: Expression) -> int:
    """Return how tightly an expression holds together when it is written."""
    if isinstance(part, Binary):
        return _SUM if part.operator in "+-" else _PRODUCT
    return _NEGATIVE if isinstance(part, Negative) else _ATOM


def _bracketed(part: Expression, least: int) -> str:
    return str(part) if _binding(part) >= least else f"({part})"
