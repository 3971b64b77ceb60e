"""Training of a classifier until its validation part stops gaining."""

from __future__ import annotations

from collections.abc import Iterable
from copy import deepcopy
from typing import Protocol, TypeVar

from torch import nn

from experiments.training.history import Measured, Trained


class Judged(Protocol):
    """What was measured on the validation part: accuracy in percent, loss in nats per example."""

    @property
    def validation_accuracy(self) -> float: ...
    @property
    def validation_loss(self) -> float: ...


Choice = TypeVar("Choice", bound=Judged)


def train_until_stalled(learning_rate: float, model: nn.Module, training: Iterable[Measured], patience: int) -> Trained:
    """Stop when neither accuracy nor loss on the validation part has gained for `patience` epochs.

    The model gets back the weights of the most accurate epoch.
    """
    history: list[Measured] = []
    for point in training:
        history.append(point)
        if most_accurate(history) is point:
            weights = deepcopy(model.state_dict())
        lowest = min(history, key=lambda one: one.validation_loss)
        if point.after - max(most_accurate(history).after, lowest.after) >= patience:
            break
    model.load_state_dict(weights)
    return Trained(learning_rate, model, tuple(history), most_accurate(history))


def most_accurate(choices: Iterable[Choice]) -> Choice:
    """Return the first one with the highest validation accuracy; of equally accurate ones, that with the lowest loss.

    The loss alone may choose a network that has hardly learned: one that learns its training part by heart grows ever
    surer where it errs, and its loss rises while its accuracy rises too.
    """
    return min(choices, key=lambda one: (-one.validation_accuracy, one.validation_loss))
