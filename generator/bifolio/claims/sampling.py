"""What seeds measured of the parts of a sum or product: by experiment, with the seeds that all of its values have."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from bifolio.claims.arithmetic import compute, fraction
from bifolio.claims.compared import Scale
from bifolio.claims.condition import Expression, Name, names_in
from bifolio.claims.operands import Sampled
from bifolio.errors import ConditionError

Parts = Sequence[tuple[int, Expression]]
"""Terms with their signs, or on the scale of ratios factors with their powers."""


@dataclass
class Group:
    """The parts of a sum that one experiment measured, and the seeds that all of its values have."""

    seeds: list[int]
    test_to_train: float
    parts: list[tuple[int, Expression]] = field(default_factory=list)


class NoNumber(Exception):
    """Some seed has no finite number."""


def groups_of(parts: Parts, sampled: Mapping[Name, Sampled]) -> list[Group]:
    """Return the parts by experiment; raise ConditionError for one that mixes experiments."""
    groups: dict[str, Group] = {}
    for sign, part in parts:
        experiments = {sampled[name].experiment for name in names_in(part) if name in sampled}
        if len(experiments) > 1:
            raise ConditionError(
                "values of several experiments have no number for each seed",
                found=part,
                expected="sums of such values, or positive values multiplied and divided on both sides",
            )
        experiment = experiments.pop()
        own = [quantity for quantity in sampled.values() if quantity.experiment == experiment]
        seeds = sorted(set.intersection(*(set(quantity.numbers) for quantity in own)))
        group = groups.setdefault(experiment, Group(seeds, max(quantity.test_to_train for quantity in own)))
        group.parts.append((sign, part))
    return list(groups.values())


def numbers_at(seed: int, sampled: Mapping[Name, Sampled]) -> dict[Name, Fraction]:
    """Return what was measured with a seed."""
    return {name: fraction(quantity.numbers[seed]) for name, quantity in sampled.items() if seed in quantity.numbers}


def total_of(scale: Scale, parts: Iterable[tuple[int, Expression]], numbers: Mapping[Name, Fraction]) -> float:
    """Return the sum of parts, on the scale of ratios that of their logarithms; raise NoNumber where it has none."""
    try:
        found = [(sign, compute(part, numbers)) for sign, part in parts]
        if scale == "ratio":
            return math.fsum(sign * math.log(number) for sign, number in found)
        return float(sum((sign * number for sign, number in found), Fraction(0)))
    except (ZeroDivisionError, OverflowError) as error:
        raise NoNumber from error
