"""Training with gradients of limited length, as recurrent networks need it."""

from __future__ import annotations

from collections.abc import Iterator

import torch
from torch import nn

from experiments.splits.parts import Parts
from experiments.training.epochs import train_epochs
from experiments.training.history import Measured


def train_with_clipping(
    model: nn.Module, learning_rate: float, parts: Parts, *, epochs: int, batch: int
) -> Iterator[Measured]:
    """Train with Adam on gradients no longer than 1; yield what is measured after each epoch."""
    model.to(parts.train.labels.device)
    optimizer = torch.optim.Adam(model.parameters(), lr=learning_rate, fused=True)  # one operation for all weights

    def limit(*_: object) -> None:
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)

    optimizer.register_step_pre_hook(limit)
    return train_epochs(model, optimizer, parts.train, parts.validation, epochs=epochs, batch=batch)
