"""Means, intervals, decisions and power over seeds, by one rule each; the docs' statistics page gives the sources."""

from bifolio.statistics.equivalence import p_value, region_p_value
from bifolio.statistics.intervals import (
    Estimate,
    Range,
    bounded_interval,
    count_interval,
    estimate,
    from_line,
    interval,
    lies_inside,
    mean_on_line,
    on_line,
)
from bifolio.statistics.levels import CLAIM_CONFIDENCE, CONFIDENCE, FEWEST_SEEDS, POWER
from bifolio.statistics.means import Mean, mean_of, sum_of
from bifolio.statistics.power import (
    MOST_SEEDS,
    Spread,
    correction_floor,
    largest_ratio,
    seeds_needed,
    smallest_difference,
    smallest_margin,
)
from bifolio.statistics.student import student_distribution, student_quantile

__all__ = [
    "CLAIM_CONFIDENCE",
    "CONFIDENCE",
    "FEWEST_SEEDS",
    "MOST_SEEDS",
    "POWER",
    "Estimate",
    "Mean",
    "Range",
    "Spread",
    "bounded_interval",
    "correction_floor",
    "count_interval",
    "estimate",
    "from_line",
    "interval",
    "largest_ratio",
    "lies_inside",
    "mean_of",
    "mean_on_line",
    "on_line",
    "p_value",
    "region_p_value",
    "seeds_needed",
    "smallest_difference",
    "smallest_margin",
    "student_distribution",
    "student_quantile",
    "sum_of",
]
