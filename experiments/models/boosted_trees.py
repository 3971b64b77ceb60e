"""The rival of networks on tables: decision trees, each of which mends what the ones before it got wrong."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from sklearn.ensemble import HistGradientBoostingClassifier  # type: ignore[import-untyped]
from torch.nn.functional import nll_loss

from experiments.splits.parts import Part


@dataclass(frozen=True)
class Forest:
    """Boosted trees, of which the first `trees` are used: as many as gave the lowest validation loss (nats)."""

    model: Any
    learning_rate: float
    trees: int
    validation_loss: float

    def predict(self, rows: torch.Tensor) -> torch.Tensor:
        """Return the classes (count) of rows (count × columns)."""
        for trees, classes in enumerate(self.model.staged_predict(rows.cpu().numpy()), start=1):
            if trees == self.trees:
                return torch.from_numpy(classes).to(rows.device)
        raise AssertionError("it has as many trees as were chosen among them")


def fit_trees(train: Part, validation: Part, learning_rate: float, trees: int) -> Forest:
    """Fit so many trees to the training part; keep as many as the validation part asks for (Friedman, 2001)."""
    model = HistGradientBoostingClassifier(learning_rate=learning_rate, max_iter=trees, early_stopping=False)
    model.fit(train.inputs.cpu().numpy(), train.labels.cpu().numpy())
    labels = validation.labels.cpu()
    stages = model.staged_predict_proba(validation.inputs.cpu().numpy())
    losses = [nll_loss(torch.from_numpy(stage).clamp_min(1e-12).log(), labels).item() for stage in stages]
    lowest = min(range(len(losses)), key=losses.__getitem__)
    return Forest(model, learning_rate, lowest + 1, losses[lowest])
