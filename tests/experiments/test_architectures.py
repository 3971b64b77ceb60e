"""Architectures for digits: equally many parameters, the same search, the same wrong order of the pixels."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from experiments.architectures import permute
from experiments.splits.parts import Part, Parts

if TYPE_CHECKING:
    from tests.experiments.conftest import Smoke


def test_permuting_moves_the_pixels_of_all_parts_alike_and_loses_none() -> None:
    part = Part(torch.arange(8.0).view(2, 4), torch.tensor([0, 1]))
    moved = permute(Parts(part, part, part, height=2, width=2), torch.tensor([3, 1, 0, 2]))
    assert moved.train.inputs.tolist() == [[3, 1, 0, 2], [7, 5, 4, 6]]
    assert torch.equal(moved.test.inputs, moved.train.inputs)


def test_architectures_have_equally_many_parameters_and_the_same_search(smoke: Smoke) -> None:
    results = [smoke.result("architectures", name) for name in ("mlp", "cnn", "rnn", "lstm", "transformer")]
    counts = [result.values["parameters"].number for result in results]
    assert max(counts) < 1.02 * min(counts)
    for same in ("learning_rates", "epochs", "batch"):
        assert len({str(result.config[same]) for result in results}) == 1
    assert {result.split.kind for result in results if result.split} == {"drawn"}


def test_differences_are_those_of_one_split(smoke: Smoke) -> None:
    values = smoke.result("architectures", "cnn").values
    accuracy = values["accuracy"].number
    assert values["shuffling_cost"].number == accuracy - values["permuted_accuracy"].number
    assert values["lead"].number == accuracy - values["baseline_accuracy"].number
