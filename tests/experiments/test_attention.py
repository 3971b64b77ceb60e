import pytest

from experiments.attention import slope


def test_the_slope_of_a_power_law_is_its_exponent() -> None:
    assert slope([2, 4, 32], [3 * 2**1.5, 3 * 4**1.5, 3 * 32**1.5]) == pytest.approx(1.5)


def test_a_constant_has_exponent_zero() -> None:
    assert slope([1, 10, 100], [7.0, 7.0, 7.0]) == pytest.approx(0.0)
