"""The models that count give the odds that one computes by hand."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest
import torch

from experiments.models.counting import Windows, cut
from experiments.models.n_grams import blended, discounted, look_up, mean_surprise, n_grams

STREAM = torch.tensor([0, 1, 2, 0, 1, 2, 0, 1, 0])  # 01 three times, followed by 2, 2 and 0
UNIGRAM = torch.tensor([4 / 9, 3 / 9, 2 / 9], dtype=torch.double)


def one(*tokens: int) -> Windows:
    return Windows(torch.tensor([tokens[:-1]]), torch.tensor([tokens[1:]]))


def test_a_sequence_is_found_with_its_history_and_what_else_followed() -> None:
    seen = look_up(STREAM, one(0, 1, 2), order=3, vocabulary_size=3)
    assert seen.together.tolist() == [0, 2], "the first target has too little before it"
    assert seen.before.tolist() == [0, 3]
    assert seen.kinds.tolist() == [0, 2]


def test_what_was_never_counted_is_not_found() -> None:
    seen = look_up(STREAM, one(2, 1, 1), order=2, vocabulary_size=3)
    assert seen.together.tolist() == [0, 0]
    assert seen.before.tolist() == [2, 3], "2 was followed twice, 1 three times"
    assert look_up(STREAM, one(2, 2, 0), order=3, vocabulary_size=3).before.tolist() == [0, 0]


def test_a_pair_and_a_triple_are_discounted_as_by_hand() -> None:
    windows = one(0, 1, 2)
    seen = [look_up(STREAM, windows, order, 3) for order in (2, 3)]
    odds = discounted(seen, UNIGRAM[windows.targets.flatten()], 0.5).tolist()
    pair = (3 - 0.5 + 0.5 * 1 * 3 / 9) / 3  # 0 was followed three times, always by 1; there is no triple before it
    below = (2 - 0.5 + 0.5 * 2 * 2 / 9) / 3  # 1 was followed by 2 twice in three, and by two kinds
    assert odds == pytest.approx([pair, (2 - 0.5 + 0.5 * 2 * below) / 3])


@pytest.mark.parametrize("history", [(0, 1), (1, 2), (2, 2), (2, 1)])
def test_the_odds_of_all_tokens_that_may_follow_add_up_to_one(history: tuple[int, int]) -> None:
    total = 0.0
    for after in range(3):
        windows = one(*history, after)
        seen = [look_up(STREAM, windows, order, 3) for order in (2, 3)]
        total += discounted(seen, UNIGRAM[windows.targets.flatten()], 0.7)[-1].item()
    assert total == pytest.approx(1.0)


def test_longer_histories_help_where_they_decide_and_the_discount_is_chosen_on_the_validation_part() -> None:
    stream = torch.tensor([0, 0, 1, 1] * 50)  # one token does not tell what follows, two do
    bigram, trigram, four_gram = n_grams(stream, torch.tensor([0.5, 0.5]), cut(stream, 20), cut(stream, 20).first(4))
    assert [model.order for model in (bigram, trigram, four_gram)] == [2, 3, 4]
    assert bigram.loss == pytest.approx(math.log(2), abs=0.02)
    assert trigram.loss < bigram.loss / 4
    assert trigram.discount == 0.5, "nothing is to be taken from what the text always does"
    assert bigram.covered == 100.0
    assert trigram.covered == pytest.approx(95.0), "the first of twenty targets has one token before it"


def test_a_blend_takes_the_share_that_is_best_on_the_validation_part() -> None:
    good, bad = torch.tensor([0.9, 0.9]), torch.tensor([0.1, 0.2])
    share, loss = blended((good, bad), (bad, good))
    assert share == 1.0
    assert loss == pytest.approx(mean_surprise(bad))
    assert blended((torch.tensor([0.9, 0.1]), torch.tensor([0.1, 0.9])), (good, bad))[0] == 0.5


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_code_that_the_chapter_shows_computes_the_same(language: str) -> None:
    page = (Path(__file__).parents[3] / f"templates/pages/background/{language}.md").read_text(encoding="utf-8")
    shown: dict[str, Any] = {}
    exec(page.split("```python\n")[1].split("```")[0], shown)
    letters = "".join("abc"[token] for token in STREAM.tolist())
    unigram = torch.bincount(STREAM).double() / len(STREAM)
    for history in ("ab", "bc", "cb", "aa"):
        for b in "abc":
            windows = one(*("abc".index(letter) for letter in history + b))
            seen = [look_up(STREAM, windows, order, 3) for order in (2, 3)]
            expected = discounted(seen, unigram[windows.targets.flatten()], 0.7)[-1].item()
            assert shown["probability"](letters, history, b, 0.7) == pytest.approx(expected)
