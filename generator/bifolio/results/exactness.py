"""Which values are exact: those in which chance has no part, so that one run tells them as well as many."""

from __future__ import annotations

from collections.abc import Sequence

from bifolio.results.record import Value


def is_exact(values: Sequence[Value], *, declared: bool = False) -> bool:
    """Tell whether what the seeds recorded of a value is exact.

    Its experiment says that it computes the number, by `tolerance=0` or, `declared`, by `Quantity(exact=True)`, and all
    seeds agree on it. A timing never is exact, and a number that happens not to vary is not either.
    """
    if any(value.timing for value in values) or len({value.number for value in values}) != 1:
        return False
    return declared or all(value.tolerance == 0 for value in values)
