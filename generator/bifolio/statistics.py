"""Means and intervals over seeds, by one rule each; the docs' statistics page gives the sources."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

CONFIDENCE = 0.95
"""The level of every `±`."""
CLAIM_CONFIDENCE = 0.99
"""The level at which every claim is held: there are many of them."""
FEWEST_SEEDS = 5
"""A comparison of what chance had a part in needs as many."""


@dataclass(frozen=True)
class Estimate:
    """A mean over seeds; `half_width` is that of its 95 % interval, None for a single seed and for what is exact."""

    mean: float
    half_width: float | None
    count: int
    minimum: float
    maximum: float

    @property
    def low(self) -> float:
        return self.mean - (self.half_width or 0.0)

    @property
    def high(self) -> float:
        return self.mean + (self.half_width or 0.0)


def estimate(samples: Sequence[float], *, test_to_train: float = 0.0, confidence: float = CONFIDENCE) -> Estimate:
    """Return the mean of one number per seed with its Student interval.

    `test_to_train` is n_test / n_train where each seed drew its own split. Such splits overlap, so the variance of the
    mean is s² (1/n + n_test/n_train) in place of s²/n (Nadeau & Bengio 2003, Machine Learning 52, eq. 9). Raises
    ValueError for no samples.
    """
    if len(samples) == 1:
        return Estimate(samples[0], None, 1, samples[0], samples[0])
    found = mean_of(samples, test_to_train=test_to_train)
    half_width = student_quantile(0.5 + confidence / 2, found.degrees) * found.error
    return Estimate(found.mean, half_width, len(samples), min(samples), max(samples))


@dataclass(frozen=True)
class Mean:
    """A mean with its standard error; `degrees` of freedom are those of the error, not necessarily whole."""

    mean: float
    error: float
    degrees: float


def mean_of(samples: Sequence[float], *, test_to_train: float = 0.0) -> Mean:
    """Return the mean of at least two independent samples (Student 1908, Biometrika 6), corrected as `estimate` says.

    Raises ValueError for fewer than two samples, which have no spread.
    """
    count = len(samples)
    if count < 2:
        raise ValueError("an estimate needs at least one sample, and a spread two")
    if min(samples) == max(samples):  # no sum is rounded, so no spread is invented
        return Mean(samples[0], 0.0, count - 1)
    scale = _scale(samples)
    scaled = [math.ldexp(sample, -scale) for sample in samples]
    mean = math.fsum(scaled) / count
    variance = math.fsum((sample - mean) ** 2 for sample in scaled) / (count - 1)
    error = math.sqrt(variance * (1.0 / count + test_to_train))
    return Mean(_unscaled(mean, scale), _unscaled(error, scale), count - 1)


def _scale(samples: Sequence[float]) -> int:
    """Return the power of two by which numbers are divided, lest their fourth powers be too large or too small."""
    _, exponent = math.frexp(max(map(abs, samples)))
    return exponent if abs(exponent) > 200 else 0


def _unscaled(number: float, scale: int) -> float:
    try:
        return math.ldexp(number, scale)
    except OverflowError:
        return math.copysign(math.inf, number)


def sum_of(means: Sequence[Mean]) -> Mean:
    """Return the sum of independent means whose variances differ (Welch 1947, Biometrika 34, eq. 28).

    Subtract a mean by negating its samples. Where nothing varies, the degrees of freedom are all there are.
    """
    scale = _scale([one.error for one in means])
    errors = [math.ldexp(one.error, -scale) for one in means]
    variance = math.fsum(error**2 for error in errors)
    squares = math.fsum(error**4 / one.degrees for error, one in zip(errors, means, strict=True))
    degrees = variance**2 / squares if squares > 0.0 else math.fsum(one.degrees for one in means)
    return Mean(math.fsum(one.mean for one in means), _unscaled(math.sqrt(variance), scale), degrees)


def interval(found: Mean, confidence: float) -> tuple[float, float]:
    """Return the two-sided interval that covers the true mean with this confidence."""
    half_width = student_quantile(0.5 + confidence / 2, found.degrees) * found.error if found.error else 0.0
    return found.mean - half_width, found.mean + half_width


def p_value(found: Mean, value: float) -> float:
    """Return the two-sided p-value of a true mean of `value`; raises ValueError for a mean without spread."""
    if not found.error:
        raise ValueError("a mean without spread has no p-value")
    return min(1.0, 2.0 * student_distribution(-abs(found.mean - value) / found.error, found.degrees))


def benjamini_hochberg(p_values: Sequence[float]) -> list[float]:
    """Return the adjusted p-values, in the order given (Benjamini & Hochberg 1995, J. R. Stat. Soc. B 57).

    Rejecting what stays below q keeps the expected share of false rejections among the rejections below q.
    """
    count = len(p_values)
    adjusted = [1.0] * count
    smallest = 1.0
    for rank, place in reversed(list(enumerate(sorted(range(count), key=p_values.__getitem__), start=1))):
        smallest = min(smallest, p_values[place] * (count / rank))
        adjusted[place] = smallest
    return adjusted


@lru_cache(maxsize=256)
def student_quantile(probability: float, degrees: float) -> float:
    """Return t with P(T <= t) = `probability` for Student's T with `degrees` (not necessarily whole) of freedom.

    Bisection on the distribution function; raises ValueError outside 0 < probability < 1 or degrees <= 0.
    """
    if not 0.0 < probability < 1.0 or degrees <= 0.0:
        raise ValueError(f"no quantile for probability {probability} and {degrees} degrees of freedom")
    if probability == 0.5:
        return 0.0
    if probability < 0.5:
        return -student_quantile(1.0 - probability, degrees)
    low, high = 0.0, 1.0
    while student_distribution(high, degrees) < probability:
        low, high = high, high * 2.0
    for _ in range(200):
        middle = (low + high) / 2.0
        if middle in (low, high):
            break
        if student_distribution(middle, degrees) < probability:
            low = middle
        else:
            high = middle
    return (low + high) / 2.0


def student_distribution(t: float, degrees: float) -> float:
    """Return P(T <= t), through the incomplete beta function (Abramowitz & Stegun 1964, 26.7.1 with 26.5.2)."""
    square = t * t
    if square < 1.0:  # degrees / (degrees + t²) rounds to 1 near the middle; its complement keeps its digits
        tail = 0.5 - 0.5 * _incomplete_beta(0.5, degrees / 2.0, square / (degrees + square))
    else:
        tail = 0.5 * _incomplete_beta(degrees / 2.0, 0.5, degrees / (degrees + square))
    return 1.0 - tail if t > 0 else tail


def _incomplete_beta(a: float, b: float, x: float) -> float:
    """Return I_x(a, b) by its continued fraction (Abramowitz & Stegun 26.5.8), evaluated by Lentz's method."""
    if x <= 0.0:
        return 0.0
    if x >= 1.0:
        return 1.0
    if x > (a + 1.0) / (a + b + 2.0):  # the fraction converges fast only on this side
        return 1.0 - _incomplete_beta(b, a, 1.0 - x)
    front = math.exp(math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x))
    tiny = 1e-300
    c, d = 1.0, 1.0 - (a + b) * x / (a + 1.0)
    d = 1.0 / (d if abs(d) > tiny else tiny)
    fraction = d
    for m in range(1, 500):
        for numerator in (
            m * (b - m) * x / ((a + 2 * m - 1.0) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1.0)),
        ):
            d = 1.0 + numerator * d
            d = 1.0 / (d if abs(d) > tiny else tiny)
            c = 1.0 + numerator / c
            c = c if abs(c) > tiny else tiny
            fraction *= c * d
        if abs(c * d - 1.0) < 1e-16:
            break
    return front * fraction / a
