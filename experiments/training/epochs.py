"""Training of a classifier in epochs: passes over its part, in small batches."""

from __future__ import annotations

from collections.abc import Iterator

import torch
from torch import nn
from torch.nn.functional import cross_entropy

from experiments.measures.classification import evaluate
from experiments.splits.parts import Part
from experiments.training.history import Measured


def descend(model: nn.Module, optimizer: torch.optim.Optimizer, part: Part, batch: int) -> Iterator[tuple[float, int]]:
    """Take a step on each small batch of a part, in a new order; yield the batch's mean loss (nats) and its size."""
    for rows in torch.randperm(len(part.labels)).split(batch):
        loss = cross_entropy(model(part.inputs[rows]), part.labels[rows])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        yield loss.item(), len(rows)


def train_epochs(
    model: nn.Module, optimizer: torch.optim.Optimizer, train: Part, validation: Part, *, epochs: int, batch: int
) -> Iterator[Measured]:
    """Pass over the training part so many times; yield what is measured after each pass."""
    for epoch in range(1, epochs + 1):
        model.train()
        total = 0.0
        for loss, count in descend(model, optimizer, train, batch):
            total += loss * count
        model.eval()  # no dropout; running means and variances stand in for those of a batch
        yield Measured(epoch, total / len(train.labels), *evaluate(model, validation))
