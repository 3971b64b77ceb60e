"""Holds a condition against the seeds: its interval at the level of claims, and what follows from it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

from bifolio.claims.arithmetic import compute, fraction
from bifolio.claims.claim import CONTRADICTED, HOLDS, NOT_SUPPORTED, Outcome
from bifolio.claims.condition import Condition, Expression, Name, names_in
from bifolio.claims.operands import Exact, Lookup, Sampled
from bifolio.claims.question import Question, Region, Scale, question_of
from bifolio.errors import ConditionError
from bifolio.statistics import CLAIM_CONFIDENCE, FEWEST_SEEDS, Mean, interval, mean_of, region_p_value, sum_of

Method = Literal["exact", "student", "welch"]
Reason = Literal["", "seeds", "number"]


@dataclass(frozen=True)
class Evaluated:
    """What became of a condition.

    `center`, `low`, `high` are a number and its interval: a value, a difference or a ratio, as `scale` says; `region`
    is on the same scale. `seeds` counts the seeds of each experiment. `p` is two-sided, and None where nothing was
    tested: for exact numbers, and where all seeds agree. `reason` says what kept the condition from being tested.
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


@dataclass
class _Group:
    """The parts of a question that one experiment measured, and the seeds that all of its values have."""

    seeds: list[int]
    test_to_train: float
    parts: list[tuple[int, Expression]] = field(default_factory=list)


class _NoNumber(Exception):
    """Some seed has no finite number."""


def evaluate(condition: Condition, lookup: Lookup) -> Evaluated:
    """Return a condition's outcome; raise ConditionError for one that cannot be tested as it is written."""
    found = {name: lookup(name) for name in names_in(condition)}
    exact = {name: fraction(quantity.number) for name, quantity in found.items() if isinstance(quantity, Exact)}
    sampled = {name: quantity for name, quantity in found.items() if isinstance(quantity, Sampled)}
    question = question_of(condition, found, exact)
    if not sampled:
        return _exact(condition, question, exact)
    groups, constant = _groups(question, sampled)
    method: Method = "student" if len(groups) == 1 else "welch"
    counts = tuple(len(group.seeds) for group in groups)
    try:
        shift = _sum(question.scale, constant, exact)
        samples = [
            [_sum(question.scale, group.parts, {**exact, **_at(seed, sampled)}) for seed in group.seeds]
            for group in groups
        ]
    except _NoNumber:
        return Evaluated(
            condition, NOT_SUPPORTED, question.scale, method, question.region, seeds=counts, reason="number"
        )
    if min(counts) < FEWEST_SEEDS:
        center = shift + math.fsum(math.fsum(one) / len(one) for one in samples) if min(counts) else None
        told = _exp(center) if center is not None and question.scale == "ratio" else center
        return Evaluated(
            condition, NOT_SUPPORTED, question.scale, method, question.region, told, seeds=counts, reason="seeds"
        )
    means = [mean_of(one, test_to_train=group.test_to_train) for one, group in zip(samples, groups, strict=True)]
    total = means[0] if len(means) == 1 else sum_of(means)
    return _tested(condition, question, method, counts, Mean(total.mean + shift, total.error, total.degrees))


def _tested(condition: Condition, question: Question, method: Method, counts: tuple[int, ...], mean: Mean) -> Evaluated:
    """Compare the interval with the region; ratios are compared as logarithms and told as ratios."""
    low, high = interval(mean, CLAIM_CONFIDENCE)
    region, ratio = question.region, question.scale == "ratio"
    tested = Region(_log(region.low), _log(region.high), region.closed) if ratio else region
    outcome = HOLDS if tested.holds(low, high) else CONTRADICTED if tested.excludes(low, high) else NOT_SUPPORTED
    p = region_p_value(mean, tested.low, tested.high) if mean.error else None
    center, low, high = (_exp(end) if ratio else end for end in (mean.mean, low, high))
    return Evaluated(condition, outcome, question.scale, method, region, center, low, high, counts, p)


def _exact(condition: Condition, question: Question, exact: Mapping[Name, Fraction]) -> Evaluated:
    """Return the outcome of a condition in which chance has no part: its numbers are compared as they are."""
    try:
        at = _sum(question.scale, question.parts, exact)
    except _NoNumber:
        return Evaluated(condition, NOT_SUPPORTED, question.scale, "exact", question.region, reason="number")
    outcome = HOLDS if question.region.holds(at, at) else CONTRADICTED
    return Evaluated(condition, outcome, question.scale, "exact", question.region, at)


def _groups(question: Question, sampled: Mapping[Name, Sampled]) -> tuple[list[_Group], list[tuple[int, Expression]]]:
    """Return the parts by experiment, and the constant ones; raise ConditionError for one that mixes experiments."""
    groups: dict[str, _Group] = {}
    constant = []
    for sign, part in question.parts:
        experiments = {sampled[name].experiment for name in names_in(part) if name in sampled}
        if len(experiments) > 1:
            raise ConditionError(
                "values of several experiments have no number for each seed",
                found=part,
                expected="sums of such values, or positive values multiplied and divided on both sides",
            )
        if not experiments:
            constant.append((sign, part))
            continue
        experiment = experiments.pop()
        own = [quantity for quantity in sampled.values() if quantity.experiment == experiment]
        seeds = sorted(set.intersection(*(set(quantity.numbers) for quantity in own)))
        group = groups.setdefault(experiment, _Group(seeds, max(quantity.test_to_train for quantity in own)))
        group.parts.append((sign, part))
    return list(groups.values()), constant


def _at(seed: int, sampled: Mapping[Name, Sampled]) -> dict[Name, Fraction]:
    """Return what was measured with a seed."""
    return {name: fraction(quantity.numbers[seed]) for name, quantity in sampled.items() if seed in quantity.numbers}


def _sum(scale: Scale, parts: Iterable[tuple[int, Expression]], numbers: Mapping[Name, Fraction]) -> float:
    """Return the sum of parts, on the scale of ratios that of their logarithms; raise _NoNumber where it has none."""
    try:
        found = [(sign, compute(part, numbers)) for sign, part in parts]
        if scale == "ratio":
            return math.fsum(sign * math.log(number) for sign, number in found)
        return float(sum((sign * number for sign, number in found), Fraction(0)))
    except (ZeroDivisionError, OverflowError) as error:
        raise _NoNumber from error


def _log(end: float) -> float:
    return -math.inf if end <= 0 else math.log(end)


def _exp(logarithm: float) -> float:
    try:
        return math.exp(logarithm)
    except OverflowError:
        return math.inf
