"""Intervals, one rule each: Student's, one that stays in a range, one of a count; the docs give the sources."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from bifolio.statistics.levels import CONFIDENCE
from bifolio.statistics.means import Mean, mean_of
from bifolio.statistics.student import incomplete_beta, student_quantile

Range = tuple[float | None, float | None]
"""The lowest and the highest that a number can be; None is an end that is open."""


@dataclass(frozen=True)
class Estimate:
    """A mean over seeds with its 95 % interval.

    `half_width` is that of Student's interval, and None for a single seed and for what is exact. `ends` are those of an
    interval that stays where the number can be; it is not symmetric, and takes the other's place.
    """

    mean: float
    half_width: float | None
    count: int
    minimum: float
    maximum: float
    ends: tuple[float, float] | None = None

    @property
    def low(self) -> float:
        return self.ends[0] if self.ends else self.mean - (self.half_width or 0.0)

    @property
    def high(self) -> float:
        return self.ends[1] if self.ends else self.mean + (self.half_width or 0.0)

    @property
    def width(self) -> float | None:
        """Return half of the length of the interval that is shown, None where there is none."""
        return (self.ends[1] - self.ends[0]) / 2 if self.ends else self.half_width

    @property
    def unvaried(self) -> bool:
        """Tell whether several seeds measured, and none found another number than the others."""
        return self.half_width == 0.0 and self.minimum == self.maximum


def estimate(
    samples: Sequence[float],
    *,
    test_to_train: float = 0.0,
    confidence: float = CONFIDENCE,
    limits: Range | None = None,
    of: int | None = None,
) -> Estimate:
    """Return the mean of one number per seed with its interval; `test_to_train` is what `mean_of` says.

    With `limits` the interval stays within them (`bounded_interval`), unless the numbers do not. A single number that
    is a count `of` so many has the interval of `count_interval`; any other single number has none. Raises ValueError
    for no samples.
    """
    if len(samples) == 1:
        ends = None if of is None else count_interval(int(samples[0]), of, confidence)
        return Estimate(samples[0], None, 1, samples[0], samples[0], ends)
    found = mean_of(samples, test_to_train=test_to_train)
    half_width = student_quantile(0.5 + confidence / 2, found.degrees) * found.error
    ends = bounded_interval(found, limits, confidence) if limits and lies_inside(found, limits) else None
    return Estimate(found.mean, half_width, len(samples), min(samples), max(samples), ends)


def interval(found: Mean, confidence: float) -> tuple[float, float]:
    """Return the two-sided interval that covers the true mean with this confidence."""
    half_width = student_quantile(0.5 + confidence / 2, found.degrees) * found.error if found.error else 0.0
    return found.mean - half_width, found.mean + half_width


def bounded_interval(found: Mean, limits: Range, confidence: float) -> tuple[float, float]:
    """Return an interval around the mean that stays within limits: Student's on the logit, or the log of a half line.

    The delta method carries the standard error over (Oehlert 1992, The American Statistician 46), so that the interval
    is around the mean itself and not around the mean of transformed numbers. Raises ValueError for a mean outside, or
    at an end although it varies.
    """
    if not found.error:
        return found.mean, found.mean
    low, high = interval(mean_on_line(found, limits), confidence)
    return from_line(low, limits), from_line(high, limits)


def lies_inside(found: Mean, limits: Range) -> bool:
    """Tell whether a mean that varies lies between limits: one at an end cannot vary."""
    low, high = limits
    return found.error > 0.0 and (low is None or low < found.mean) and (high is None or found.mean < high)


def mean_on_line(found: Mean, limits: Range) -> Mean:
    """Return a mean within limits where there are none; raise ValueError as `bounded_interval` does."""
    if found.error and not lies_inside(found, limits):
        raise ValueError(f"a mean of {found.mean} that varies does not lie within {limits}")
    below, above = (abs(found.mean - end) if end is not None else math.inf for end in limits)
    slope = 1.0 / below + 1.0 / above if below < math.inf or above < math.inf else 1.0
    return Mean(on_line(found.mean, limits), found.error * slope, found.degrees)


def on_line(number: float, limits: Range) -> float:
    """Return the logit of a number between two limits, or the log of its distance from one; infinite beyond them."""
    low, high = limits
    below = math.inf if low is None else number - low
    above = math.inf if high is None else high - number
    if below <= 0.0 or above <= 0.0:
        return -math.inf if below <= 0.0 else math.inf
    if low is None and high is None:
        return number
    return (0.0 if low is None else math.log(below)) - (0.0 if high is None else math.log(above))


def from_line(number: float, limits: Range) -> float:
    """Return what `on_line` was given."""
    low, high = limits
    if low is not None and high is not None:
        return low + (high - low) / (1.0 + _exp(-number))
    if low is not None:
        return low + _exp(number)
    return number if high is None else high - _exp(-number)


@lru_cache(maxsize=4096)
def count_interval(count: int, of: int, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """Return the exact interval of a count out of so many cases, as a count (Clopper & Pearson 1934, Biometrika 26).

    It covers the expected count at least as often as it says, whatever the share is. Raises ValueError for no count.
    """
    if not 0 <= count <= of or of < 1:
        raise ValueError(f"{count} of {of} is no count")
    tail = (1.0 - confidence) / 2.0
    low = 0.0 if count == 0 else of * _beta_quantile(tail, count, of - count + 1.0)
    high = float(of) if count == of else of * _beta_quantile(1.0 - tail, count + 1.0, of - count)
    return low, high


def _beta_quantile(probability: float, a: float, b: float) -> float:
    low, high = 0.0, 1.0
    for _ in range(200):
        middle = (low + high) / 2.0
        if middle in (low, high):
            break
        low, high = (middle, high) if incomplete_beta(a, b, middle) < probability else (low, middle)
    return (low + high) / 2.0


def _exp(logarithm: float) -> float:
    try:
        return math.exp(logarithm)
    except OverflowError:
        return math.inf
