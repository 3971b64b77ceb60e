"""What a template computes from measured values: an expression, so that the number keeps its seeds and its evidence."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, NoReturn

from bifolio.chapters.context.page import Page
from bifolio.claims import Binary, Expression, Negative, Number, Operator
from bifolio.errors import ChapterError, UnknownNameError

PERCENT, POINTS = "%", "points"
"""The unit of a share, and that of a difference between two."""


@dataclass(frozen=True)
class Operand:
    """One side of a computation: an expression over names, and its unit; `page` is None for a number."""

    expression: Expression
    unit: str
    page: Page | None


@dataclass(frozen=True, eq=False)
class DerivedValue:
    """`a - b`, `a / b`, `100 - a`: what is computed from values, with the unit that it has.

    `digits` is how many are shown after the point, None where the interval decides it.
    """

    page: Page
    expression: Expression
    unit: str
    digits: int | None = None

    def __str__(self) -> str:
        return str(self.expression)

    def operand(self) -> Operand:
        return Operand(self.expression, self.unit, self.page)


@dataclass(frozen=True, eq=False)
class Detail:
    """One number of a value: an end of its interval, how its seeds scatter, or what one seed measured."""

    value: DerivedValue
    kind: Literal["low", "high", "sd", "seed"]
    seed: int = 0
    digits: int | None = None

    @property
    def page(self) -> Page:
        return self.value.page

    @property
    def unit(self) -> str:
        """Return the unit of the number: a deviation between shares is told in points, as each distance is."""
        return POINTS if self.kind == "sd" and self.value.unit == PERCENT else self.value.unit

    def __str__(self) -> str:
        return f"{self.value} | {self.kind}" + (f"({self.seed})" if self.kind == "seed" else "")

    def operand(self) -> NoReturn:
        """Refuse to be computed with: what comes of it would have no interval that is true."""
        raise ChapterError(
            "one number of a value has no interval, so nothing is computed with it",
            found=str(self),
            expected=f"the computation first, and `| {self.kind}` of what comes of it",
        )


def computing(cls: type, operand: Callable[..., Operand | None]) -> None:
    """Give a class the four operations; `operand` says what one of its objects is in an expression."""

    def binary(operator: Operator, reflected: bool) -> Callable[[object, object], object]:
        def apply(self: object, other: object) -> object:
            own, others = operand(self), operand_of(other)
            if own is None or others is None:
                return NotImplemented
            left, right = (others, own) if reflected else (own, others)
            page = page_of(left, right)
            if operator == "+" and left == Operand(Number("0"), "", None):  # a sum begins with nothing
                return DerivedValue(page, right.expression, right.unit)
            unit = _unit(left, operator, right)
            return DerivedValue(page, Binary(left.expression, operator, right.expression), unit)

        return apply

    names: dict[Operator, str] = {"+": "add", "-": "sub", "*": "mul", "/": "truediv"}
    for operator, name in names.items():
        setattr(cls, f"__{name}__", binary(operator, False))
        setattr(cls, f"__r{name}__", binary(operator, True))

    def negative(self: object) -> DerivedValue:
        own = operand(self)
        if own is None or own.page is None:
            raise TypeError("bad operand type for unary -")
        return DerivedValue(own.page, Negative(own.expression), own.unit)

    setattr(cls, "__neg__", negative)  # noqa: B010  # a class is no object with such an attribute to a type checker
    without_truth(cls)


def without_truth(cls: type) -> None:
    """Let a class refuse to be compared or asked whether it is true: that is what claims are for."""

    def refuse(sign: str) -> Callable[..., bool]:
        def compare(self: object, *others: object) -> bool:
            if others and self is others[0]:
                return sign in ("==", "<=", ">=")  # lists look for what they hold
            found = " ".join([str(self), sign, *map(str, others)]).strip()
            raise ChapterError(
                "a measured value is neither true nor false: its seeds differ",
                found=found,
                expected=f"{{% claim {found if others else f'{self} > 0'} %}}…{{% endclaim %}}, which tests it over "
                "the seeds, or `| mean` for a bare number",
            )

        return compare

    signs = {"bool": "", "eq": "==", "ne": "!=", "lt": "<", "le": "<=", "gt": ">", "ge": ">="}
    for name, sign in signs.items():
        setattr(cls, f"__{name}__", refuse(sign))
    setattr(cls, "__hash__", object.__hash__)  # noqa: B010  # as above


def page_of(left: Operand, right: Operand) -> Page:
    """Return the page on which something is computed; one side at least is measured."""
    page = left.page or right.page
    assert page is not None
    return page


def operand_of(value: object) -> Operand | None:
    """Return what a value is in an expression; None for what is no number."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        size = Number(repr(abs(value)))
        return Operand(size if value >= 0 else Negative(size), "", None)
    as_operand = getattr(value, "operand", None)
    return as_operand() if as_operand else None


def _unit(left: Operand, operator: Operator, right: Operand) -> str:
    """Return the unit of a computation; raise UnknownNameError for numbers that do not add up."""
    units = [side.unit for side in (left, right)]
    is_number = [side.page is None for side in (left, right)]
    if operator in "+-":
        if any(is_number):  # a number is taken to be in the unit of the other side
            return units[0] or units[1]
        shares = {*units} <= {PERCENT, POINTS}
        if units[0] == units[1] or shares:
            return POINTS if shares and operator == "-" and units[0] == units[1] == PERCENT else units[0]
    elif operator == "*":
        if "" in units:
            return units[0] or units[1]
    elif not units[1] or units[0] == units[1]:
        return "" if units[1] else units[0]
    raise UnknownNameError(
        "the units of a computation do not go together",
        found=f"{left.expression} ({units[0] or 'none'}) {operator} {right.expression} ({units[1] or 'none'})",
        expected="sums of one unit, products and quotients with one that has none, quotients of the same unit",
    )


computing(DerivedValue, DerivedValue.operand)
computing(Detail, Detail.operand)
