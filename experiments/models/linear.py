"""Logistic regression with a penalty, fitted to its minimum."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch.nn.functional import cross_entropy


@dataclass(frozen=True)
class Linear:
    """A linear classifier: weight (width × classes) and bias (classes)."""

    weight: torch.Tensor
    bias: torch.Tensor

    def scores(self, features: torch.Tensor) -> torch.Tensor:
        """Return scores (count × classes) for dense or sparse features (count × width)."""
        return features @ self.weight + self.bias


def fit_linear(features: torch.Tensor, labels: torch.Tensor, classes: int, strength: float) -> Linear:
    """Return the logistic regression that minimises total loss × strength + |W|² / 2, found by L-BFGS.

    `strength` is what scikit-learn calls C; the bias is not penalised. Features: count × width, dense or sparse.
    """
    model = Linear(
        torch.zeros(features.shape[1], classes, device=features.device, requires_grad=True),
        torch.zeros(classes, device=features.device, requires_grad=True),
    )
    optimizer = torch.optim.LBFGS([model.weight, model.bias], max_iter=100, line_search_fn="strong_wolfe")

    def closure() -> torch.Tensor:
        optimizer.zero_grad()
        penalty = model.weight.square().sum() / (2 * strength * len(labels))
        loss = cross_entropy(model.scores(features), labels) + penalty
        loss.backward()
        return loss

    optimizer.step(closure)
    return Linear(model.weight.detach(), model.bias.detach())
