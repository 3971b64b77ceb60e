"""How often a classifier is right, beside who always says the same."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from experiments.measures.classification import evaluate, majority_accuracy, percent
from experiments.splits.parts import Part


def test_percent_is_the_share_of_hits() -> None:
    assert percent(torch.tensor([True, False, False, False])) == 25.0


def test_a_classifier_is_judged_by_its_mean_loss_in_nats_and_its_accuracy() -> None:
    part = Part(torch.tensor([[9.0, 0.0], [0.0, 9.0], [9.0, 0.0], [9.0, 0.0]]), torch.tensor([0, 1, 0, 1]))
    loss, accuracy = evaluate(nn.Identity(), part)
    assert accuracy == 75.0
    assert loss == pytest.approx(9.0 / 4, abs=0.001)


def test_the_majority_is_that_of_the_training_part() -> None:
    train, test = (Part(torch.zeros(len(labels), 1), torch.tensor(labels)) for labels in ([1, 1, 0], [0, 0, 0, 1]))
    assert majority_accuracy(train, test) == 25.0
