"""Means over seeds with their standard errors, corrected where splits overlap."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Mean:
    """A mean with its standard error; `degrees` of freedom are those of the error, not necessarily whole."""

    mean: float
    error: float
    degrees: float


def mean_of(samples: Sequence[float], *, test_to_train: float = 0.0) -> Mean:
    """Return the mean of at least two samples, one a seed (Student 1908, Biometrika 6).

    `test_to_train` is n_test / n_train where each seed drew its own split. Such splits overlap, so the variance of the
    mean is s² (1/n + n_test/n_train) in place of s²/n (Nadeau & Bengio 2003, Machine Learning 52, eq. 9). Raises
    ValueError for fewer than two samples, which have no spread.
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


def _scale(samples: Sequence[float]) -> int:
    """Return the power of two by which numbers are divided, lest their fourth powers be too large or too small."""
    _, exponent = math.frexp(max(map(abs, samples)))
    return exponent if abs(exponent) > 200 else 0


def _unscaled(number: float, scale: int) -> float:
    try:
        return math.ldexp(number, scale)
    except OverflowError:
        return math.copysign(math.inf, number)
