"""Logistic regression reaches its minimum."""

from __future__ import annotations

import pytest
import torch

from experiments.models.linear import fit_linear


def test_fit_linear_reaches_the_minimum_of_what_it_says_it_minimises() -> None:
    features = torch.randn(40, 3, generator=torch.Generator().manual_seed(0)).double()
    labels = (features[:, 0] > 0).long()
    model = fit_linear(features.numpy(), labels, strength=2.0)
    weight = torch.from_numpy(model.regression.coef_[0].copy()).requires_grad_()
    second = features @ weight + float(model.regression.intercept_[0])
    loss = torch.nn.functional.binary_cross_entropy_with_logits(second, labels.double(), reduction="sum")
    (gradient,) = torch.autograd.grad(2.0 * loss + weight.square().sum() / 2, weight)
    assert gradient.abs().max().item() == pytest.approx(0.0, abs=1e-2)


def test_scores_are_those_of_the_two_classes() -> None:
    features = torch.tensor([[-1.0], [1.0]]).numpy()
    scores = fit_linear(features, torch.tensor([0, 1]), strength=10.0).scores(features)
    assert scores.argmax(dim=1).tolist() == [0, 1]
    assert scores[:, 0].tolist() == [0.0, 0.0]
