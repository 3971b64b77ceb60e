"""Logistic regression reaches its minimum."""

from __future__ import annotations

import pytest
import torch

from experiments.models.linear import fit_linear


def test_fit_linear_reaches_the_minimum_of_what_it_says_it_minimises() -> None:
    features = torch.randn(40, 3, generator=torch.Generator().manual_seed(0))
    labels = (features[:, 0] > 0).long()
    model = fit_linear(features, labels, classes=2, strength=2.0)
    weight = model.weight.clone().requires_grad_()
    scores = features @ weight + model.bias
    objective = 2.0 * torch.nn.functional.cross_entropy(scores, labels, reduction="sum") + weight.square().sum() / 2
    (gradient,) = torch.autograd.grad(objective, weight)
    assert gradient.abs().max().item() == pytest.approx(0.0, abs=1e-2)
