"""Intervals that stay where the value can be, and those of counts, also at the ends and without spread."""

from __future__ import annotations

import math

import pytest
from bifolio.statistics import Estimate, Mean, Range, bounded_interval, count_interval, estimate
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats


def test_an_interval_within_a_range_is_students_on_the_logit() -> None:
    numbers = [96.0, 98.0, 97.0, 99.5, 97.5]
    found, plain = estimate(numbers, limits=(0, 100)), estimate(numbers)
    mean = sum(numbers) / 5
    share, error = mean / 100, stats.sem(numbers) / 100
    logit = math.log(share / (1 - share))
    step = stats.t.ppf(0.975, 4) * error / (share * (1 - share))
    assert (found.low, found.high) == pytest.approx([100 / (1 + math.exp(-logit - side * step)) for side in (-1, 1)])
    assert found.mean == plain.mean and found.low < plain.low and found.high < plain.high < 100


@pytest.mark.parametrize(("limits", "sign"), [((0, None), 1), ((None, 0), -1)])
def test_an_interval_on_a_half_line_is_students_on_the_logarithm(limits: Range, sign: int) -> None:
    numbers = [sign * number for number in (0.01, 0.02, 0.3, 0.05, 0.04)]
    found = estimate(numbers, limits=limits)
    factor = math.exp(stats.t.ppf(0.975, 4) * stats.sem(numbers) / abs(found.mean))
    assert sorted((abs(found.low), abs(found.high))) == pytest.approx(
        [abs(found.mean) / factor, abs(found.mean) * factor]
    )
    assert found.low * sign > 0 and found.high * sign > 0


@given(st.lists(st.floats(0, 100), min_size=2, max_size=20), st.floats(0, 1))
def test_the_mean_lies_inside_and_the_interval_in_the_range(numbers: list[float], ratio: float) -> None:
    found = estimate(numbers, limits=(0, 100), test_to_train=ratio)
    assert 0 <= found.low <= found.mean * (1 + 1e-12) and found.mean <= found.high * (1 + 1e-12) and found.high <= 100


@pytest.mark.parametrize("number", [0.0, 50.0, 100.0])
def test_where_nothing_varies_there_is_no_interval(number: float) -> None:
    found = estimate([number] * 5, limits=(0, 100))
    assert (found.low, found.high, found.ends, found.unvaried) == (number, number, None, True)
    assert bounded_interval(Mean(number, 0.0, 4), (0, 100), 0.99) == (number, number)


def test_a_mean_outside_of_its_range_is_refused() -> None:
    for limits in ((0, 90), (95, 100), (95, None), (None, 90)):
        with pytest.raises(ValueError, match="does not lie within"):
            bounded_interval(Mean(92.0, 1.0, 4), limits, 0.95)  # type: ignore[arg-type]


@given(
    st.integers(1, 400).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of))), st.sampled_from([0.95, 0.99])
)
def test_the_interval_of_a_count_is_that_of_clopper_and_pearson(counted: tuple[int, int], confidence: float) -> None:
    count, of = counted
    expected = stats.binomtest(count, of).proportion_ci(confidence, method="exact")
    assert count_interval(count, of, confidence) == pytest.approx((of * expected.low, of * expected.high), abs=1e-9)


def test_a_single_count_has_an_interval_and_several_have_that_of_their_seeds() -> None:
    assert estimate([3], of=10).ends == count_interval(3, 10)
    assert estimate([3, 4], of=10) == estimate([3, 4])
    assert estimate([3]) == Estimate(3, None, 1, 3, 3)
    for count, of in ((-1, 5), (6, 5), (0, 0)):
        with pytest.raises(ValueError, match="is no count"):
            count_interval(count, of)
