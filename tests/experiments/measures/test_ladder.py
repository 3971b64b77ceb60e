"""What a doubling takes off the loss, by the law that fits best."""

from __future__ import annotations

import pytest

from experiments.measures.ladder import doubling_takes


def test_what_a_doubling_takes_is_the_same_at_every_size() -> None:
    assert doubling_takes([1, 2, 4, 8], [8.0, 4.0, 2.0, 1.0]) == pytest.approx(50.0)
    assert doubling_takes([3, 12, 48], [1.0, 0.81, 0.6561]) == pytest.approx(10.0)
