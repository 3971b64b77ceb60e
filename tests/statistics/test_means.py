"""Means and intervals agree with scipy, and with the rule they are named for."""

from __future__ import annotations

import math

import pytest
from bifolio.statistics import (
    Mean,
    estimate,
    interval,
    mean_of,
    p_value,
    student_distribution,
    student_quantile,
    sum_of,
)
from hypothesis import example, given
from hypothesis import strategies as st
from scipy import stats

samples = st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=20)


@pytest.mark.parametrize("degrees", [1, 2, 4, 4.7, 9, 30, 200.5, 5000])
@pytest.mark.parametrize("probability", [1e-6, 0.005, 0.1, 0.5, 0.9, 0.975, 0.995, 1 - 1e-6])
def test_quantiles_agree_with_scipy(probability: float, degrees: float) -> None:
    # probability near 1 holds few digits of its tail, so the quantile holds few too
    assert student_quantile(probability, degrees) == pytest.approx(
        stats.t.ppf(probability, degrees), rel=1e-8, abs=1e-12
    )


@example(6e-08, 32.0)
@example(-1e-3, 4.0)
@example(1.0, 1.0)
@example(-20.0, 1000.0)
@given(st.floats(-200, 200), st.floats(0.5, 1000))
def test_the_distribution_agrees_with_scipy(t: float, degrees: float) -> None:
    assert student_distribution(t, degrees) == pytest.approx(stats.t.cdf(t, degrees), rel=1e-8, abs=1e-12)


@given(st.floats(0.001, 0.999), st.floats(1, 300))
def test_the_quantile_inverts_the_distribution(probability: float, degrees: float) -> None:
    assert student_distribution(student_quantile(probability, degrees), degrees) == pytest.approx(
        probability, abs=1e-10
    )


@pytest.mark.parametrize(("probability", "degrees"), [(0.0, 4), (1.0, 4), (-0.1, 4), (0.9, 0), (math.nan, 4)])
def test_there_is_no_quantile_outside_the_distribution(probability: float, degrees: float) -> None:
    with pytest.raises(ValueError, match="no quantile"):
        student_quantile(probability, degrees)


def test_the_interval_is_that_of_student() -> None:
    numbers = [92.1, 93.4, 91.8, 92.9, 93.0]
    found = estimate(numbers)
    low, high = stats.t.interval(0.95, 4, loc=sum(numbers) / 5, scale=stats.sem(numbers))
    assert (found.low, found.high) == pytest.approx((low, high))
    assert (found.count, found.minimum, found.maximum) == (5, 91.8, 93.4)


def test_overlapping_splits_widen_the_interval_as_nadeau_and_bengio_say() -> None:
    numbers = [1.0, 2.0, 3.0, 4.0, 5.0]
    plain, corrected = estimate(numbers), estimate(numbers, test_to_train=0.2 / 0.6)
    # s² (1/n + n_test/n_train) with s² = 2.5, n = 5
    assert corrected.half_width == pytest.approx(stats.t.ppf(0.975, 4) * math.sqrt(2.5 * (1 / 5 + 1 / 3)))
    assert corrected.mean == plain.mean
    assert plain.half_width == pytest.approx(stats.t.ppf(0.975, 4) * math.sqrt(2.5 / 5))


def test_one_sample_has_no_interval_and_none_is_refused() -> None:
    assert estimate([3.0]).half_width is None
    assert (estimate([3.0]).low, estimate([3.0]).high) == (3.0, 3.0)
    with pytest.raises(ValueError, match="at least one"):
        estimate([])


@given(samples)
def test_the_mean_lies_between_the_extremes_and_within_its_interval(numbers: list[float]) -> None:
    found = estimate(numbers)
    slack = 1e-9 * max(1.0, abs(found.mean))
    assert found.minimum - slack <= found.mean <= found.maximum + slack
    assert found.low <= found.mean <= found.high


@given(samples, st.randoms())
def test_the_order_of_the_seeds_does_not_matter(numbers: list[float], random: object) -> None:
    shuffled = list(numbers)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert estimate(shuffled) == estimate(numbers)


@given(samples, st.floats(-1e3, 1e3), st.floats(0.1, 10))
def test_an_interval_moves_and_stretches_with_its_numbers(numbers: list[float], shift: float, scale: float) -> None:
    before, after = estimate(numbers), estimate([scale * number + shift for number in numbers])
    assert after.mean == pytest.approx(scale * before.mean + shift, rel=1e-6, abs=1e-6)
    assert after.half_width == pytest.approx(scale * (before.half_width or 0), rel=1e-5, abs=1e-5)


@given(samples, st.floats(0.5, 0.9), st.floats(0.91, 0.999))
def test_more_confidence_is_a_wider_interval(numbers: list[float], less: float, more: float) -> None:
    assert (estimate(numbers, confidence=less).half_width or 0) <= (estimate(numbers, confidence=more).half_width or 0)


def test_a_sum_of_means_has_the_degrees_that_welch_gives_it() -> None:
    a, b = [1.0, 1.1, 0.9, 1.05, 0.95], [3.0, 3.3, 2.7, 3.2, 3.1, 2.9]
    found = sum_of([mean_of(a), mean_of([-number for number in b])])
    test = stats.ttest_ind(a, b, equal_var=False)
    assert found.degrees == pytest.approx(test.df)
    assert p_value(found, 0.0) == pytest.approx(test.pvalue)
    assert interval(found, 0.99) == pytest.approx(tuple(test.confidence_interval(0.99)))


def test_means_without_spread_have_no_p_value() -> None:
    found = mean_of([0.1] * 7)
    assert (found.mean, found.error, interval(found, 0.99)) == (0.1, 0.0, (0.1, 0.1))
    assert sum_of([found, found]).degrees == 12
    with pytest.raises(ValueError, match="without spread"):
        p_value(found, 0.0)
    with pytest.raises(ValueError, match="a spread two"):
        mean_of([1.0])


@pytest.mark.parametrize("scale", [2.0**-1000, 2.0**-300, 2.0**500, 2.0**1018])
def test_very_large_and_very_small_numbers_have_the_interval_of_the_others(scale: float) -> None:
    numbers = [1.0, 1.25, 1.5, 3.0]
    found, usual = estimate([number * scale for number in numbers]), estimate(numbers)
    assert (found.mean, found.half_width) == (usual.mean * scale, (usual.half_width or 0.0) * scale)
    assert (
        sum_of([Mean(scale, scale, 4), Mean(-scale, scale, 9)]).degrees
        == sum_of([Mean(1, 1, 4), Mean(-1, 1, 9)]).degrees
    )


def test_an_interval_beyond_all_floats_is_infinite() -> None:
    found = estimate([1.7e308, -1.7e308])
    assert (found.mean, found.half_width, found.low, found.high) == (0.0, math.inf, -math.inf, math.inf)
    assert (estimate([5e-324, 5e-323]).half_width or 0.0) > 0.0
