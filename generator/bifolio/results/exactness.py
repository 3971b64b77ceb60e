"""Which values are exact: those in which chance has no part, so that one run tells them as well as many."""

from __future__ import annotations

from collections.abc import Sequence

from bifolio.results.record import Value


def is_exact(values: Sequence[Value]) -> bool:
    """Tell whether what the seeds recorded of a value is exact.

    All seeds agree, and their experiment says by `tolerance=0` that it computes the number, or it is a whole number
    (a size, a count) on which two or more of them agree: a count from a single seed may be a matter of chance, and so
    is a count out of so many cases. A timing never is exact, and a decimal number that happens not to vary is not
    either.
    """
    if any(value.timing for value in values) or len({value.number for value in values}) != 1:
        return False
    whole = len(values) > 1 and all(isinstance(value.number, int) and value.of is None for value in values)
    return whole or all(value.tolerance == 0 for value in values)
