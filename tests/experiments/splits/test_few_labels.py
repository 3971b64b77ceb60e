"""Labels are dealt without overlap, and the two ways of using them are what their docstrings say."""

from __future__ import annotations

import math

import pytest
import torch

from experiments.few_labels import bags_of_words, deal, fit_linear, split_words


def test_hands_are_disjoint_and_keep_a_quarter_to_choose_by() -> None:
    hands = list(deal(range(100, 140), labels=16, at_most=8))
    assert [(len(hand.learning), len(hand.choosing)) for hand in hands] == [(12, 4), (12, 4)]
    rows = [row for hand in hands for row in (*hand.learning, *hand.choosing)]
    assert sorted(rows) == list(range(100, 132))


def test_no_more_hands_than_asked_for() -> None:
    assert len(list(deal(range(100), labels=16, at_most=3))) == 3


def test_words_are_lower_case_and_keep_their_apostrophes() -> None:
    assert split_words("It's a 'sly' wink -- don't MISS it!") == ["it's", "a", "sly", "wink", "don't", "miss", "it"]


def test_rare_words_weigh_more_and_unknown_ones_nothing() -> None:
    (bag,) = bags_of_words(["good film", "bad film"], ["good film unseen"]).to_dense()
    rare, common = math.log(3 / 2) + 1, 1.0  # columns: bad, film, good
    expected = torch.tensor([0.0, common, rare]) / math.hypot(common, rare)
    torch.testing.assert_close(bag, expected)


def test_a_text_of_unknown_words_is_the_zero_vector() -> None:
    assert bags_of_words(["good"], ["bad"]).to_dense().tolist() == [[0.0]]


def test_fit_linear_reaches_the_minimum_of_what_it_says_it_minimises() -> None:
    features = torch.randn(40, 3, generator=torch.Generator().manual_seed(0))
    labels = (features[:, 0] > 0).long()
    model = fit_linear(features, labels, strength=2.0)
    weight = model.weight.clone().requires_grad_()
    scores = features @ weight + model.bias
    objective = 2.0 * torch.nn.functional.cross_entropy(scores, labels, reduction="sum") + weight.square().sum() / 2
    (gradient,) = torch.autograd.grad(objective, weight)
    assert gradient.abs().max().item() == pytest.approx(0.0, abs=1e-2)
