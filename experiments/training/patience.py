"""Trains a language model at one learning rate until the validation loss stops gaining, then lets the rate fall."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch
from transformers import GPT2LMHeadModel

from experiments.models.character_transformer import falling, mean_loss, optimizer_of, rising_then_constant, train
from experiments.models.counting import Windows


@dataclass(frozen=True)
class Plan:
    """The rate, how patient to be with it, and for how many steps it falls afterwards.

    The loss has stopped gaining when the best of the last `patience` measurements is not lower than the best before
    them by `gain` (nats per character); after `most_steps` the rate falls in any case.
    """

    rate: float
    batch: int
    rising: int
    most_steps: int
    falling: int
    measured_every: int
    patience: int
    gain: float


@dataclass(frozen=True)
class Point:
    """One measurement: losses in nats per character; that of the training part is the mean since the last one."""

    step: int
    rate: float
    training_loss: float
    validation_loss: float


def train_until_stalled(
    model: GPT2LMHeadModel, stream: torch.Tensor, validation: Windows, plan: Plan
) -> Iterator[Point]:
    """Train and yield each measurement (Hägele et al., 2024: a constant rate, then a short fall to 0)."""
    optimizer = optimizer_of(model)
    found: list[float] = []
    constant = rising_then_constant(plan.rate, plan.rising, plan.most_steps)
    step = 0
    for phase in (constant, falling(plan.rate, plan.falling)):
        losses: list[float] = []
        for done, loss in enumerate(train(model, optimizer, stream, plan.batch, phase), start=1):
            step += 1
            losses.append(loss)
            if done % plan.measured_every and done < len(phase):
                continue
            found.append(mean_loss(model, validation))
            yield Point(step, phase[done - 1], math.fsum(losses) / len(losses), found[-1])
            losses = []
            if phase is constant and stalled(found, plan):
                break


def stalled(found: Sequence[float], plan: Plan) -> bool:
    """Tell whether the last `patience` losses gained less than `gain` on the best before them."""
    before, last = found[: -plan.patience], found[-plan.patience :]
    return bool(before) and min(last) > min(before) - plan.gain
