"""The arithmetic of conditions: exact, in fractions, so that no comparison hangs on the last binary digit."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from bifolio.claims.condition import Binary, Expression, Name, Negative, Number


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
