"""What is computed from measured values has the interval that scipy gives for the same numbers, seed by seed."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pytest
from bifolio.claims import Computed, Exact, Operand, Sampled, compute_over_seeds, parse_condition
from bifolio.claims.condition import Approximately
from bifolio.errors import ConditionError
from bifolio.statistics import Range
from scipy import stats

A = (1.0, 1.1, 0.9, 1.05, 0.95)
B = (2.0, 2.1, 1.9, 2.05, 2.2)
C = (3.0, 3.3, 2.7, 3.2, 3.1, 2.9)


def sampled(
    numbers: Sequence[float], experiment: str = "e", ratio: float = 0.0, limits: Range | None = None
) -> Sampled:
    return Sampled(experiment, dict(enumerate(numbers)), ratio, limits)


def computed(text: str, **quantities: Operand) -> Computed:
    condition = parse_condition(f"{text} ≈ 0 by 1")
    assert isinstance(condition, Approximately)
    return compute_over_seeds(condition.left, lambda name: quantities[name.parts[-1]])


def student(numbers: Sequence[float]) -> tuple[float, float]:
    ends: tuple[float, float] = stats.ttest_1samp(numbers, 0.0).confidence_interval(0.95)
    return ends


def test_a_difference_is_paired_by_seed() -> None:
    found = computed("e.b - e.a", a=sampled(A), b=sampled(B))
    ends = stats.ttest_rel(B, A).confidence_interval(0.95)
    assert (found.estimate.low, found.estimate.high) == pytest.approx(tuple(ends))
    assert (found.method, found.seeds, found.estimate.count) == ("student", (5,), 5)


def test_only_seeds_that_both_have_are_compared() -> None:
    short = Sampled("e", {seed: number for seed, number in enumerate(A) if seed != 2})
    found = computed("e.b - e.a", a=short, b=sampled(B))
    kept = [b - a for seed, (a, b) in enumerate(zip(A, B, strict=True)) if seed != 2]
    assert found.estimate.mean == pytest.approx(math.fsum(kept) / 4) and found.seeds == (4,)


def test_repeated_splits_widen_it() -> None:
    plain, split = (computed("e.b - e.a", a=sampled(A, ratio=r), b=sampled(B, ratio=r)) for r in (0.0, 0.25))
    assert split.estimate.half_width == pytest.approx((plain.estimate.half_width or 0) * math.sqrt((1 / 5 + 0.25) * 5))


def test_experiments_are_combined_as_welch_says() -> None:
    found = computed("f.c - e.a", a=sampled(A), c=sampled(C, "f"))
    ends = stats.ttest_ind(C, A, equal_var=False).confidence_interval(0.95)
    assert (found.estimate.low, found.estimate.high) == pytest.approx(tuple(ends))
    assert (found.method, found.seeds) == ("welch", (6, 5))


def test_a_ratio_is_a_geometric_mean() -> None:
    found = computed("2 * e.b / e.a", a=sampled(A), b=sampled(B))
    logs = [math.log(2 * b / a) for a, b in zip(A, B, strict=True)]
    assert found.estimate.mean == pytest.approx(stats.gmean([2 * b / a for a, b in zip(A, B, strict=True)]))
    assert (found.estimate.low, found.estimate.high) == pytest.approx(tuple(map(math.exp, student(logs))))


def test_what_is_not_measured_is_added() -> None:
    found = computed("100 - e.a", a=sampled(A))
    low, high = student(A)
    assert (found.estimate.low, found.estimate.high) == pytest.approx((100 - high, 100 - low))
    assert found.estimate.mean == pytest.approx(99.0)
    assert (found.estimate.minimum, found.estimate.maximum) == pytest.approx((98.9, 99.1))


def test_a_linear_one_stays_where_its_value_can_be() -> None:
    shares = (99.0, 99.5, 100.0, 98.5, 99.9)
    found = computed("100 - e.a", a=sampled(shares, limits=(0.0, 100.0))).estimate
    own = computed("e.a", a=sampled(shares, limits=(0.0, 100.0))).estimate
    assert found.ends is not None and own.ends is not None
    assert found.ends == pytest.approx((100 - own.ends[1], 100 - own.ends[0]))
    assert found.low > 0 and computed("100 - e.a", a=sampled(shares)).estimate.ends is None


def test_exact_numbers_are_computed_exactly() -> None:
    found = computed("e.a / e.b + 1", a=Exact(3), b=Exact(4))
    assert (found.method, found.estimate.mean, found.estimate.width) == ("exact", 1.75, None)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("e.b / (e.a - e.a)", "this has no number for some seed"),
        ("e.b - e.d", "these values have no seed in common"),
        ("e.b * (f.c - 1)", "values of several experiments have no number for each seed"),
    ],
)
def test_what_has_no_number_is_refused(text: str, message: str) -> None:
    other = Sampled("e", {7: 1.0})
    with pytest.raises(ConditionError, match=message):
        computed(text, a=sampled(A), b=sampled(B), c=sampled(C, "f"), d=other)
