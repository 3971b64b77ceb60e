"""The search over learning rates: all are tried from the same start, the lowest validation loss is chosen."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from copy import deepcopy
from dataclasses import dataclass
from math import inf, isfinite
from typing import Generic, Protocol, TypeVar

import torch
from torch import nn


class Validated(Protocol):
    """What can be chosen: the lower the validation loss, the better; one that is not finite is never chosen."""

    @property
    def validation_loss(self) -> float: ...


Setting = TypeVar("Setting")
Tried = TypeVar("Tried")
Choice = TypeVar("Choice", bound=Validated)
Point = TypeVar("Point", bound=Validated)
Model = TypeVar("Model", bound=nn.Module)


@dataclass(frozen=True)
class Candidate(Generic[Model, Point]):
    """A model trained at one learning rate: what was measured on the way, and the point at which it now stands."""

    learning_rate: float
    model: Model
    history: tuple[Point, ...]
    point: Point

    @property
    def validation_loss(self) -> float:
        return self.point.validation_loss


def search(settings: Iterable[Setting], train: Callable[[Setting], Tried], seed: int) -> list[Tried]:
    """Train once at each setting, every time from the same weights on the same order of batches."""
    tried = []
    for setting in settings:
        torch.manual_seed(seed)  # so that settings, and variants that search alike, differ in nothing else
        tried.append(train(setting))
    return tried


def best(choices: Iterable[Choice]) -> Choice:
    """Return the first one with the lowest validation loss; one that diverged only if all did."""
    return min(choices, key=lambda one: one.validation_loss if isfinite(one.validation_loss) else inf)


def train_to_end(learning_rate: float, model: Model, training: Iterable[Point]) -> Candidate[Model, Point]:
    """Run a training, which yields what it measures; the model stands as it does after the last step."""
    history = tuple(training)
    return Candidate(learning_rate, model, history, history[-1])


def train_to_best(learning_rate: float, model: Model, training: Iterable[Point]) -> Candidate[Model, Point]:
    """Run a training, which yields what it measures; give the model back the weights of the best point."""
    history: list[Point] = []
    for point in training:
        history.append(point)
        if best(history) is point:
            weights = deepcopy(model.state_dict())
    model.load_state_dict(weights)
    return Candidate(learning_rate, model, tuple(history), best(history))
