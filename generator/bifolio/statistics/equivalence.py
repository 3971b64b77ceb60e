"""What an interval decides about a region, and the p-value that says the same; equivalence is two one-sided tests."""

from __future__ import annotations

import math

from bifolio.statistics.means import Mean
from bifolio.statistics.student import student_distribution


def p_value(found: Mean, value: float) -> float:
    """Return the two-sided p-value of a true mean of `value`; raises ValueError for a mean without spread."""
    if not found.error:
        raise ValueError("a mean without spread has no p-value")
    return min(1.0, 2.0 * student_distribution(-abs(found.mean - value) / found.error, found.degrees))


def region_p_value(found: Mean, low: float, high: float) -> float:
    """Return the p-value of the end, or the larger of those of the two ends, that a decision has to exclude.

    From inside a region both ends have to be excluded (two one-sided tests: Schuirmann 1987, J. Pharmacokinet.
    Biopharm. 15), from outside it the nearer one. It is below 1 - confidence where the interval decides.
    """
    ends = [end for end in (low, high) if math.isfinite(end)]
    if not low <= found.mean <= high:
        ends = [min(ends, key=lambda end: abs(end - found.mean))]
    return max(p_value(found, end) for end in ends)
