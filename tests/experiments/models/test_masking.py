"""Blanks and halves are what BERT's two tasks ask for, and the table of pairs gives the odds that one computes."""

from __future__ import annotations

import math

import pytest
import torch

from experiments.models.bert import Texts, encode, join, look_near, marks_of
from experiments.models.counting import count
from experiments.models.masking import Masked, disguise, halve, hide, neighbour_scores
from experiments.splits.reviews import SEPARATOR, Vocabulary

VOCABULARY = Vocabulary(("[SEP]", "[UNK]", "甲", "乙", "丙"))
MARKS = marks_of(VOCABULARY)
FIRST, SECOND = [2] * 10, [3] * 12


def test_reviews_are_encoded_one_by_one() -> None:
    assert encode(["甲乙", "", "丙丁"], VOCABULARY) == [[2, 3], [], [4, 1]]


def test_a_half_follows_or_is_the_next_review_s() -> None:
    halves = halve([FIRST, SECOND], 13, torch.tensor([1, 0]), MARKS, start=0.0)
    assert halves.texts.tokens.tolist() == [
        [MARKS.classification, *[2] * 5, SEPARATOR, *[2] * 5, SEPARATOR],
        [MARKS.classification, *[3] * 5, SEPARATOR, *[2] * 5, SEPARATOR],
    ]
    assert halves.texts.segments[0].tolist() == [0] * 7 + [1] * 6


def test_only_characters_are_hidden_and_remembered() -> None:
    texts = join([[FIRST, FIRST], [SECOND]], MARKS)
    masked = hide(texts, 1.0, MARKS)
    assert masked.targets.tolist() == [2] * 20 + [3] * 12
    assert not masked.hidden[:, 0].any()
    assert (masked.texts.tokens == MARKS.padding).sum() == (texts.present == 0).sum() > 0


def test_about_eight_in_ten_of_the_hidden_stay_masks() -> None:
    torch.manual_seed(0)
    masked = hide(join([[[2] * 4000]], MARKS), 1.0, MARKS)
    tokens = disguise(masked, MARKS).texts.tokens[0, 1:-1]
    assert (tokens == MARKS.mask).double().mean().item() == pytest.approx(0.8, abs=0.03)
    assert (tokens < MARKS.classification).sum() + (tokens == MARKS.mask).sum() == 4000


def test_pairs_speak_of_both_neighbours_and_only_of_characters() -> None:
    stream = torch.tensor([0, 2, 3, 4, 2, 3, 4, 0])
    counts = count(stream, 5)
    row = torch.tensor([[MARKS.classification, 2, MARKS.mask, 4, SEPARATOR]])
    hidden = row == MARKS.mask
    masked = Masked(Texts(row, torch.zeros_like(row), torch.ones_like(row)), hidden, torch.tensor([3]))
    scores = neighbour_scores(masked, counts, 1.0, MARKS)
    assert scores.exp().sum().item() == pytest.approx(1.0)
    unigram = counts.unigram
    seen = counts.pairs.sum(dim=1)
    odds = [
        (counts.pairs[2, c] + unigram[c]) / (seen[2] + 1) * (counts.pairs[c, 4] + unigram[4]) / (seen[c] + 1)
        for c in range(5)
    ]
    assert scores[0, 3].item() == pytest.approx(math.log(odds[3] / sum(odds)), abs=1e-5)


def test_heads_look_to_one_side_and_the_first_place_everywhere() -> None:
    nearness = look_near(4, 2, torch.device("cpu"))[0]
    assert nearness[:, 0].abs().sum() == 0
    assert nearness[0, 2].tolist() == [-2.0, 0.0, -4.0, -1e9]
    assert nearness[1, 2].tolist() == [-1e9, -1e9, -4.0, 0.0]
