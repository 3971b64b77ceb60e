"""Fully connected networks that score classes."""

from __future__ import annotations

from itertools import pairwise

from torch import nn


def perceptron(*widths: int) -> nn.Module:
    """Return linear layers, with ReLUs between them, from so many inputs to so many classes."""
    layers = [nn.Linear(inputs, outputs) for inputs, outputs in pairwise(widths)]
    return nn.Sequential(*(module for layer in layers[:-1] for module in (layer, nn.ReLU())), layers[-1])


def logistic_regression(inputs: int, classes: int) -> nn.Module:
    """The baseline: a perceptron without hidden layers."""
    return nn.Linear(inputs, classes)
