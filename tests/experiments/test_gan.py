"""Correlations of two series, and what `gan` records at smoke size."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from experiments.gan import changes, rank_correlation

if TYPE_CHECKING:
    from tests.experiments.conftest import Smoke


def test_rank_correlation_asks_only_for_the_order() -> None:
    assert rank_correlation([1.0, 2.0, 30.0], [0.1, 0.5, 0.6]) == pytest.approx(1.0)
    assert rank_correlation([1.0, 2.0, 30.0], [3.0, 2.0, 1.0]) == pytest.approx(-1.0)


def test_changes_of_two_series_that_only_fall_together_need_not_go_together() -> None:
    first, second = [9.0, 7.0, 6.5, 3.0], [9.0, 8.5, 6.0, 5.6]
    assert rank_correlation(first, second) == pytest.approx(1.0)
    assert changes(first) == pytest.approx([-2.0, -0.5, -3.5])
    assert rank_correlation(changes(first), changes(second)) < 0


@pytest.mark.parametrize("variant", ["standard", "slow_discriminator"])
def test_gan_keeps_the_epoch_whose_samples_are_closest_to_validation_images(smoke: Smoke, variant: str) -> None:
    result = smoke.result("gan", variant)
    columns = result.tables["learning_curve"]
    rows = [[float(str(cell)) for cell in row] for row in columns.rows]
    closest = min(rows, key=lambda row: row[3])
    assert result.choices["best_epoch"] == closest[0]
    assert result.values["last_distance"].number == pytest.approx(sum(row[3] for row in rows[-2:]) / 2)
    assert 1 <= result.values["samples_effective_classes"].number <= 10
