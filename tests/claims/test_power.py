"""What could have been shown stands beside what was not decided, and what matters is declared."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import pytest
from bifolio.claims import CONTRADICTED, HOLDS, NOT_SUPPORTED, Evaluated, Operand, Sampled, evaluate, parse_condition
from bifolio.errors import ConditionError
from bifolio.statistics import mean_of, smallest_difference, smallest_margin
from scipy import stats

A = (1.0, 1.1, 0.9, 1.05, 0.95)
B = (1.1, 0.9, 1.15, 1.0, 1.05)


def sampled(numbers: Sequence[float], experiment: str = "e", **declared: float) -> Sampled:
    return Sampled(experiment, dict(enumerate(numbers)), **declared)  # type: ignore[arg-type]


def held(text: str, **quantities: Operand) -> Evaluated:
    return evaluate(parse_condition(text), lambda name: quantities[name.parts[-1]])


def test_what_could_have_been_shown_comes_from_the_spread_alone() -> None:
    found = held("e.a < e.b", a=sampled(A), b=sampled(B))
    differences = mean_of([a - b for a, b in zip(A, B, strict=True)])
    assert found.outcome == NOT_SUPPORTED
    assert found.detectable == pytest.approx(smallest_difference(differences))
    moved = held("e.a < e.b", a=sampled(A), b=sampled([number + 9 for number in B]))
    assert moved.outcome == HOLDS and moved.detectable == pytest.approx(found.detectable)
    assert held("e.a ≈ e.b by 0.1", a=sampled(A), b=sampled(B)).detectable == pytest.approx(
        smallest_margin(differences)
    )


def test_what_could_have_been_shown_of_a_ratio_is_a_factor() -> None:
    found = held("e.a < 1.1 * e.b", a=sampled(A), b=sampled(B))
    logs = mean_of([math.log(a / b) for a, b in zip(A, B, strict=True)])
    assert found.scale == "ratio" and not found.is_equivalence
    assert found.detectable == pytest.approx(math.exp(smallest_difference(logs)))
    assert held("e.a / e.b within 0.5..2", a=sampled(A), b=sampled(B)).wanted == pytest.approx(2.0)


def test_undecided_is_underpowered_unless_what_matters_could_have_been_shown() -> None:
    a, b = sampled(A), sampled(B)
    assert held("e.a < e.b", a=a, b=b).underpowered, "nothing says what matters"
    assert held("e.a < e.b", a=replace(a, matters=0.1), b=b).underpowered
    assert not held("e.a < e.b", a=replace(a, matters=9.0), b=b).underpowered
    assert not held("e.a < e.b", a=a, b=sampled([number + 9 for number in B])).underpowered, "it was decided"
    assert held("e.a ≈ e.b by 0.1", a=a, b=b).underpowered
    assert held("e.a < e.b", a=sampled(A[:3]), b=b).underpowered, "too few seeds"
    assert held("e.a < e.b", a=sampled(A[:3]), b=b).detectable is None


def test_what_matters_is_the_margin_of_an_equivalence_that_names_none() -> None:
    a, b = sampled(A, matters=2.0), sampled(B, matters=2.0)
    found = held("e.a ≈ e.b", a=a, b=b)
    assert (found.outcome, found.region.low, found.region.high) == (HOLDS, -2.0, 2.0)
    assert held("e.a ≈ e.b", a=a, b=sampled(B)).region.high == 2.0
    with pytest.raises(ConditionError, match="nothing says how far apart is still alike"):
        held("e.a ≈ e.b", a=sampled(A), b=sampled(B))


def test_differing_declarations_are_refused_but_for_ratios() -> None:
    a, b = sampled(A, matters=2.0), sampled(B, matters=3.0)
    for text in ("e.a ≈ e.b", "e.a < e.b", "e.a ≈ e.b by 1"):
        with pytest.raises(ConditionError, match="different differences to matter"):
            held(text, a=a, b=b)
    assert held("e.a < 2 * e.b", a=a, b=b).matters is None


def test_a_condition_on_one_value_uses_the_interval_of_its_range() -> None:
    accuracy = (97.0, 99.5, 98.0, 99.0, 96.5)
    plain = held("e.a < 100.5", a=sampled(accuracy))
    found = held("e.a < 100.5", a=sampled(accuracy, limits=(0, 100)))  # type: ignore[arg-type]
    assert (plain.outcome, found.outcome) == (NOT_SUPPORTED, HOLDS)
    assert found.high is not None and found.low is not None and 0 < found.low < 98 < found.high < 100
    within = held("e.a > 97", a=sampled(accuracy, limits=(0, 100)))  # type: ignore[arg-type]
    assert within.outcome == NOT_SUPPORTED and within.p is not None and within.p > 0.01
    assert (held("e.a > 90", a=sampled(accuracy, limits=(0, 100))).p or 1) < 0.01  # type: ignore[arg-type]
    two = held("e.a + e.b > 0", a=sampled(accuracy, limits=(0, 100)), b=sampled(B))  # type: ignore[arg-type]
    assert two.high is not None and two.high > 100, "a sum, or a difference, stays on its own scale"


@pytest.mark.parametrize("number", [0.0, 100.0])
def test_a_value_at_an_end_that_does_not_vary(number: float) -> None:
    found = held("e.a within 0..100", a=sampled([number] * 5, limits=(0, 100)))  # type: ignore[arg-type]
    assert (found.outcome, found.low, found.high, found.p) == (HOLDS, number, number, None)


def test_a_single_count_is_decided_by_its_exact_interval() -> None:
    test = stats.binomtest(90, 100).proportion_ci(0.99)
    found = held("e.a > 70", a=sampled([90], of=100))
    assert (found.outcome, found.method, found.seeds, found.p) == (HOLDS, "count", (1,), None)
    assert (found.low, found.high) == pytest.approx((100 * test.low, 100 * test.high))
    assert held("e.a > 95", a=sampled([90], of=100)).outcome == NOT_SUPPORTED
    assert held("e.a > 99", a=sampled([90], of=100)).outcome == CONTRADICTED
    assert held("e.a > e.b", a=sampled([90], of=100), b=sampled([1], of=100)).reason == "seeds"
