"""Training stops where validation has stopped gaining, and keeps the most accurate epoch."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from torch import nn

from experiments.training.history import Measured
from experiments.training.stalled import most_accurate, train_until_stalled


def trained(model: nn.Module, points: list[tuple[float, float]]) -> Iterator[Measured]:
    """Yield epochs of these losses and accuracies; the bias of the model counts them."""
    for epoch, (loss, accuracy) in enumerate(points, start=1):
        nn.init.constant_(model.get_parameter("bias"), epoch)
        yield Measured(epoch, 0.0, loss, accuracy)


@pytest.mark.parametrize(
    ("points", "stops", "kept"),
    [
        ([(0.6, 70), (0.7, 72), (0.8, 71), (0.9, 71), (1.0, 90)], 4, 2),  # neither gains for two epochs
        ([(0.69, 50), (0.68, 50), (0.67, 50), (0.66, 50), (0.6, 60)], 5, 5),  # the loss alone still does
        ([(0.6, 50), (0.7, 55), (0.8, 60), (0.9, 65), (1.0, 70)], 5, 5),  # the accuracy alone still does
    ],
)
def test_it_goes_on_while_accuracy_or_loss_gains(points: list[tuple[float, float]], stops: int, kept: int) -> None:
    model = nn.Linear(1, 1)
    chosen = train_until_stalled(0.1, model, trained(model, points), patience=2)
    assert (len(chosen.history), chosen.point.after) == (stops, kept)
    assert model.get_parameter("bias").item() == kept


def test_of_equally_accurate_ones_that_with_the_lowest_loss_is_chosen_and_then_the_first() -> None:
    points = [Measured(1, 0, 0.5, 70), Measured(2, 0, 0.4, 70), Measured(3, 0, 0.4, 70), Measured(4, 0, 0.1, 60)]
    assert most_accurate(points).after == 2
