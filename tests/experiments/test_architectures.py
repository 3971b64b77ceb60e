"""How the reviews become tokens for all architectures alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from experiments.architectures import bag_of_characters, number_characters, permute, tokenise
from experiments.models.equal_sized import Texts
from experiments.splits.parts import Part, Parts

if TYPE_CHECKING:
    from tests.experiments.conftest import Smoke


def test_the_most_frequent_characters_are_numbered_first_and_ties_by_code_point() -> None:
    assert number_characters(["好好店", "店好差"], vocabulary=4) == {"好": 2, "店": 3}


def test_texts_are_cut_behind_and_padded_in_front() -> None:
    token_of = {"好": 2, "店": 3}
    assert tokenise("好店", token_of, 4) == [0, 0, 2, 3]
    assert tokenise("好差店好", token_of, 3) == [2, 1, 3]


def test_permuting_moves_the_pixels_of_all_parts_alike_and_loses_none() -> None:
    part = Part(torch.arange(8.0).view(2, 4), torch.tensor([0, 1]))
    moved = permute(Parts(part, part, part, height=2, width=2), torch.tensor([3, 1, 0, 2]))
    assert moved.train.inputs.tolist() == [[3, 1, 0, 2], [7, 5, 4, 6]]
    assert torch.equal(moved.test.inputs, moved.train.inputs)


def test_the_bag_of_characters_starts_undecided_and_does_not_see_padding_or_order() -> None:
    bag = bag_of_characters(Texts(length=4, tokens=5, vector=2, classes=2))
    assert bag(torch.tensor([[0, 0, 2, 3]])).tolist() == [[0.0, 0.0]]
    torch.nn.init.normal_(bag.get_parameter("weight"))
    padded, turned = bag(torch.tensor([[0, 0, 2, 3], [3, 2, 0, 0]]))
    assert torch.allclose(padded, turned)


def test_architectures_have_equally_many_parameters_and_the_same_search(smoke: Smoke) -> None:
    results = [smoke.result("architectures", name) for name in ("mlp", "cnn", "rnn", "lstm", "transformer")]
    for task in ("image", "sequence"):
        counts = [result.values[f"{task}_parameters"].number for result in results]
        assert max(counts) < 1.02 * min(counts)
    assert len({str(result.config["learning_rates"]) for result in results}) == 1
    assert len({result.values["sequence_majority_accuracy"].number for result in results}) == 1  # the same reviews


def test_the_baseline_of_architectures_is_linear(smoke: Smoke) -> None:
    values = smoke.result("architectures", "linear").values
    assert (values["image_parameters"].number, values["sequence_parameters"].number) == (64 * 10 + 10, 1000 * 2)
