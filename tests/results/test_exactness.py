"""Which values are exact: by what their experiment says, never by chance."""

from __future__ import annotations

import pytest
from bifolio.results.exactness import is_exact
from bifolio.results.record import Value


@pytest.mark.parametrize(
    ("values", "exact"),
    [
        ([Value(64), Value(64)], False),
        ([Value(64)], False),
        ([Value(64), Value(65)], False),
        ([Value(64), Value(64.0)], False),
        ([Value(0.5)], False),
        ([Value(0.5)] * 5, False),
        ([Value(0.5, tolerance=0.0)], True),
        ([Value(0.5, tolerance=0.0), Value(0.5, tolerance=0.0)], True),
        ([Value(0.5, tolerance=0.0), Value(0.6, tolerance=0.0)], False),
        ([Value(0.5, tolerance=0.1), Value(0.5, tolerance=0.1)], False),
        ([Value(3, timing=True), Value(3, timing=True)], False),
        ([Value(3.0, tolerance=0.0, timing=True)], False),
        ([], False),
    ],
)
def test_what_says_so_is_exact(values: list[Value], exact: bool) -> None:
    assert is_exact(values) is exact


def test_a_declaration_says_so_where_all_agree() -> None:
    assert is_exact([Value(64), Value(64)], declared=True) and is_exact([Value(0.5)], declared=True)
    assert not is_exact([Value(64), Value(65)], declared=True)
    assert not is_exact([Value(3, timing=True)], declared=True)
