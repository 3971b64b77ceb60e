"""Holds a condition against the seeds: its interval at the level of claims, and what follows from it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal

from bifolio.claims.arithmetic import fraction
from bifolio.claims.claim import CONTRADICTED, HOLDS, NOT_SUPPORTED, Outcome
from bifolio.claims.compared import Compared, Region, Scale, compared_in, matters_of
from bifolio.claims.condition import Condition, Name, names_in
from bifolio.claims.operands import Exact, Lookup, Sampled
from bifolio.claims.sampling import Group, NoNumber, groups_of, numbers_at, total_of
from bifolio.statistics import (
    CLAIM_CONFIDENCE,
    FEWEST_SEEDS,
    Mean,
    Range,
    Spread,
    count_interval,
    from_line,
    interval,
    lies_inside,
    mean_of,
    mean_on_line,
    on_line,
    region_p_value,
    smallest_difference,
    smallest_margin,
    sum_of,
)

Method = Literal["exact", "student", "welch", "count"]
Reason = Literal["", "seeds", "number"]


@dataclass(frozen=True)
class Evaluated:
    """What became of a condition.

    `center`, `low`, `high` are a number and its interval: a value, a difference or a ratio, as `scale` says; `region`
    is on the same scale. `seeds` counts the seeds of each experiment. `p` is two-sided, and None where nothing was
    tested: for exact numbers and single counts, and where all seeds agree. `reason` says what kept the condition from
    being tested. `spreads` are those of the experiments, on the logarithm for a ratio; `matters` is what was declared.
    """

    condition: Condition
    outcome: Outcome
    scale: Scale
    method: Method
    region: Region
    center: float | None = None
    low: float | None = None
    high: float | None = None
    seeds: tuple[int, ...] = ()
    p: float | None = None
    reason: Reason = ""
    spreads: tuple[Spread, ...] = ()
    matters: float | None = None

    @property
    def is_equivalence(self) -> bool:
        """Tell whether it asks for a number between two ends, and not on one side of one."""
        return math.isfinite(on_line(self.region.low, self._limits)) and math.isfinite(self.region.high)

    @property
    def detectable(self) -> float | None:
        """Return what as many seeds would have shown with 80 % power, None where that is not known.

        It is the smallest distance from a boundary, or the smallest margin around equal values; a factor for a ratio.
        """
        if not any(spread.variance for spread in self.spreads):
            return None
        found = sum_of([spread.planned(spread.count) for spread in self.spreads])
        size = smallest_margin(found) if self.is_equivalence else smallest_difference(found)
        return from_line(size, self._limits) if self.scale == "ratio" else size

    @property
    def underpowered(self) -> bool:
        """Tell whether it could not be decided, and no difference that is said to matter could have been shown."""
        if self.outcome != NOT_SUPPORTED or self.reason == "number":
            return False
        return self.detectable is None or self.wanted is None or self.detectable > self.wanted

    @property
    def wanted(self) -> float | None:
        """Return what has to be shown: the margin of an equivalence, or what is said to matter; None is unknown."""
        if not self.is_equivalence:
            return self.matters
        low, high = self.region.low, self.region.high
        return math.sqrt(high / low) if self.scale == "ratio" else (high - low) / 2

    @property
    def _limits(self) -> Range:
        return (0.0, None) if self.scale == "ratio" else (None, None)


def evaluate(condition: Condition, lookup: Lookup) -> Evaluated:
    """Return a condition's outcome; raise ConditionError for one that cannot be tested as it is written."""
    found = {name: lookup(name) for name in names_in(condition)}
    exact = {name: fraction(quantity.number) for name, quantity in found.items() if isinstance(quantity, Exact)}
    sampled = {name: quantity for name, quantity in found.items() if isinstance(quantity, Sampled)}
    compared = compared_in(condition, found, exact)
    if not sampled:
        return _exact(condition, compared, exact)
    groups = groups_of(compared.parts, sampled)
    method: Method = "student" if len(groups) == 1 else "welch"
    counts = tuple(len(group.seeds) for group in groups)
    try:
        samples = [
            [total_of(compared.scale, group.parts, {**exact, **numbers_at(seed, sampled)}) for seed in group.seeds]
            for group in groups
        ]
    except NoNumber:
        return Evaluated(
            condition, NOT_SUPPORTED, compared.scale, method, compared.region, seeds=counts, reason="number"
        )
    only = _only_value(compared, sampled)
    if only and only.of is not None and counts == (1,):
        return _counted(condition, compared, int(samples[0][0]), only.of)
    matters = matters_of(condition, compared.scale, sampled.values())
    if min(counts) < FEWEST_SEEDS:
        center = math.fsum(math.fsum(one) / len(one) for one in samples) if min(counts) else None
        told = from_line(center, (0.0, None)) if center is not None and compared.scale == "ratio" else center
        return Evaluated(
            condition,
            NOT_SUPPORTED,
            compared.scale,
            method,
            compared.region,
            told,
            seeds=counts,
            reason="seeds",
            matters=matters,
        )
    means = [mean_of(one, test_to_train=group.test_to_train) for one, group in zip(samples, groups, strict=True)]
    total = means[0] if len(means) == 1 else sum_of(means)
    tested = _tested(condition, compared, total, only.limits if only else None)
    spreads = tuple(_spread(mean, group) for mean, group in zip(means, groups, strict=True))
    return replace(tested, method=method, seeds=counts, spreads=spreads, matters=matters)


