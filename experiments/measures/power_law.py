"""Fits a power law, loss = factor · size^(-exponent), as a straight line in logarithms."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class PowerLaw:
    factor: float
    exponent: float

    def at(self, size: float) -> float:
        """Return the loss that the law gives to a size."""
        return self.factor * math.exp(-self.exponent * math.log(size))


def fit_power_law(sizes: Sequence[float], losses: Sequence[float]) -> PowerLaw:
    """Return the law with the least squares of ln(loss) (Kaplan et al., 2020: no floor below which no loss can fall).

    Hoffmann et al. (2022) add such a floor; with a handful of sizes it cannot be told from the exponent.
    """
    if len(sizes) != len(losses) or len(set(sizes)) < 2:
        raise ValueError(f"a power law needs a loss for each of two or more sizes, not {sizes} and {losses}")
    x, y = [math.log(size) for size in sizes], [math.log(loss) for loss in losses]
    middle_x, middle_y = sum(x) / len(x), sum(y) / len(y)
    slope = sum((a - middle_x) * (b - middle_y) for a, b in zip(x, y, strict=True)) / sum(
        (a - middle_x) ** 2 for a in x
    )
    return PowerLaw(factor=math.exp(middle_y - slope * middle_x), exponent=-slope)


def largest_miss(law: PowerLaw, sizes: Sequence[float], losses: Sequence[float]) -> float:
    """Return by how many percent the law misses the loss that it misses most."""
    return max(100.0 * abs(law.at(size) / loss - 1.0) for size, loss in zip(sizes, losses, strict=True))
