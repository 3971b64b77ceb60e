"""Every rule on 10,000 simulated experiments: what is exact lies within the simulation's bounds, the rest is stated."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

import numpy as np
import pytest
from bifolio.statistics import (
    CLAIM_CONFIDENCE,
    Mean,
    Range,
    bounded_interval,
    count_interval,
    interval,
    mean_of,
    p_value,
    smallest_difference,
    smallest_margin,
    sum_of,
)
from numpy.typing import NDArray

COUNT = 10_000
BOUND = 3.9
"""Standard errors of a simulated share: one in ten thousand lies beyond."""
WORST_WELCH = 0.984
"""Coverage of the 99 % interval: 5 seeds against 20 that scatter as much. The guide states these three."""
WORST_IN_A_RANGE = (0.938, 0.985)
"""Of the 95 % and 99 % intervals, where seeds scatter by up to 0.8 of their mean's distance from the nearer end."""
WORST_ON_A_HALF_LINE = (0.89, 0.96)
"""Where the logarithms of the seeds scatter by up to 1, so that they differ threefold."""
Samples = NDArray[np.float64]


def means(samples: Samples, ratio: float = 0.0) -> Iterator[Mean]:
    return (mean_of(row, test_to_train=ratio) for row in samples.tolist())


def share(told: Iterator[bool]) -> float:
    found = list(told)
    assert len(found) == COUNT
    return sum(found) / COUNT


def is_share(found: float, expected: float) -> bool:
    return abs(found - expected) < BOUND * math.sqrt(expected * (1 - expected) / COUNT)


def covers(ends: tuple[float, float], truth: float) -> bool:
    return ends[0] <= truth <= ends[1]


def correlated(random: np.random.Generator, seeds: int, correlation: float) -> Samples:
    """Return normal numbers of mean 0 and variance 1, the seeds of one experiment equally correlated."""
    common = random.standard_normal((COUNT, 1)) * math.sqrt(correlation)
    return common + random.standard_normal((COUNT, seeds)) * math.sqrt(1 - correlation)


@pytest.mark.parametrize("confidence", [0.95, 0.99])
@pytest.mark.parametrize("seeds", [2, 5, 20])
def test_the_interval_of_independent_seeds_is_exact(seeds: int, confidence: float) -> None:
    samples = correlated(np.random.default_rng(1), seeds, 0.0)
    assert is_share(share(covers(interval(mean, confidence), 0.0) for mean in means(samples)), confidence)


@pytest.mark.parametrize(("train", "test"), [(60, 20), (50, 50), (90, 10)])
@pytest.mark.parametrize("seeds", [5, 20])
def test_the_correction_is_exact_where_splits_are_as_alike_as_it_assumes(seeds: int, train: int, test: int) -> None:
    """Nadeau and Bengio's model: any two splits are correlated by n_test / (n_test + n_train)."""
    samples = correlated(np.random.default_rng(2), seeds, test / (test + train))
    right = share(covers(interval(mean, 0.99), 0.0) for mean in means(samples, test / train))
    naive = share(covers(interval(mean, 0.99), 0.0) for mean in means(samples))
    assert is_share(right, 0.99)
    assert naive < 0.985, "without the correction the interval is too narrow"


@pytest.mark.parametrize("sizes", [(5, 5), (5, 20)])
@pytest.mark.parametrize("spreads", [(1.0, 1.0), (5.0, 1.0), (1.0, 5.0)])
def test_two_experiments_are_never_far_from_their_level(sizes: tuple[int, int], spreads: tuple[float, float]) -> None:
    random = np.random.default_rng(3)
    one, other = (spread * correlated(random, size, 0.0) for size, spread in zip(sizes, spreads, strict=True))
    pairs = zip(means(one), means(other), strict=True)
    assert share(p_value(sum_of(pair), 0.0) > 0.01 for pair in pairs) > WORST_WELCH


def accuracies(random: np.random.Generator, seeds: int, truth: float, spread: float) -> Samples:
    """Return shares of a beta distribution, as far from an end as a seed's accuracy is."""
    concentration = truth * (1 - truth) / (spread * truth * (1 - truth)) ** 2 - 1
    return random.beta(truth * concentration, (1 - truth) * concentration, (COUNT, seeds))


