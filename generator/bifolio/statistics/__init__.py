"""Means, intervals, decisions and power over seeds, by one rule each; the docs' statistics page gives the sources."""

from bifolio.statistics.equivalence import p_value, region_p_value
from bifolio.statistics.intervals import Estimate, Range, bounded_interval, count_interval, estimate, interval
from bifolio.statistics.levels import CLAIM_CONFIDENCE, CONFIDENCE, FEWEST_SEEDS, POWER
from bifolio.statistics.means import Mean, mean_of, sum_of
from bifolio.statistics.power import (
    MOST_SEEDS,
    Spread,
    correction_floor,
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
    "interval",
    "mean_of",
    "p_value",
    "region_p_value",
    "seeds_needed",
    "smallest_difference",
    "smallest_margin",
    "student_distribution",
    "student_quantile",
    "sum_of",
]
