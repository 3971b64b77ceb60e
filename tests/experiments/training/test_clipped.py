"""Training with gradients of limited length moves no further than its limit allows."""

from __future__ import annotations

import torch
from torch import nn

from experiments.splits.parts import Part, Parts
from experiments.training.clipped import train_with_clipping


def test_gradients_are_no_longer_than_one() -> None:
    part = Part(torch.tensor([[1000.0], [-1000.0]]), torch.tensor([0, 1]))
    model = nn.Linear(1, 2, bias=False)
    nn.init.constant_(model.weight, 0.0)
    (measured,) = train_with_clipping(model, 0.1, Parts(part, part, part, 1, 1), epochs=1, batch=2)
    gradient = model.weight.grad
    assert gradient is not None
    assert gradient.norm().item() < 1.0001
    assert measured.validation_accuracy == 100.0
