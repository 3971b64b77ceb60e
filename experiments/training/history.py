"""What is measured while classifiers train, in the tables that record it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import isfinite

from bifolio import Column, Run
from torch import nn

from experiments.training.search import Candidate

ACCURACY = Column("validation_accuracy", unit="%", tolerance=1.0)


@dataclass(frozen=True)
class Measured:
    """Losses in nats per example after so many steps or epochs; accuracy in percent."""

    after: int
    training_loss: float
    validation_loss: float
    validation_accuracy: float


Trained = Candidate[nn.Module, Measured]
"""A classifier, trained at one learning rate."""


def record_search(candidates: Sequence[Trained], run: Run) -> None:
    """Record where every learning rate ended; an empty cell is a loss that diverged."""
    run.value("rates_tried", len(candidates))
    table = run.table("search", columns=("learning_rate", "validation_loss", ACCURACY))
    for one in candidates:
        loss = one.validation_loss if isfinite(one.validation_loss) else None
        table.add(one.learning_rate, loss, one.point.validation_accuracy)


def record_curve(name: str, history: Iterable[Measured], run: Run, counted: str = "epoch") -> None:
    """Record how a training went, by steps or epochs."""
    curve = run.table(name, columns=(counted, "training_loss", "validation_loss", ACCURACY))
    for point in history:
        curve.add(point.after, point.training_loss, point.validation_loss, point.validation_accuracy)
