"""How the reviews become tokens for all architectures alike."""

from __future__ import annotations

import torch

from experiments.architectures import bag_of_characters, number_characters, permute, tokenise
from experiments.classifiers import Part, Parts
from experiments.models.equal_sized import Texts


def test_the_most_frequent_characters_are_numbered_first_and_ties_by_code_point() -> None:
    assert number_characters(["好好店", "店好差"], vocabulary=4) == {"好": 2, "店": 3}


def test_texts_are_cut_behind_and_padded_in_front() -> None:
    token_of = {"好": 2, "店": 3}
    assert tokenise("好店", token_of, 4) == [0, 0, 2, 3]
    assert tokenise("好差店好", token_of, 3) == [2, 1, 3]


def test_permuting_moves_the_pixels_of_all_parts_alike_and_loses_none() -> None:
    part = Part(torch.arange(8.0).view(2, 4), torch.tensor([0, 1]))
    moved = permute(Parts(part, part, part, height=2, width=2), torch.tensor([3, 1, 0, 2]))
    assert moved.train.images.tolist() == [[3, 1, 0, 2], [7, 5, 4, 6]]
    assert torch.equal(moved.test.images, moved.train.images)


def test_the_bag_of_characters_starts_undecided_and_does_not_see_padding_or_order() -> None:
    bag = bag_of_characters(Texts(length=4, tokens=5, vector=2, classes=2))
    assert bag(torch.tensor([[0, 0, 2, 3]])).tolist() == [[0.0, 0.0]]
    torch.nn.init.normal_(bag.get_parameter("weight"))
    padded, turned = bag(torch.tensor([[0, 0, 2, 3], [3, 2, 0, 0]]))
    assert torch.allclose(padded, turned)
