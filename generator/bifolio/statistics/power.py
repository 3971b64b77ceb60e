"""What so many seeds can show, and how many would do: from the spread alone, never from the observed difference."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bifolio.statistics.levels import CLAIM_CONFIDENCE, FEWEST_SEEDS, POWER
from bifolio.statistics.means import Mean, sum_of
from bifolio.statistics.student import student_quantile

MOST_SEEDS = 10_000
"""Where more seeds than these are needed, none are: nobody runs as many."""
_NODES = 64
"""Of Simpson's rule over a density; even. From 4 degrees on, twice as many change no factor by a hundred-thousandth."""
_REACH = 9.0
"""So many standard deviations from its middle a density is integrated."""


@dataclass(frozen=True)
class Spread:
    """What one experiment contributes to a difference: the variance of a seed, and how many seeds showed it."""

    variance: float
    test_to_train: float
    count: int

    @property
    def with_fresh_data(self) -> Spread:
        """Return the same spread where no two seeds share any data."""
        return Spread(self.variance, 0.0, self.count)

    def planned(self, count: int) -> Mean:
        """Return the standard error that the mean of so many seeds would have."""
        return Mean(0.0, math.sqrt(self.variance * (1.0 / count + self.test_to_train)), count - 1)


def smallest_difference(found: Mean, confidence: float = CLAIM_CONFIDENCE, power: float = POWER) -> float:
    """Return the smallest true difference that as many seeds show with this power, at this level.

    Only the standard error of what was measured counts: a power from the observed difference would say nothing that the
    p-value does not (Hoenig & Heisey 2001, The American Statistician 55). The true standard deviation is not known but
    estimated, so the power is that of repeating the experiment, averaged over what the standard deviation can be.
    """
    return found.error * _factor(_shown, found.degrees, confidence, power)


def smallest_margin(found: Mean, confidence: float = CLAIM_CONFIDENCE, power: float = POWER) -> float:
    """Return the smallest margin within which as many seeds show, with this power, that equal things are equal."""
    return found.error * _factor(_equal, found.degrees, confidence, power)


def seeds_needed(
    spreads: Sequence[Spread],
    difference: float,
    *,
    equivalence: bool = False,
    confidence: float = CLAIM_CONFIDENCE,
    power: float = POWER,
) -> int | None:
    """Return how many seeds of each experiment show a true difference with this power; None where none would do.

    With `equivalence` the difference is a margin within which equal things are to be shown as equal.
    """
    if not any(spread.variance for spread in spreads):
        return FEWEST_SEEDS

    def suffices(count: int) -> bool:
        return _power(spreads, difference, count, equivalence, confidence) >= power

    low, high = FEWEST_SEEDS, MOST_SEEDS
    if suffices(low):
        return low
    if not suffices(high):
        return None
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if suffices(middle) else (middle, high)
    return high


def correction_floor(spreads: Sequence[Spread], confidence: float = CLAIM_CONFIDENCE) -> float:
    """Return the half width that no number of seeds passes: 2.58 s √(n_test/n_train) at 99 %, 0 for fresh data."""
    error = math.sqrt(math.fsum(spread.variance * spread.test_to_train for spread in spreads))
    return error * student_quantile(0.5 + confidence / 2, 1e9) if error else 0.0


def largest_ratio(
    spreads: Sequence[Spread],
    difference: float,
    *,
    equivalence: bool = False,
    confidence: float = CLAIM_CONFIDENCE,
    power: float = POWER,
) -> float:
    """Return the largest n_test/n_train with which seeds, as many as anybody runs, would show a true difference.

    That is as far as the spread of a seed stays what it is; 0 where even fresh data would not do.
    """
    low, high = 0.0, max(spread.test_to_train for spread in spreads)
    for _ in range(20):
        middle = (low + high) / 2.0
        drawn = [Spread(one.variance, middle if one.test_to_train else 0.0, one.count) for one in spreads]
        enough = _power(drawn, difference, MOST_SEEDS, equivalence, confidence) >= power
        low, high = (middle, high) if enough else (low, middle)
    return low


def _power(spreads: Sequence[Spread], difference: float, count: int, equivalence: bool, confidence: float) -> float:
    """Return the chance that so many seeds of each experiment show a true difference, or that nothing differs."""
    seen = sum_of([spread.planned(spread.count) for spread in spreads])
    planned = sum_of([spread.planned(count) for spread in spreads])
    shown = _equal if equivalence else _shown
    # `difference` is told in standard errors as they were estimated: the plan's own error comes from the same spread.
    return shown(difference / planned.error, seen.degrees, planned.degrees, confidence)


Chance = Callable[[float, float, float, float], float]


def _shown(difference: float, seen: float, planned: float, confidence: float) -> float:
    """Return the chance that an interval lies on the right side of 0.

    `difference` is in standard errors, as they were estimated with `seen` degrees of freedom; the interval's own error
    has `planned`. With the true error in place of the estimated one this is the noncentral t distribution.
    """
    quantile = student_quantile(0.5 + confidence / 2, planned)
    return _average(seen, planned, lambda true, own: _normal(difference * true - quantile * own))


def _equal(margin: float, seen: float, planned: float, confidence: float) -> float:
    """Return the chance that an interval of a true difference of 0 lies within a margin of 0."""
    quantile = student_quantile(0.5 + confidence / 2, planned)

    def inside(true: float, own: float) -> float:
        return max(0.0, 2.0 * _normal(margin * true - quantile * own) - 1.0)

    return _average(seen, planned, inside)


def _average(seen: float, planned: float, chance: Callable[[float, float], float]) -> float:
    return math.fsum(weight * other * chance(true, own) for true, weight in _chi(seen) for own, other in _chi(planned))


@lru_cache(maxsize=256)
def _chi(degrees: float) -> tuple[tuple[float, float], ...]:
    """Return points of √(χ²/degrees), an estimated standard deviation over the true one, with their weights."""
    reach = _REACH / math.sqrt(2.0 * degrees)
    low, high = max(0.0, 1.0 - reach), 1.0 + reach
    points = [low + (high - low) * place / _NODES for place in range(_NODES + 1)]
    simpson = [1.0 if place in (0, _NODES) else 4.0 if place % 2 else 2.0 for place in range(_NODES + 1)]
    weights = [weight * _chi_density(point, degrees) for point, weight in zip(points, simpson, strict=True)]
    total = math.fsum(weights)
    return tuple((point, weight / total) for point, weight in zip(points, weights, strict=True) if weight)


def _chi_density(point: float, degrees: float) -> float:
    """Return the density up to a factor, 1 at the middle."""
    if point <= 0.0:
        return 1.0 if degrees == 1.0 else 0.0
    return math.exp((degrees - 1.0) * math.log(point) - degrees * (point * point - 1.0) / 2.0)


@lru_cache(maxsize=256)
def _factor(chance: Chance, degrees: float, confidence: float, power: float) -> float:
    """Return how many standard errors a difference has to be; bisection."""
    low, high = 0.0, 1.0
    while chance(high, degrees, degrees, confidence) < power:
        low, high = high, high * 2.0
    for _ in range(24):  # a factor of a few, to less than a millionth
        middle = (low + high) / 2.0
        low, high = (middle, high) if chance(middle, degrees, degrees, confidence) < power else (low, middle)
    return high


def _normal(z: float) -> float:
    return 0.5 * math.erfc(-z / math.sqrt(2.0))
