"""Every rate starts alike, and the lowest validation loss wins."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import inf, nan

import pytest
import torch
from torch import nn

from experiments.training.search import best, search, train_to_best, train_to_end


@dataclass(frozen=True)
class Point:
    validation_loss: float


def training(model: nn.Linear, *losses: float) -> Iterator[Point]:
    """Set the weight to 1, 2, 3 and so on; say that the losses were these."""
    for step, loss in enumerate(losses, start=1):
        nn.init.constant_(model.weight, step)
        yield Point(loss)


def test_every_setting_draws_the_same_numbers() -> None:
    def train(rate: float) -> tuple[float, float]:
        return rate, torch.rand(()).item()

    (first, one), (second, other) = search([0.1, 0.2], train, seed=3)
    assert (first, second) == (0.1, 0.2)
    assert one == other != search([0.1], train, seed=4)[0][1]


def test_what_diverged_is_chosen_only_when_all_did() -> None:
    assert best([Point(nan), Point(2.0), Point(inf), Point(1.0)]) == Point(1.0)
    assert best([Point(inf), Point(nan)]) == Point(inf)


def test_of_equals_the_first_is_chosen() -> None:
    points = [Point(2.0), Point(1.0), Point(1.0)]
    assert best(points) is points[1]


def test_at_the_end_a_model_is_judged_by_its_last_point() -> None:
    model = nn.Linear(1, 1)
    trained = train_to_end(0.1, model, training(model, 3.0, 1.0, 2.0))
    assert (trained.validation_loss, trained.model.weight.item()) == (2.0, 3.0)


@pytest.mark.parametrize(
    ("losses", "kept"), [((3.0, 1.0, 2.0), 2.0), ((nan, 2.0, 1.0), 3.0), ((1.0, 1.0), 1.0), ((nan, nan), 1.0)]
)
def test_a_model_gets_back_the_weights_of_its_best_point(losses: tuple[float, ...], kept: float) -> None:
    model = nn.Linear(1, 1)
    trained = train_to_best(0.1, model, training(model, *losses))
    assert trained.model.weight.item() == kept
    assert trained.point is trained.history[int(kept) - 1]
    assert len(trained.history) == len(losses)
