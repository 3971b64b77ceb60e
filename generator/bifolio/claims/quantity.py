"""What the names of a condition stand for: exact numbers, or one number a seed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from bifolio.claims.condition import Binary, Expression, Name, Negative, Number


@dataclass(frozen=True)
class Exact:
    """A number in which chance has no part: a field of a config, a value that is computed."""

    number: float


@dataclass(frozen=True)
class Sampled:
    """What an experiment measured, by seed; `test_to_train` is n_test / n_train where the seed drew the split."""

    experiment: str
    numbers: Mapping[int, float]
    test_to_train: float = 0.0


Quantity = Exact | Sampled
Lookup = Callable[[Name], Quantity]


def fraction(number: float) -> Fraction:
    """Return the decimal number that a float is printed as, so that no comparison hangs on the last binary digit."""
    return Fraction(repr(number))


def compute(expression: Expression, numbers: Mapping[Name, Fraction]) -> Fraction:
    """Return an expression's number; raises ZeroDivisionError."""
    match expression:
        case Number(text):
            return Fraction(text)
        case Name():
            return numbers[expression]
        case Negative(operand):
            return -compute(operand, numbers)
        case Binary(left, operator, right):
            a, b = compute(left, numbers), compute(right, numbers)
            return a + b if operator == "+" else a - b if operator == "-" else a * b if operator == "*" else a / b


def terms(expression: Expression, sign: int = 1) -> list[tuple[int, Expression]]:
    """Return what a sum adds up, each with 1 or -1."""
    match expression:
        case Negative(operand):
            return terms(operand, -sign)
        case Binary(left, "+", right):
            return [*terms(left, sign), *terms(right, sign)]
        case Binary(left, "-", right):
            return [*terms(left, sign), *terms(right, -sign)]
    return [(sign, expression)]


def factors(expression: Expression, power: int = 1) -> list[tuple[int, Expression]]:
    """Return what a product multiplies, each with 1, or -1 where it divides."""
    match expression:
        case Binary(left, "*", right):
            return [*factors(left, power), *factors(right, power)]
        case Binary(left, "/", right):
            return [*factors(left, power), *factors(right, -power)]
    return [(power, expression)]
