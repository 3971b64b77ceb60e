"""Architectures for reviews: one reading of the reviews for all, equally many parameters and settings tried."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import torch

from experiments.models.equal_sized import Texts
from experiments.review_architectures import Config, bag_of_characters, new_network, number_characters, tokenise

if TYPE_CHECKING:
    from tests.experiments.conftest import Smoke

NETWORKS = ("mlp", "cnn", "rnn", "lstm", "transformer")


def test_the_most_frequent_characters_are_numbered_first_and_ties_by_code_point() -> None:
    assert number_characters(("好好店", "店好差"), vocabulary=4) == {"好": 2, "店": 3}


def test_texts_are_cut_behind_and_padded_in_front() -> None:
    token_of = {"好": 2, "店": 3}
    assert tokenise("好店", token_of, 4) == [0, 0, 2, 3]
    assert tokenise("好差店好", token_of, 3) == [2, 1, 3]


def test_the_bag_of_characters_does_not_see_padding_or_order() -> None:
    bag = bag_of_characters(Texts(length=4, tokens=5, vector=2, classes=2))
    padded, turned = bag(torch.tensor([[0, 0, 2, 3], [3, 2, 0, 0]]))
    assert torch.allclose(padded, turned)


def test_the_bag_starts_undecided_and_the_vectors_of_every_network_as_small_as_they_should() -> None:
    bag = new_network(Config(architecture="bag"), deviation=0.0)
    assert bag(torch.tensor([[0, 0, 2, 3]])).tolist() == [[0.0, 0.0]]
    for architecture in NETWORKS:
        vectors = next(new_network(Config(architecture=architecture), deviation=0.02).parameters())
        assert vectors.shape == (1000, 16)
        assert vectors.std().item() == pytest.approx(0.02, rel=0.05)


def test_networks_have_equally_many_parameters_and_read_the_same_reviews(smoke: Smoke) -> None:
    results = [smoke.result("review_architectures", name) for name in NETWORKS]
    counts = [result.values["parameters"].number for result in results]
    assert max(counts) < 1.02 * min(counts)
    assert len({result.values["majority_accuracy"].number for result in results}) == 1
    assert {result.split.kind for result in results if result.split} == {"drawn"}


def test_all_try_equally_many_settings_and_the_baselines_too() -> None:
    config = Config()
    settings = len(config.deviations) * len(config.learning_rates)
    assert settings == len(config.strengths)


def test_the_bag_has_a_score_for_every_character_and_class(smoke: Smoke) -> None:
    assert smoke.result("review_architectures", "bag").values["parameters"].number == 1000 * 2
