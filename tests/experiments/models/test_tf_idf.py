"""Words are told apart, and weigh more the rarer they are."""

from __future__ import annotations

import math

import torch

from experiments.models.tf_idf import bags_of_words, split_words


def test_words_are_lower_case_and_keep_their_apostrophes() -> None:
    assert split_words("It's a 'sly' wink -- don't MISS it!") == ["it's", "a", "sly", "wink", "don't", "miss", "it"]


def test_rare_words_weigh_more_and_unknown_ones_nothing() -> None:
    (bag,) = bags_of_words(["good film", "bad film"], ["good film unseen"]).to_dense()
    rare, common = math.log(3 / 2) + 1, 1.0  # columns: bad, film, good
    expected = torch.tensor([0.0, common, rare]) / math.hypot(common, rare)
    torch.testing.assert_close(bag, expected)


def test_a_text_of_unknown_words_is_the_zero_vector() -> None:
    assert bags_of_words(["good"], ["bad"]).to_dense().tolist() == [[0.0]]