@pytest.mark.parametrize("seeds", [5, 8, 20])
@pytest.mark.parametrize("truth", [0.5, 0.9, 0.97, 0.995])
@pytest.mark.parametrize("spread", [0.2, 0.8])
def test_an_interval_within_a_range_keeps_nearly_its_level(seeds: int, truth: float, spread: float) -> None:
    samples = accuracies(np.random.default_rng(4), seeds, truth, spread)
    found = list(means(samples))
    for confidence, worst in zip((0.95, 0.99), WORST_IN_A_RANGE, strict=True):
        ends = [bounded_interval(mean, (0.0, 1.0), confidence) for mean in found]
        assert all(0.0 <= low < mean.mean < high <= 1.0 for mean, (low, high) in zip(found, ends, strict=True))
        assert share(covers(one, truth) for one in ends) > worst


@pytest.mark.parametrize("limits", [(0.0, None), (None, 0.0)])
@pytest.mark.parametrize("seeds", [5, 20])
@pytest.mark.parametrize("spread", [0.1, 1.0])
def test_an_interval_on_a_half_line_keeps_nearly_its_level(limits: Range, seeds: int, spread: float) -> None:
    sign = 1.0 if limits[0] is not None else -1.0
    found = list(means(sign * np.random.default_rng(5).lognormal(0.0, spread, (COUNT, seeds))))
    truth = sign * math.exp(spread**2 / 2)
    for confidence, worst in zip((0.95, 0.99), WORST_ON_A_HALF_LINE, strict=True):
        ends = [bounded_interval(mean, limits, confidence) for mean in found]
        assert all(sign * low >= 0.0 and sign * high >= 0.0 for low, high in ends)
        assert share(covers(one, truth) for one in ends) > worst
        assert share(covers(interval(mean, confidence), truth) for mean in found) < share(
            covers(one, truth) for one in ends
        ), "Student's own interval is no better"


@pytest.mark.parametrize("truth", [0.0, 0.003, 0.05, 0.5, 0.97, 1.0])
@pytest.mark.parametrize("cases", [1, 20, 360])
def test_the_interval_of_a_count_covers_at_least_its_level(cases: int, truth: float) -> None:
    counts = np.random.default_rng(6).binomial(cases, truth, COUNT).tolist()
    for confidence in (0.95, 0.99):
        found = share(covers(count_interval(count, cases, confidence), cases * truth) for count in counts)
        assert found > confidence - BOUND * math.sqrt(confidence * (1 - confidence) / COUNT)


@pytest.mark.parametrize(("seeds", "correlation"), [(5, 0.0), (5, 0.25), (20, 0.25)])
def test_a_false_sentence_holds_as_often_as_the_level_says(seeds: int, correlation: float) -> None:
    """At the boundary `<` wrongly holds once in two hundred, and `within` and `≈`, two such tests, no more often."""
    ratio = correlation / (1 - correlation)
    found = list(means(correlated(np.random.default_rng(7), seeds, correlation), ratio))
    ends = [interval(mean, CLAIM_CONFIDENCE) for mean in found]
    wrong = (1 - CLAIM_CONFIDENCE) / 2
    assert is_share(share(high < 0.0 for _, high in ends), wrong)
    for margin in (0.5, 5.0, 50.0):  # the truth is 0, which lies just outside of -2 margins..0
        assert share(-2 * margin <= low and high <= 0.0 for low, high in ends) < wrong + BOUND * math.sqrt(
            wrong / COUNT
        )


@pytest.mark.parametrize(("seeds", "correlation"), [(5, 0.0), (5, 0.25), (20, 0.25)])
def test_the_smallest_difference_is_shown_in_four_of_five_repetitions(seeds: int, correlation: float) -> None:
    """The spread of one experiment foretells another: exact, with the uncertainty of that spread."""
    ratio, random = correlation / (1 - correlation), np.random.default_rng(8)
    first, again = (list(means(correlated(random, seeds, correlation), ratio)) for _ in range(2))

    def shown(seen: Mean, mean: Mean) -> bool:
        truth = smallest_difference(seen)
        return interval(Mean(mean.mean + truth, mean.error, mean.degrees), CLAIM_CONFIDENCE)[0] > 0.0

    def equal(seen: Mean, mean: Mean) -> bool:
        low, high = interval(mean, CLAIM_CONFIDENCE)
        return -smallest_margin(seen) <= low and high <= smallest_margin(seen)

    found: list[Callable[[Mean, Mean], bool]] = [shown, equal]
    for told in found:
        assert is_share(share(told(*pair) for pair in zip(first, again, strict=True)), 0.8)
