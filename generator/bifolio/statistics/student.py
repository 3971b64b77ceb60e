"""Student's distribution and what it is made of: the incomplete beta function, with its inverse."""

from __future__ import annotations

import math
from functools import lru_cache


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
        tail = 0.5 - 0.5 * incomplete_beta(0.5, degrees / 2.0, square / (degrees + square))
    else:
        tail = 0.5 * incomplete_beta(degrees / 2.0, 0.5, degrees / (degrees + square))
    return 1.0 - tail if t > 0 else tail


def incomplete_beta(a: float, b: float, x: float) -> float:
    """Return I_x(a, b) by its continued fraction (Abramowitz & Stegun 26.5.8), evaluated by Lentz's method."""
    if x <= 0.0:
        return 0.0
    if x >= 1.0:
        return 1.0
    if x > (a + 1.0) / (a + b + 2.0):  # the fraction converges fast only on this side
        return 1.0 - incomplete_beta(b, a, 1.0 - x)
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
