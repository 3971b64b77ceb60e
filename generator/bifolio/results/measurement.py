"""A value over the seeds of a variant: its mean with its interval, and what is said of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bifolio.provenance.declaration import QuantityDeclaration
from bifolio.results.exactness import is_exact
from bifolio.results.record import Result
from bifolio.statistics import Estimate, estimate


@dataclass(frozen=True)
class Measurement:
    """A value over seeds; `result` is the first seed's, for what the runs have in common.

    `diverged` of all `runs` of the variant diverged, some of them perhaps before they recorded the value.

    `of` are the numbers that it is a count out of, smallest first; none where it is no count.
    """

    estimate: Estimate
    exact: bool
    unit: str
    timing: bool
    of: tuple[int, ...]
    stale: str
    result: Result
    diverged: int
    runs: int


def measurement_of(
    results: Sequence[Result], value: str, declared: QuantityDeclaration | None, stale: str, diverged: int, runs: int
) -> Measurement:
    """Return a value over the results that recorded it, exact or with an interval within its range, as is declared.

    The other arguments are told of it as they are.
    """
    recorded = [result.values[value] for result in results]
    numbers = [one.number for one in recorded]
    limits = declared.range if declared else None
    exact = is_exact(recorded, declared=declared is not None and declared.exact)
    ratio = split_ratio(results[0])
    return Measurement(
        exactly(numbers) if exact else estimate(numbers, test_to_train=ratio, limits=limits, of=recorded[0].of),
        exact,
        recorded[0].unit,
        recorded[0].timing,
        tuple(sorted({one.of for one in recorded if one.of is not None})),
        stale,
        results[0],
        diverged,
        runs,
    )


def exactly(numbers: Sequence[float]) -> Estimate:
    """Return a number on which all agree as it is, without an interval."""
    return Estimate(numbers[0], None, len(numbers), numbers[0], numbers[0])


def split_ratio(result: Result) -> float:
    """Return n_test / n_train where the seed drew the split, 0 where the data set fixes it."""
    return result.split.test_to_train if result.split else 0.0
