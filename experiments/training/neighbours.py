"""The oldest of rivals: a new case is what most of the training cases nearest to it are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import torch
from torch.nn.functional import one_hot

from experiments.measures.classification import percent
from experiments.splits.parts import Part


@dataclass(frozen=True)
class Neighbours:
    """The training part itself, of which the `count` nearest cases vote (Cover and Hart, 1967)."""

    part: Part
    count: int

    def predict(self, inputs: torch.Tensor) -> torch.Tensor:
        """Return classes (count) by the vote of the nearest, Euclidean; of classes with as many votes the first."""
        nearest = torch.cdist(inputs, self.part.inputs).topk(self.count, largest=False).indices
        return one_hot(self.part.labels[nearest]).sum(dim=1).argmax(dim=1)


def choose_neighbours(train: Part, validation: Part, counts: Iterable[int]) -> Neighbours:
    """Return the number of neighbours that is right most often on the validation part; of equal ones the first."""

    def accuracy(neighbours: Neighbours) -> float:
        return percent(neighbours.predict(validation.inputs) == validation.labels)

    return max((Neighbours(train, count) for count in counts), key=accuracy)
