"""Outcomes follow from intervals, and intervals are those that scipy computes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from random import Random

import pytest
from bifolio.claims import (
    CONTRADICTED,
    HOLDS,
    NOT_SUPPORTED,
    Evaluated,
    Exact,
    Operand,
    Outcome,
    Sampled,
    evaluate,
    parse_condition,
    statement_outcome,
)
from bifolio.errors import ConditionError
from hypothesis import assume, example, given
from hypothesis import strategies as st
from scipy import stats

A = (1.0, 1.1, 0.9, 1.05, 0.95)
B = (2.0, 2.1, 1.9, 2.05, 2.2)
C = (3.0, 3.3, 2.7, 3.2, 3.1, 2.9)

numbers = st.floats(-1e3, 1e3).map(lambda number: round(number, 3))
five = st.lists(numbers, min_size=5, max_size=5)
positive = st.lists(st.floats(0.1, 100).map(lambda number: round(number, 3)), min_size=5, max_size=5)


def sampled(numbers: Sequence[float], experiment: str = "e", ratio: float = 0.0) -> Sampled:
    return Sampled(experiment, dict(enumerate(numbers)), ratio)


def held(text: str, **quantities: Operand) -> Evaluated:
    """Evaluate a condition over `e.a`, `e.b` and so on."""
    return evaluate(parse_condition(text), lambda name: quantities[name.parts[-1]])


def test_variants_of_one_experiment_are_paired_by_seed() -> None:
    found = held("e.a < e.b", a=sampled(A), b=sampled(B))
    test = stats.ttest_rel(A, B)
    assert found.p == pytest.approx(test.pvalue)
    assert (found.low, found.high) == pytest.approx(tuple(test.confidence_interval(0.99)))
    assert (found.outcome, found.scale, found.method, found.seeds) == (HOLDS, "difference", "student", (5,))
    assert held("e.a > e.b", a=sampled(A), b=sampled(B)).outcome == CONTRADICTED


def test_experiments_are_compared_as_welch_says() -> None:
    found = held("e.a < f.c", a=sampled(A), c=sampled(C, "f"))
    test = stats.ttest_ind(A, C, equal_var=False)
    assert found.p == pytest.approx(test.pvalue)
    assert (found.low, found.high) == pytest.approx(tuple(test.confidence_interval(0.99)))
    assert (found.method, found.seeds) == ("welch", (5, 6))


def test_a_value_against_a_number() -> None:
    found = held("e.a < 1.2", a=sampled(A))
    test = stats.ttest_1samp(A, 1.2)
    assert found.p == pytest.approx(test.pvalue)
    assert (found.low, found.high) == pytest.approx(tuple(test.confidence_interval(0.99)))
    assert (found.scale, found.center) == ("value", pytest.approx(1.0))


def test_multiples_are_compared_by_the_logarithm_of_their_ratio() -> None:
    found = held("e.a * 1.5 < e.b", a=sampled(A), b=sampled(B))
    logs = [math.log(1.5 * a / b) for a, b in zip(A, B, strict=True)]
    test = stats.ttest_1samp(logs, 0.0)
    assert (found.scale, found.outcome) == ("ratio", HOLDS)
    assert found.p == pytest.approx(test.pvalue)
    ratio = [math.exp(end) / 1.5 for end in test.confidence_interval(0.99)]  # that of a and b, without the constant
    assert (found.low, found.high, found.region.high) == pytest.approx((*ratio, 1 / 1.5))
    other = held("e.b / e.a > 1.5", a=sampled(A), b=sampled(B))
    assert other.p == pytest.approx(found.p)
    assert (other.scale, other.region.low) == ("ratio", 1.5)


def test_multiples_across_experiments() -> None:
    found = held("2 * e.a < f.c", a=sampled(A), c=sampled(C, "f"))
    test = stats.ttest_ind([math.log(2 * a) for a in A], list(map(math.log, C)), equal_var=False)
    assert (found.scale, found.method) == ("ratio", "welch")
    assert found.p == pytest.approx(test.pvalue)


@pytest.mark.parametrize(
    ("text", "scale"),
    [
        ("e.a < e.b", "difference"),
        ("2 * e.a < 3", "value"),
        ("e.a + 1 < 2 * e.b", "difference"),
        ("e.a / e.b within 0.1..3", "ratio"),
        ("e.a / e.b within -1..3", "value"),
        ("-1 * e.a < 2 * e.b", "difference"),
        ("e.z * 2 < e.b", "difference"),
        ("e.a / e.b ≈ 1 by 0.2", "value"),
    ],
)
def test_when_ratios_are_averaged(text: str, scale: str) -> None:
    """Ratios need two measured values, all positive, and nothing but products."""
    assert held(text, a=sampled(A), b=sampled(B), z=sampled((0, 1, 1, 1, 1))).scale == scale


def test_overlapping_splits_widen_the_interval_as_nadeau_and_bengio_say() -> None:
    found = held("e.a < e.b", a=sampled(A, ratio=0.1), b=sampled(B, ratio=0.25))
    differences = [a - b for a, b in zip(A, B, strict=True)]
    error = math.sqrt(stats.tvar(differences) * (1 / 5 + 0.25))  # the larger of the two
    mean = math.fsum(differences) / 5
    assert (found.low, found.high) == pytest.approx(stats.t.interval(0.99, 4, loc=mean, scale=error))


def test_within_and_about_hold_only_when_the_whole_interval_lies_inside() -> None:
    a, b = sampled(A), sampled(B)
    assert held("e.a within 0.8..1.2", a=a).outcome == HOLDS
    assert held("e.a within 0.9..1.2", a=a).outcome == NOT_SUPPORTED
    assert held("e.a within 1.2..1.3", a=a).outcome == CONTRADICTED
    assert held("e.a ≈ e.b by 2", a=a, b=b).outcome == HOLDS
    assert held("e.a ≈ e.b by 1", a=a, b=b).outcome == NOT_SUPPORTED
    assert held("e.a ≈ e.b by 0.5", a=a, b=b).outcome == CONTRADICTED


def test_fewer_than_five_common_seeds_support_nothing() -> None:
    four = Sampled("e", {0: 1.0, 1: 1.1, 2: 0.9, 7: 1.0, 8: 1.0})
    found = held("e.a < e.b", a=four, b=sampled(B))
    assert (found.outcome, found.reason, found.seeds, found.low) == (NOT_SUPPORTED, "seeds", (3,), None)
    assert found.center == pytest.approx(1.0 - 2.0)
    assert held("e.a < 100", a=Sampled("e", {0: 1.0})).reason == "seeds"
    assert held("e.a < e.b", a=Sampled("e", {9: 1.0}), b=sampled(B)).center is None
    # a sixth seed that only one of them has is left out
    assert held("e.a < e.b", a=sampled((*A, 99.0)), b=sampled(B)) == held("e.a < e.b", a=sampled(A), b=sampled(B))


def test_exact_numbers_are_compared_as_the_decimals_they_are() -> None:
    exact = {"a": Exact(3), "b": Exact(0.1)}
    found = held("e.a * e.b <= 0.3", **exact)
    assert (found.outcome, found.method, found.p, found.low) == (HOLDS, "exact", None, None)
    assert held("e.a * e.b < 0.3", **exact).outcome == CONTRADICTED
    assert held("e.a / (e.a - 3) < 1", **exact).reason == "number"
    assert held("e.a < e.b", a=Exact(1), b=sampled(B)).method == "student"


def test_where_all_seeds_agree_the_interval_has_no_width() -> None:
    same = sampled((0.1,) * 5)
    found = held("e.a < 0.2", a=same)
    assert (found.outcome, found.low, found.high, found.p) == (HOLDS, 0.1, 0.1, None)
    assert held("e.a <= 0.1", a=same).outcome == HOLDS
    assert held("e.a < 0.1", a=same).outcome == CONTRADICTED
    assert held("e.a ≈ e.b by 0.01", a=sampled(A), b=sampled(A)).outcome == HOLDS


def test_a_seed_without_a_number_supports_nothing() -> None:
    found = held("e.a / (e.b - 2) < 1000000", a=sampled(A), b=sampled(B))
    assert (found.outcome, found.reason) == (NOT_SUPPORTED, "number")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("e.a within 0..e.b", "a bound is not measured"),
        ("e.a ≈ e.b by e.a", "a bound is not measured"),
        ("e.a ≈ e.b by 0", "leaves no room"),
        ("e.a within 2..1", "nothing lies within"),
        ("e.a within 0..1/0", "no finite number"),
        ("e.a * (f.c + 1) < 2", "no number for each seed"),
    ],
)
def test_conditions_that_cannot_be_tested(text: str, problem: str) -> None:
    with pytest.raises(ConditionError, match=problem):
        held(text, a=sampled(A), b=sampled(B), c=sampled(C, "f"))


@given(five, five)
def test_a_comparison_and_its_reverse_agree(a: list[float], b: list[float]) -> None:
    one, other = held("e.a < e.b", a=sampled(a), b=sampled(b)), held("e.b > e.a", a=sampled(a), b=sampled(b))
    assert (one.outcome, one.p) == (other.outcome, other.p)
    opposite = held("e.a >= e.b", a=sampled(a), b=sampled(b))
    assert (one.outcome == HOLDS) == (opposite.outcome == CONTRADICTED)
    assert (one.outcome == CONTRADICTED) == (opposite.outcome == HOLDS)


@given(positive, positive, st.sampled_from([0.001, 0.5, 3.0, 1000.0]))
def test_units_do_not_matter(a: list[float], b: list[float], scale: float) -> None:
    def scaled(text: str, factor: float) -> Evaluated:
        return held(text, a=sampled([factor * x for x in a]), b=sampled([factor * x for x in b]))

    for text in ("e.a < e.b", "e.a * 2 < e.b"):
        before, after = scaled(text, 1.0), scaled(text, scale)
        assume(before.p is None or abs(before.p - 0.01) > 1e-6)
        assert before.outcome == after.outcome
        if before.p is not None and before.p > 1e-12 and after.p is not None:
            assert after.p == pytest.approx(before.p, rel=1e-6)


@example([1.0, 2.0, 3.0, 4.0, 5.0], [1.0, 2.0, 3.0, 4.0, 5.0], "e.a ≈ e.b by 1")
@given(five, five, st.sampled_from(["e.a < e.b", "e.a <= 10", "e.a within -50..50", "e.a ≈ e.b by 100"]))
def test_the_outcome_is_what_the_interval_and_the_p_value_say(a: list[float], b: list[float], text: str) -> None:
    found = held(text, a=sampled(a), b=sampled(b))
    assert found.low is not None and found.high is not None and found.center is not None
    assert found.low <= found.center <= found.high
    inside = found.region.low <= found.low and found.high <= found.region.high
    outside = found.high < found.region.low or found.region.high < found.low
    assume(found.p is None or abs(found.p - 0.01) > 1e-9)
    if found.p is not None:
        assert found.outcome == (HOLDS if inside else CONTRADICTED if outside else NOT_SUPPORTED)
        assert (found.outcome != NOT_SUPPORTED) == (found.p < 0.01)
    else:
        assert found.outcome != NOT_SUPPORTED and found.low == found.high


@given(st.lists(numbers, min_size=5, max_size=5), st.randoms())
def test_the_order_of_the_seeds_does_not_matter(a: list[float], random: object) -> None:
    pairs = list(enumerate(a))
    random.shuffle(pairs)  # type: ignore[attr-defined]
    condition = parse_condition("e.a < 1")
    before = evaluate(condition, lambda name: sampled(a))
    assert evaluate(condition, lambda name: Sampled("e", dict(pairs))) == before


@pytest.mark.parametrize(
    ("outcomes", "outcome"),
    [
        ([HOLDS], "holds"),
        ([CONTRADICTED], "fails"),
        ([NOT_SUPPORTED], "not supported"),
        ([], "cannot be tested here"),
        ([HOLDS, CONTRADICTED], "holds only if"),
        ([HOLDS, HOLDS], "holds"),
        ([CONTRADICTED, CONTRADICTED], "fails"),
        ([HOLDS, NOT_SUPPORTED], "not supported"),
        ([CONTRADICTED, HOLDS], "not supported"),
        ([NOT_SUPPORTED, CONTRADICTED], "not supported"),
    ],
)
def test_the_outcome_of_a_statement(outcomes: list[Outcome], outcome: str) -> None:
    assert statement_outcome(outcomes) == outcome


@pytest.mark.parametrize("second", ["e", "f"])
def test_at_the_boundary_one_claim_in_two_hundred_holds_by_chance(second: str) -> None:
    """What the page of claims says of false ones: 0.5 % on each side, paired or not."""
    random, outcomes = Random(1), []
    condition = parse_condition(f"e.a < {second}.b")
    for _ in range(4000):
        a, b = ([round(random.gauss(0, 1), 4) for _ in range(5)] for _ in range(2))
        found = {"a": sampled(a), "b": sampled(b, second)}
        outcomes.append(evaluate(condition, lambda name, found=found: found[name.parts[-1]]).outcome)  # type: ignore[misc]
    for outcome in (HOLDS, CONTRADICTED):
        assert 0.002 < outcomes.count(outcome) / len(outcomes) < 0.009
