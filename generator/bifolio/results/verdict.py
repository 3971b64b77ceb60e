"""The verdict: what running something again found, for one run, for one name over seeds, for all of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

from bifolio.results.comparison import Comparison, Difference
from bifolio.statistics import FEWEST_SEEDS, estimate

Verdict = Literal["identical", "within tolerance", "consistent", "inconclusive", "different", "failed"]
VERDICTS: tuple[Verdict, ...] = (
    *("identical", "within tolerance", "consistent", "inconclusive"),
    *("different", "failed"),
)
"""From the best to the worst."""
REFUTING: tuple[Verdict, ...] = ("different", "failed")


def worst(verdicts: Iterable[Verdict]) -> Verdict | None:
    """Return the worst verdict, None for none."""
    return max(verdicts, key=VERDICTS.index, default=None)


def verdict_of_run(comparison: Comparison) -> Verdict:
    """Return what one run again found; on another machine, one run alone cannot show more than a tolerance does."""
    if not comparison.differences:
        return "identical"
    if all(difference.within for difference in comparison.differences):
        return "within tolerance"
    return "different" if comparison.same_machine else "inconclusive"


def verdict_of_name(name: str, comparisons: Sequence[Comparison], test_to_train: float) -> Verdict | None:
    """Return the verdict on one recorded name over all runs of a variant, None where nothing was compared.

    On another machine a difference beyond the tolerance is decided over seeds: consistent if the 95 % interval of the
    difference lies inside the tolerance, different if it lies wholly outside, inconclusive otherwise. Where each seed
    drew its split, `test_to_train` widens the interval as it widens that of the value itself.
    """
    found = [(one, _difference(name, one)) for one in comparisons if name not in one.exempt]
    compared = [(one, difference) for one, difference in found if difference or name in one.identical]
    if not compared:
        return None
    beyond = [(one, difference) for one, difference in compared if difference and not difference.within]
    if not beyond:
        return "within tolerance" if any(difference for _, difference in compared) else "identical"
    if any(one.same_machine for one, _ in beyond):
        return "different"
    return _over_seeds([difference for one, difference in compared if not one.same_machine], test_to_train)


def verdict_of_runs(comparisons: Sequence[Comparison], test_to_train: float) -> Verdict | None:
    """Return the worst verdict over everything that a variant's runs recorded, None for no run."""
    if not comparisons:
        return None
    names = dict.fromkeys(name for one in comparisons for name in compared_names(one))
    found = (verdict_of_name(name, comparisons, test_to_train) for name in names)
    return worst(verdict for verdict in found if verdict) or "identical"  # nothing but timings: all that there is


def compared_names(comparison: Comparison) -> tuple[str, ...]:
    return (*comparison.identical, *(difference.name for difference in comparison.differences))


def _difference(name: str, comparison: Comparison) -> Difference | None:
    return next((difference for difference in comparison.differences if difference.name == name), None)


def _over_seeds(differences: Sequence[Difference | None], test_to_train: float) -> Verdict:
    amounts = [difference.amount if difference else 0.0 for difference in differences]
    counted = [amount for amount in amounts if amount is not None]
    tolerance = next((difference.tolerance for difference in differences if difference), None)
    if tolerance is None or len(counted) < max(FEWEST_SEEDS, len(amounts)):
        return "inconclusive"
    interval = estimate(counted, test_to_train=test_to_train)
    if -tolerance <= interval.low and interval.high <= tolerance:
        return "consistent"
    return "different" if interval.low > tolerance or interval.high < -tolerance else "inconclusive"
