"""Verdicts on one run, on one name over seeds, and on everything."""

from __future__ import annotations

from collections.abc import Sequence

from bifolio.results.comparison import Comparison, Difference
from bifolio.results.verdict import VERDICTS, verdict_of_name, verdict_of_run, verdict_of_runs, worst
from bifolio.statistics import estimate
from hypothesis import given
from hypothesis import strategies as st


def compared(amount: float | None, *, tolerance: float | None = 1.0, same: bool = False) -> Comparison:
    """Return a comparison of the value `loss`; 0 is identical."""
    if amount == 0:
        return Comparison(same, ("loss",), (), ())
    other = None if amount is None else amount
    return Comparison(same, (), (), (Difference("loss", "value", 0.0, other, amount, tolerance),))


def over(amounts: Sequence[float | None], *, tolerance: float | None = 1.0, same: bool = False) -> str | None:
    return verdict_of_name("loss", [compared(amount, tolerance=tolerance, same=same) for amount in amounts], 0.0)


def test_one_run() -> None:
    assert verdict_of_run(compared(0, same=True)) == "identical"
    assert verdict_of_run(compared(0.5, same=True)) == "within tolerance"
    assert verdict_of_run(compared(1.5, same=True)) == "different"
    assert verdict_of_run(compared(1.5)) == "inconclusive"  # one run elsewhere cannot show more
    assert verdict_of_run(compared(0.5, tolerance=None, same=True)) == "different"


def test_over_seeds_on_this_machine() -> None:
    assert over([0, 0, 0], same=True) == "identical"
    assert over([0, 0.5, -1.0], same=True) == "within tolerance"
    assert over([0, 0, 0, 0, 1.5], same=True) == "different"


def test_over_seeds_on_another_machine() -> None:
    assert over([0, 0.5, -0.5, 0.9, 0.1]) == "within tolerance"
    assert over([0.1, -0.1, 0.2, -0.2, 0.0, 0.1, 1.1]) == "consistent"
    assert over([0.9, 1.5, -1.2, 0.3, 2.0]) == "inconclusive"
    assert over([5.0, 5.1, 4.9, 5.0, 5.2]) == "different"
    assert over([-5.0, -5.1, -4.9, -5.0, -5.2]) == "different"


def test_what_concludes_nothing() -> None:
    assert over([1.5, 0.1, 0.1, 0.1]) == "inconclusive"  # four seeds
    assert over([1.5, 0.1, 0.1, 0.1, None]) == "inconclusive"  # one cannot be counted
    assert over([1e-9] * 5, tolerance=None) == "inconclusive"  # nobody said how far


def test_splits_that_overlap_widen_the_interval() -> None:
    runs = [compared(amount) for amount in (0.1, -0.1, 0.2, -0.2, 0.0, 0.1, 1.1)]
    assert verdict_of_name("loss", runs, 0.0) == "consistent"
    assert verdict_of_name("loss", runs, 4.0) == "inconclusive"


@given(st.lists(st.floats(-3, 3), min_size=5, max_size=9))
def test_over_seeds_the_interval_decides(amounts: list[float]) -> None:
    found = over(amounts)
    interval = estimate(amounts)
    if all(abs(amount) <= 1.0 for amount in amounts):
        assert found in ("identical", "within tolerance")
    elif found == "consistent":
        assert interval.low >= -1.0 and interval.high <= 1.0
    elif found == "different":
        assert interval.low > 1.0 or interval.high < -1.0
    else:
        assert interval.low < -1.0 <= interval.high or interval.low <= 1.0 < interval.high


def test_a_name_that_nothing_was_compared_of_has_no_verdict() -> None:
    exempt = Comparison(True, (), ("loss",), ())
    assert verdict_of_name("loss", [exempt], 0.0) is None
    assert verdict_of_name("other", [compared(0)], 0.0) is None
    assert verdict_of_runs([exempt], 0.0) == "identical"
    assert verdict_of_runs([], 0.0) is None


def test_the_worst_name_decides_over_everything() -> None:
    run = Comparison(True, ("a",), (), (Difference("b", "value", 1.0, 3.0, 2.0, 1.0),))
    assert verdict_of_runs([run], 0.0) == "different"
    assert [verdict_of_name(name, [run], 0.0) for name in "ab"] == ["identical", "different"]


def test_worst_follows_the_order_from_best_to_worst() -> None:
    assert worst([]) is None
    for place, verdict in enumerate(VERDICTS):
        assert worst([*VERDICTS[: place + 1]]) == verdict
