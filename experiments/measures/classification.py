"""How a classifier is judged: by its loss, by how often it is right."""

from __future__ import annotations

import torch
from torch import nn
from torch.nn.functional import cross_entropy

from experiments.splits.parts import Part


@torch.no_grad()
def evaluate(model: nn.Module, part: Part) -> tuple[float, float]:
    """Return the mean loss (nats per example) and the accuracy (percent)."""
    scores = model(part.inputs)
    return cross_entropy(scores, part.labels).item(), percent(scores.argmax(dim=1) == part.labels)


def majority_accuracy(train: Part, test: Part) -> float:
    """Return what always answering the training part's most frequent class scores on the test part (percent)."""
    return percent(test.labels == train.labels.mode().values)


def percent(hits: torch.Tensor) -> float:
    return 100.0 * hits.double().mean().item()
