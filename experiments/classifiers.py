"""What the experiments that classify images share: the parts of a split, and how a classifier is judged."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import nn
from torch.nn.functional import cross_entropy

CLASSES = 10


@dataclass(frozen=True)
class Part:
    """One part of the split: images (count × height·width) and their classes (count)."""

    images: torch.Tensor
    labels: torch.Tensor


@dataclass(frozen=True)
class Parts:
    train: Part
    validation: Part
    test: Part
    height: int
    width: int

    @property
    def pixels(self) -> int:
        return self.height * self.width


def perceptron(pixels: int, hidden: int) -> nn.Module:
    return nn.Sequential(nn.Linear(pixels, hidden), nn.ReLU(), nn.Linear(hidden, CLASSES))


def logistic_regression(pixels: int) -> nn.Module:
    """The baseline: the perceptron without its hidden layer."""
    return nn.Linear(pixels, CLASSES)


@torch.no_grad()
def evaluate(model: nn.Module, part: Part) -> tuple[float, float]:
    """Return the mean loss (nats per image) and the accuracy (percent)."""
    scores = model(part.images)
    return cross_entropy(scores, part.labels).item(), percent(scores.argmax(dim=1) == part.labels)


def majority_accuracy(parts: Parts) -> float:
    """Return what always answering the training part's most frequent class scores on the test part (percent)."""
    return percent(parts.test.labels == parts.train.labels.mode().values)


def percent(hits: torch.Tensor) -> float:
    return 100.0 * hits.double().mean().item()


def count_parameters(model: nn.Module) -> int:
    return sum(parameter.numel() for parameter in model.parameters())
