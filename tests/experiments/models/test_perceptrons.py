"""Perceptrons are as wide as they are asked to be."""

from __future__ import annotations

import torch
from torch import nn

from experiments.models.perceptrons import logistic_regression, perceptron


def test_rectifiers_stand_between_linear_layers_and_not_behind_the_last() -> None:
    layers = list(perceptron(64, 32, 16, 10).children())
    assert [type(layer) for layer in layers] == [nn.Linear, nn.ReLU, nn.Linear, nn.ReLU, nn.Linear]
    assert perceptron(64, 32, 16, 10)(torch.rand(3, 64)).shape == (3, 10)


def test_without_hidden_layers_it_is_logistic_regression() -> None:
    torch.manual_seed(0)
    (alone,) = perceptron(4, 2).children()
    torch.manual_seed(0)
    assert torch.equal(logistic_regression(4, 2).get_parameter("weight"), alone.get_parameter("weight"))
