"""The learning rate rises for a tenth of the steps, then falls to nothing; parameters are counted as papers do."""

from __future__ import annotations

import pytest

from experiments.models.character_transformer import Shape, build_model, count_all, count_inner, share_of_rate


@pytest.mark.parametrize("steps", [1, 2, 5, 100])
def test_the_rate_reaches_its_peak_once_and_never_exceeds_it(steps: int) -> None:
    shares = [share_of_rate(step, steps) for step in range(steps)]
    assert max(shares) == 1.0
    assert min(shares) > 0.0


def test_the_rate_rises_for_a_tenth_of_the_steps_and_then_falls_evenly() -> None:
    shares = [share_of_rate(step, 100) for step in range(100)]
    assert shares[:10] == pytest.approx([(step + 1) / 10 for step in range(10)])
    assert shares[10:] == pytest.approx([(100 - step) / 90 for step in range(10, 100)])


def test_the_vectors_of_characters_and_places_are_counted_apart() -> None:
    model = build_model(Shape(layers=2, width=16, heads=2, context=8, dropout=0.0), vocabulary_size=50)
    assert count_all(model) - count_inner(model) == 16 * (50 + 8)
    assert count_inner(model) == 2 * (12 * 16**2 + 13 * 16) + 2 * 16
