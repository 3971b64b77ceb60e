"""Logistic regression with a penalty, fitted by scikit-learn to its minimum."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]

ITERATIONS = 1000


@dataclass(frozen=True)
class Linear:
    """A linear classifier of two classes."""

    regression: Any

    def scores(self, features: Any) -> torch.Tensor:
        """Return scores (count × 2), whose softmax is the probability, for an array or a sparse matrix of features."""
        second = torch.from_numpy(self.regression.decision_function(features))
        return torch.stack((torch.zeros_like(second), second), dim=1)


def fit_linear(features: Any, labels: torch.Tensor, strength: float) -> Linear:
    """Return the logistic regression that minimises total loss × strength + |w|² / 2; the bias is not penalised.

    Features: count × width, an array or a sparse matrix; labels: count, each 0 or 1.
    """
    return Linear(LogisticRegression(C=strength, max_iter=ITERATIONS).fit(features, labels.cpu().numpy()))
