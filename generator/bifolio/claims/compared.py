"""What a condition compares: which number has to lie where."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from bifolio.claims.arithmetic import compute, factors, fraction, terms
from bifolio.claims.condition import Approximately, Binary, Condition, Expression, Inequality, Name, Within, names_in
from bifolio.claims.operands import Exact, Operand, Sampled
from bifolio.errors import ConditionError

Scale = Literal["value", "difference", "ratio"]


@dataclass(frozen=True)
class Region:
    """Where a number has to lie; a closed one contains its ends."""

    low: float
    high: float
    closed: bool

    def holds(self, low: float, high: float) -> bool:
        """Tell whether all from `low` to `high` lies inside."""
        inside = self.low < low and high < self.high
        return inside or (self.closed and self.low <= low and high <= self.high)

    def excludes(self, low: float, high: float) -> bool:
        """Tell whether all from `low` to `high` lies outside."""
        outside = high < self.low or low > self.high
        return outside or (not self.closed and (high <= self.low or low >= self.high))


@dataclass(frozen=True)
class Compared:
    """Where a sum of parts has to lie: terms with their signs, or on the scale of ratios factors with their powers.

    What is not measured is no part: it moves the ends of the region, so that a reader sees what was measured.
    """

    scale: Scale
    parts: tuple[tuple[int, Expression], ...]
    region: Region


def compared_in(condition: Condition, found: Mapping[Name, Operand], exact: Mapping[Name, Fraction]) -> Compared:
    """Return what has to lie where: the measured side of a comparison, the difference or the ratio of both sides."""
    match condition:
        case Inequality(left, comparator, right):
            below = comparator in ("<", "<=")
            if is_measured(right, found) and not is_measured(left, found):  # what was measured stands on the left
                left, right, below = right, left, not below
            end = None if is_measured(right, found) else _fixed(right, exact)
            closed = comparator in ("<=", ">=")
            if is_ratio([left, right], found):
                divided = left if end is not None else Binary(left, "/", right)
                parts, at = _without_constants(factors(divided), 1.0 if end is None else end, found, exact)
                region = Region(0.0, at, closed) if below else Region(at, math.inf, closed)
                return Compared("ratio", parts, region)
            at = 0.0 if end is None else end
            region = Region(-math.inf, at, closed) if below else Region(at, math.inf, closed)
            added = terms(left) if end is not None else [*terms(left), *terms(right, -1)]
            return _sum_of("value" if end is not None else "difference", added, region, found, exact)
        case Within(subject, low, high):
            region = Region(_bound(low, found, exact), _bound(high, found, exact), closed=True)
            if region.low > region.high:
                raise ConditionError("nothing lies within these ends", found=condition, expected="the lower end first")
            if is_ratio([subject], found) and region.low > 0:
                return Compared("ratio", tuple(factors(subject)), region)
            return _sum_of("value", terms(subject), region, found, exact)
        case Approximately(left, right, margin):
            width = _declared_margin(condition, found) if margin is None else _bound(margin, found, exact)
            if width <= 0:
                raise ConditionError("the margin of ≈ leaves no room", found=margin, expected="a number above 0")
            region = Region(-width, width, closed=True)
            if is_measured(right, found) and not is_measured(left, found):
                left, right = right, left
            scale: Scale = "difference" if is_measured(right, found) else "value"
            return _sum_of(scale, [*terms(left), *terms(right, -1)], region, found, exact)


def _sum_of(
    scale: Scale,
    added: Sequence[tuple[int, Expression]],
    region: Region,
    found: Mapping[Name, Operand],
    exact: Mapping[Name, Fraction],
) -> Compared:
    """Return the measured terms alone, and the region they have to lie in: a reader thinks of a − b against 10.

    Where nothing is measured all terms stay, and the numbers among them are no more than their difference.
    """
    measured = tuple((sign, part) for sign, part in added if is_measured(part, found))
    if not measured:
        return Compared(scale, tuple(added), region)
    fixed = [(sign, part) for sign, part in added if not is_measured(part, found)]
    shift = sum((sign * fraction(_fixed(part, exact)) for sign, part in fixed), Fraction(0))
    low, high = (end if math.isinf(end) else float(fraction(end) - shift) for end in (region.low, region.high))
    return Compared(scale, measured, Region(low, high, region.closed))


def matters_of(condition: Condition, scale: Scale, sampled: Iterable[Sampled]) -> float | None:
    """Return the smallest difference that was declared to matter in a condition; a ratio has none.

    Raises ConditionError where its values differ in that.
    """
    declared = sorted({one.matters for one in sampled if one.matters is not None})
    if scale == "ratio" or not declared:
        return None
    if len(declared) > 1:
        problem = "the values of this condition declare different differences to matter"
        found = f"{condition}: {', '.join(map(str, declared))}"
        raise ConditionError(problem, found=found, expected="one `matters` for what is compared, or a ratio")
    return declared[0]


def _declared_margin(condition: Condition, found: Mapping[Name, Operand]) -> float:
    """Return the margin of an `≈` that names none: what its values are declared to need for a reader to act."""
    sampled = (one for one in found.values() if isinstance(one, Sampled))
    matters = matters_of(condition, "difference", sampled)
    if matters is None:
        expected = "`by N`, or quantities={…: Quantity(matters=…, reason=…)} in the experiment"
        raise ConditionError("nothing says how far apart is still alike", found=condition, expected=expected)
    return matters


def is_ratio(sides: Sequence[Expression], found: Mapping[Name, Operand]) -> bool:
    """Tell whether a condition speaks of a multiple of two measured values, all positive: then ratios are averaged.

    A measured value times a constant is still a value, so that `2 * a < 6` is tested like `a < 3`.
    """
    parts = [part for side in sides for _, part in factors(side)]
    measured = [part for part in parts if is_measured(part, found)]
    if len(parts) == len(sides) or len(measured) < 2:
        return False
    numbers = {name: quantity for part in parts for name in names_in(part) for quantity in [found[name]]}
    positive = all(
        quantity.number > 0 if isinstance(quantity, Exact) else all(number > 0 for number in quantity.numbers.values())
        for quantity in numbers.values()
    )
    plain = all(isinstance(part, Name) or not names_in(part) for part in parts)
    return positive and plain and all(compute(part, {}) > 0 for part in parts if not names_in(part))


def _without_constants(
    parts: Sequence[tuple[int, Expression]], end: float, found: Mapping[Name, Operand], exact: Mapping[Name, Fraction]
) -> tuple[tuple[tuple[int, Expression], ...], float]:
    """Return the measured factors alone, and the end of their region: a reader thinks of a / b against 3."""
    constant = math.prod(compute(part, exact) ** power for power, part in parts if not is_measured(part, found))
    return tuple((power, part) for power, part in parts if is_measured(part, found)), float(end / constant)


def is_measured(expression: Expression, found: Mapping[Name, Operand]) -> bool:
    return any(isinstance(found[name], Sampled) for name in names_in(expression))


def _bound(expression: Expression, found: Mapping[Name, Operand], exact: Mapping[Name, Fraction]) -> float:
    if is_measured(expression, found):
        raise ConditionError(
            "a bound is not measured", found=expression, expected="numbers, fields of a config, exact values"
        )
    return _fixed(expression, exact)


def _fixed(expression: Expression, exact: Mapping[Name, Fraction]) -> float:
    try:
        return float(compute(expression, exact))
    except (ZeroDivisionError, OverflowError):
        raise ConditionError("a bound is no finite number", found=expression, expected="a number") from None
