"""A judge of generated digits: logistic regression that learned from real ones."""

from __future__ import annotations

import torch
from torch import nn

from experiments.models.perceptrons import logistic_regression
from experiments.splits.digits import CLASSES
from experiments.splits.parts import Parts
from experiments.training.epochs import train_epochs
from experiments.training.search import train_to_best

EPOCHS, BATCH, RATE = 40, 64, 0.03


def train_judge(parts: Parts) -> nn.Module:
    """Return logistic regression as it stood after the epoch with the lowest validation loss."""
    model = logistic_regression(parts.pixels, CLASSES).to(parts.train.inputs.device)
    optimizer = torch.optim.Adam(model.parameters(), lr=RATE)
    epochs = train_epochs(model, optimizer, parts.train, parts.validation, epochs=EPOCHS, batch=BATCH)
    return train_to_best(RATE, model, epochs).model
