"""Learning rates rise and fall as they should; parameters are counted as papers do, odds as one number a character."""

from __future__ import annotations

import pytest
import torch

from experiments.models.character_transformer import (
    Shape,
    build_model,
    count_all,
    count_inner,
    likelihoods,
    mean_loss,
    rising_and_falling,
    rising_then_constant,
)
from experiments.models.counting import cut


@pytest.mark.parametrize("steps", [1, 2, 5, 100])
def test_the_rate_reaches_its_peak_once_and_never_exceeds_it(steps: int) -> None:
    rates = rising_and_falling(0.3, steps)
    assert len(rates) == steps
    assert max(rates) == 0.3
    assert min(rates) > 0.0


def test_the_rate_rises_for_a_tenth_of_the_steps_and_then_falls_evenly() -> None:
    rates = rising_and_falling(1.0, 100)
    assert rates[:10] == pytest.approx([(step + 1) / 10 for step in range(10)])
    assert rates[10:] == pytest.approx([(100 - step) / 90 for step in range(10, 100)])


def test_a_constant_rate_is_risen_to() -> None:
    assert rising_then_constant(0.4, rising=2, steps=4) == [0.2, 0.4, 0.4, 0.4]
    assert rising_then_constant(0.4, rising=1, steps=2) == [0.4, 0.4]


def test_the_probabilities_of_the_targets_are_those_of_the_model() -> None:
    model = build_model(Shape(layers=1, width=16, heads=2, context=8, dropout=0.0), vocabulary_size=50)
    windows = cut(torch.arange(34) % 50, 8)
    found = likelihoods(model, windows)
    expected = model(windows.inputs).logits.softmax(dim=-1).gather(-1, windows.targets[..., None]).flatten()
    assert found.tolist() == pytest.approx(expected.tolist(), rel=1e-4)
    assert mean_loss(model, windows) == pytest.approx(-expected.log().mean().item(), rel=1e-4)


def test_the_vectors_of_characters_and_places_are_counted_apart() -> None:
    model = build_model(Shape(layers=2, width=16, heads=2, context=8, dropout=0.0), vocabulary_size=50)
    assert count_all(model) - count_inner(model) == 16 * (50 + 8)
    assert count_inner(model) == 2 * (12 * 16**2 + 13 * 16) + 2 * 16