def _tested(condition: Condition, compared: Compared, mean: Mean, limits: Range | None) -> Evaluated:
    """Compare the interval with the region: that of a value where the value can be, that of a ratio on logarithms."""
    region, ratio = compared.region, compared.scale == "ratio"
    bounded = limits is not None and lies_inside(mean, limits)
    line: Range = (0.0, None) if ratio else limits if limits and bounded else (None, None)
    tested = mean if ratio else mean_on_line(mean, line)
    on = Region(on_line(region.low, line), on_line(region.high, line), region.closed)
    low, high = interval(tested, CLAIM_CONFIDENCE)
    outcome = HOLDS if on.holds(low, high) else CONTRADICTED if on.excludes(low, high) else NOT_SUPPORTED
    p = (
        region_p_value(tested, on.low, on.high)
        if mean.error and math.isfinite(min(abs(on.low), abs(on.high)))
        else None
    )
    center, low, high = (from_line(end, line) for end in (tested.mean, low, high))
    return Evaluated(condition, outcome, compared.scale, "student", region, center, low, high, p=p)


def _counted(condition: Condition, compared: Compared, count: int, of: int) -> Evaluated:
    """Return the outcome of a condition on a single count: its exact interval is the one that is shown."""
    low, high = count_interval(count, of, CLAIM_CONFIDENCE)
    region = compared.region
    outcome = HOLDS if region.holds(low, high) else CONTRADICTED if region.excludes(low, high) else NOT_SUPPORTED
    return Evaluated(condition, outcome, compared.scale, "count", region, count, low, high, (1,))


def _only_value(compared: Compared, sampled: Mapping[Name, Sampled]) -> Sampled | None:
    """Return what a condition compares with a number, where that is one measured value and nothing else."""
    match compared.parts:
        case ((1, Name() as name),) if compared.scale == "value":
            return sampled.get(name)
    return None


def _spread(mean: Mean, group: Group) -> Spread:
    count = len(group.seeds)
    return Spread(mean.error**2 / (1.0 / count + group.test_to_train), group.test_to_train, count)


def _exact(condition: Condition, compared: Compared, exact: Mapping[Name, Fraction]) -> Evaluated:
    """Return the outcome of a condition in which chance has no part: its numbers are compared as they are."""
    try:
        at = total_of(compared.scale, compared.parts, exact)
    except NoNumber:
        return Evaluated(condition, NOT_SUPPORTED, compared.scale, "exact", compared.region, reason="number")
    outcome = HOLDS if compared.region.holds(at, at) else CONTRADICTED
    return Evaluated(condition, outcome, compared.scale, "exact", compared.region, at)
