"""What an expression over measured values comes to: a number with its 95 % interval, paired by seed where it can be."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Literal

from bifolio.claims.arithmetic import compute, factors, fraction, terms
from bifolio.claims.compared import Scale, is_measured, is_ratio
from bifolio.claims.condition import Expression, Name, names_in
from bifolio.claims.operands import Exact, Lookup, Operand, Sampled
from bifolio.claims.sampling import Group, NoNumber, groups_of, numbers_at, total_of
from bifolio.errors import ConditionError
from bifolio.statistics import CONFIDENCE, Estimate, Range, estimate, interval, mean_of, sum_of

Method = Literal["exact", "student", "welch"]


@dataclass(frozen=True)
class Computed:
    """A number with its interval; `seeds` counts those of each experiment, `method` says how they were compared.

    `numbers` are what each seed comes to, where all that is measured is of one experiment.
    """

    estimate: Estimate
    method: Method
    seeds: tuple[int, ...] = ()
    numbers: Mapping[int, float] = field(default_factory=dict)


def compute_over_seeds(expression: Expression, lookup: Lookup) -> Computed:
    """Return what an expression comes to; values of one experiment are taken seed by seed.

    Products and ratios of positive values are averaged on their logarithms, so their mean is a geometric one.
    Raises ConditionError for what has no number.
    """
    found: dict[Name, Operand] = {name: lookup(name) for name in names_in(expression)}
    exact = {name: fraction(one.number) for name, one in found.items() if isinstance(one, Exact)}
    sampled = {name: one for name, one in found.items() if isinstance(one, Sampled)}
    try:
        if not sampled:
            return Computed(_alone(float(compute(expression, exact))), "exact")
        scale: Scale = "ratio" if is_ratio([expression], found) else "difference"
        parts = factors(expression) if scale == "ratio" else terms(expression)
        fixed = total_of(scale, [part for part in parts if not is_measured(part[1], found)], exact)
        groups = groups_of([part for part in parts if is_measured(part[1], found)], sampled)
        samples = [
            [total_of(scale, group.parts, {**exact, **numbers_at(seed, sampled)}) for seed in group.seeds]
            for group in groups
        ]
    except (NoNumber, ZeroDivisionError, OverflowError):
        raise ConditionError(
            "this has no number for some seed", found=expression, expected="no division by 0"
        ) from None
    if not all(samples):
        raise ConditionError(
            "these values have no seed in common", found=expression, expected="values of the same seeds"
        )
    limits = None if scale == "ratio" else _limits(expression, sampled, exact)
    combined = _combined(groups, samples, None if limits is None else _moved(limits, -fixed))
    method: Method = "student" if len(groups) == 1 else "welch"
    numbers = dict(zip(groups[0].seeds, samples[0], strict=True)) if len(groups) == 1 else {}
    told = {seed: math.exp(one + fixed) if scale == "ratio" else one + fixed for seed, one in numbers.items()}
    return Computed(_told(combined, scale, fixed), method, tuple(len(group.seeds) for group in groups), told)


def _combined(groups: list[Group], samples: list[list[float]], limits: Range | None) -> Estimate:
    """Return the sum of what the experiments measured, each over its own seeds."""
    if len(groups) == 1:
        return estimate(samples[0], test_to_train=groups[0].test_to_train, limits=limits)
    if any(len(one) == 1 for one in samples):
        return _alone(math.fsum(math.fsum(one) / len(one) for one in samples))
    means = [mean_of(one, test_to_train=group.test_to_train) for one, group in zip(samples, groups, strict=True)]
    total = sum_of(means)
    low, high = interval(total, CONFIDENCE)
    return Estimate(total.mean, (high - low) / 2, min(map(len, samples)), total.mean, total.mean)


def _told(found: Estimate, scale: Scale, fixed: float) -> Estimate:
    """Return an estimate with what is not measured, on the scale on which readers think."""
    if scale != "ratio":
        ends = found.ends and (found.ends[0] + fixed, found.ends[1] + fixed)
        mean, minimum, maximum = (number + fixed for number in (found.mean, found.minimum, found.maximum))
        return replace(found, mean=mean, minimum=minimum, maximum=maximum, ends=ends)
    mean, minimum, maximum, low, high = (
        math.exp(number + fixed) for number in (found.mean, found.minimum, found.maximum, found.low, found.high)
    )
    return Estimate(mean, found.half_width, found.count, minimum, maximum, (low, high) if found.half_width else None)


def _limits(expression: Expression, sampled: Mapping[Name, Sampled], exact: Mapping[Name, Fraction]) -> Range | None:
    """Return where an expression of one measured value can lie, if it is linear in it, as 100 - a is."""
    if len(sampled) != 1:
        return None
    ((name, only),) = sampled.items()
    if only.limits is None:
        return None
    try:
        zero, one, two = (compute(expression, {**exact, name: Fraction(at)}) for at in range(3))
    except ZeroDivisionError:
        return None
    slope = one - zero
    if two - one != slope or slope == 0:
        return None
    low, high = (None if end is None else float(zero + slope * fraction(end)) for end in only.limits)
    return (low, high) if slope > 0 else (high, low)


def _moved(limits: Range, by: float) -> Range:
    low, high = limits
    return (None if low is None else low + by, None if high is None else high + by)


def _alone(number: float) -> Estimate:
    return Estimate(number, None, 1, number, number)
