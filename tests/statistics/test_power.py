"""What seeds can show: the noncentral t where the spread is known, and how it depends on seeds, splits and spread."""

from __future__ import annotations

import math

import pytest
from bifolio.statistics import (
    FEWEST_SEEDS,
    Mean,
    Spread,
    correction_floor,
    seeds_needed,
    smallest_difference,
    smallest_margin,
)
from bifolio.statistics.power import _shown
from scipy import stats


@pytest.mark.parametrize("degrees", [4, 7.3, 19, 200])
@pytest.mark.parametrize("difference", [1.0, 4.0, 8.0])
def test_with_a_known_spread_the_chance_is_that_of_the_noncentral_t(degrees: float, difference: float) -> None:
    quantile = stats.t.ppf(0.995, degrees)
    assert _shown(difference, 1e8, degrees, 0.99) == pytest.approx(
        1 - stats.nct.cdf(quantile, degrees, difference), abs=1e-5
    )


def test_an_uncertain_spread_asks_for_more_and_only_the_spread_counts() -> None:
    known = stats.t.ppf(0.995, 4) * 1.0
    found = smallest_difference(Mean(0.0, 1.0, 4))
    assert found > known and found == smallest_difference(Mean(1e6, 1.0, 4))
    assert smallest_difference(Mean(0.0, 3.0, 4)) == pytest.approx(3 * found)
    assert smallest_difference(Mean(0.0, 0.0, 4)) == smallest_margin(Mean(0.0, 0.0, 4)) == 0.0
    assert smallest_margin(Mean(0.0, 1.0, 4)) > found, "two sides have to be excluded"


def test_seeds_needed_are_the_fewest_that_do() -> None:
    spread = Spread(1.0, 0.0, 5)
    needed = seeds_needed([spread], 1.0)
    assert needed is not None and FEWEST_SEEDS < needed < 40
    assert seeds_needed([spread], 0.5) > needed  # type: ignore[operator]
    assert seeds_needed([spread], 1.0, equivalence=True) > needed  # type: ignore[operator]
    assert seeds_needed([spread, spread], 1.0) > needed  # type: ignore[operator]
    assert seeds_needed([spread], 100.0) == seeds_needed([Spread(0.0, 0.3, 5)], 0.1) == FEWEST_SEEDS


def test_no_number_of_seeds_passes_the_floor_of_the_correction() -> None:
    overlapping = Spread(4.0, 1 / 3, 5)
    assert correction_floor([overlapping]) == pytest.approx(stats.norm.ppf(0.995) * 2 * math.sqrt(1 / 3))
    assert correction_floor([Spread(4.0, 0.0, 5)]) == 0.0
    assert seeds_needed([overlapping], correction_floor([overlapping])) is None
    assert seeds_needed([Spread(4.0, 0.0, 5)], correction_floor([overlapping])) is not None, "fresh data would do"
    assert seeds_needed([Spread(4.0, 1 / 9, 5)], correction_floor([overlapping])) is not None, "a larger share too"
