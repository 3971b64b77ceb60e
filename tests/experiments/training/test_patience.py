"""The rate falls when the loss has stopped gaining, or at the cap, and training ends with it."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch

from experiments.models.character_transformer import Shape, build_model
from experiments.models.counting import cut
from experiments.training.patience import Plan, stalled, train_until_stalled

PLAN = Plan(rate=0.01, batch=2, rising=2, most_steps=100, falling=4, measured_every=3, patience=2, gain=0.1)


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        ([3.0, 2.0], False),  # too few to tell
        ([3.0, 2.0, 1.95], False),  # the best of the last two gained a whole unit
        ([2.0, 2.5, 1.95], True),
        ([2.0, 1.95, 1.89], False),  # slowly, but by more than 0.1 in two
    ],
)
def test_what_stopped_gaining(found: list[float], expected: bool) -> None:
    assert stalled(found, PLAN) is expected


def trained(plan: Plan) -> list[tuple[int, float]]:
    torch.manual_seed(0)
    model = build_model(Shape(layers=1, width=16, heads=2, context=8, dropout=0.0), vocabulary_size=5)
    noise = torch.randint(5, (400,))
    return [(point.step, point.rate) for point in train_until_stalled(model, noise, cut(noise, 8), plan)]


def test_the_rate_falls_once_nothing_is_gained() -> None:
    points = trained(PLAN)
    constant = [step for step, rate in points if rate == 0.01]
    assert constant == [3 * number for number in range(1, len(constant) + 1)]
    assert constant[-1] < 100
    assert points[len(constant) :] == [(constant[-1] + 3, 0.005), (constant[-1] + 4, 0.0025)]


def test_the_cap_ends_the_constant_rate_and_is_measured() -> None:
    assert [step for step, _ in trained(replace(PLAN, most_steps=4))] == [3, 4, 7, 8]
