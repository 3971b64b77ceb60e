"""What `attention` records at smoke size."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from experiments.attention import slope

if TYPE_CHECKING:
    from tests.experiments.conftest import Smoke


def test_the_slope_of_a_power_law_is_its_exponent() -> None:
    assert slope([2, 4, 32], [3 * 2**1.5, 3 * 4**1.5, 3 * 32**1.5]) == pytest.approx(1.5)


def test_a_constant_has_exponent_zero() -> None:
    assert slope([1, 10, 100], [7.0, 7.0, 7.0]) == pytest.approx(0.0)


def test_attention_is_softer_when_its_scores_are_divided(smoke: Smoke) -> None:
    values = {name: value.number for name, value in smoke.result("attention").values.items()}
    assert 0 < values["unscaled_entropy"] < values["scaled_entropy"] < values["uniform_entropy"]
    assert values["variance_exponent"] == pytest.approx(1, abs=0.1)
