"""The counting baselines give the odds that one computes by hand."""

from __future__ import annotations

import math

import pytest
import torch

from experiments.models.counting import Windows, best_strength, bigram_loss, count, cut, unigram_loss

STREAM = torch.tensor([0, 1, 0, 1, 0, 2])


def test_a_stream_is_cut_into_rows_with_the_next_token_beside_each() -> None:
    windows = cut(torch.arange(8), 3)
    assert windows.inputs.tolist() == [[0, 1, 2], [3, 4, 5]]
    assert windows.targets.tolist() == [[1, 2, 3], [4, 5, 6]]


def test_single_tokens_are_counted_with_one_added() -> None:
    counts = count(STREAM, 3)
    assert counts.unigram.tolist() == pytest.approx([4 / 9, 3 / 9, 2 / 9])
    one = Windows(torch.tensor([[0]]), torch.tensor([[1]]))
    assert unigram_loss(counts, one) == pytest.approx(-math.log(3 / 9))


def test_pairs_are_smoothed_towards_single_tokens() -> None:
    counts = count(STREAM, 3)
    one = Windows(torch.tensor([[0]]), torch.tensor([[1]]))  # 0 was followed by 1 twice in three
    assert bigram_loss(counts, one, strength=6.0) == pytest.approx(-math.log((2 + 6 * 3 / 9) / (3 + 6)))


def test_the_odds_of_all_tokens_that_may_follow_add_up_to_one() -> None:
    counts = count(STREAM, 3)
    for before in range(3):
        odds = [
            math.exp(-bigram_loss(counts, Windows(torch.tensor([[before]]), torch.tensor([[after]])), strength=10.0))
            for after in range(3)
        ]
        assert sum(odds) == pytest.approx(1.0)


def test_text_like_the_counted_one_wants_little_smoothing_and_other_text_wants_much() -> None:
    alternating = torch.tensor([0, 1] * 50)
    counts = count(alternating, 2)
    assert best_strength(counts, cut(alternating, 10)) == 10.0
    assert best_strength(counts, cut(torch.tensor([0, 0, 1, 1] * 25), 10)) == 1000.0
