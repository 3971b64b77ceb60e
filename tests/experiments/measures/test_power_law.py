"""The fit finds the law that numbers were made with, and the closest one for numbers that follow none."""

from __future__ import annotations

import numpy
import pytest

from experiments.measures.power_law import fit_power_law

SIZES = [1e3, 4e3, 1e5, 3e6]


def test_an_exact_law_is_found_again() -> None:
    found = fit_power_law(SIZES, [9.0 * size**-0.076 for size in SIZES])
    assert (found.factor, found.exponent) == pytest.approx((9.0, 0.076))


def test_halving_the_loss_at_each_doubling_is_the_exponent_one() -> None:
    assert fit_power_law([1, 2, 4, 8], [8.0, 4.0, 2.0, 1.0]).exponent == pytest.approx(1.0)


def test_numbers_off_the_line_are_fitted_by_least_squares_of_logarithms() -> None:
    losses = [3.0, 2.9, 2.2, 2.3]
    slope, height = numpy.polyfit(numpy.log(SIZES), numpy.log(losses), 1)
    law = fit_power_law(SIZES, losses)
    assert (law.exponent, law.factor) == pytest.approx((-slope, numpy.exp(height)))


@pytest.mark.parametrize(("sizes", "losses"), [([1.0], [2.0]), ([2.0, 2.0], [1.0, 1.0]), ([1.0, 2.0], [1.0])])
def test_what_determines_no_line_is_refused(sizes: list[float], losses: list[float]) -> None:
    with pytest.raises(ValueError, match="two or more sizes"):
        fit_power_law(sizes, losses)
