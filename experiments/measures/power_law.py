"""Fits a power law, loss = factor · size^(-exponent), as a straight line in logarithms."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class PowerLaw:
    factor: float
    exponent: float


def fit_power_law(sizes: Sequence[float], losses: Sequence[float]) -> PowerLaw:
    """Return the law with the least squares of ln(loss) (Kaplan et al., 2020: no floor below which no loss can fall).

    Hoffmann et al. (2022) add such a floor; with a handful of sizes it cannot be told from the exponent.
    """
    if len(sizes) != len(losses) or len(set(sizes)) < 2:
        raise ValueError(f"a power law needs a loss for each of two or more sizes, not {sizes} and {losses}")
    x, y = [math.log(size) for size in sizes], [math.log(loss) for loss in losses]
    middle_x, middle_y = math.fsum(x) / len(x), math.fsum(y) / len(y)
    slope = math.fsum((a - middle_x) * (b - middle_y) for a, b in zip(x, y, strict=True)) / math.fsum(
        (a - middle_x) ** 2 for a in x
    )
    return PowerLaw(factor=math.exp(middle_y - slope * middle_x), exponent=-slope)
