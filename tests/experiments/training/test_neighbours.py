"""The nearest cases vote, and their number is chosen on the validation part."""

from __future__ import annotations

import torch

from experiments.splits.parts import Part
from experiments.training.neighbours import Neighbours, choose_neighbours

TRAIN = Part(torch.tensor([[0.0], [1.0], [2.0], [10.0], [11.0]]), torch.tensor([0, 1, 1, 0, 0]))


def test_the_nearest_case_decides_alone_or_is_outvoted() -> None:
    assert Neighbours(TRAIN, 1).predict(torch.tensor([[0.1], [10.2]])).tolist() == [0, 0]
    assert Neighbours(TRAIN, 3).predict(torch.tensor([[0.1], [10.2]])).tolist() == [1, 0]


def test_the_number_of_neighbours_is_the_first_of_those_that_are_right_most_often() -> None:
    validation = Part(torch.tensor([[0.1], [10.2]]), torch.tensor([1, 0]))
    assert choose_neighbours(TRAIN, validation, (1, 3)).count == 3
    assert choose_neighbours(TRAIN, Part(validation.inputs[1:], validation.labels[1:]), (1, 3)).count == 1
