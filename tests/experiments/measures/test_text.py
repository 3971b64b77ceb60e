"""What is said of a text is what one counts by hand."""

from __future__ import annotations

import math

import pytest
import torch
from transformers import GPT2Config, GPT2LMHeadModel

from experiments.measures.text import distinct, perplexity, repetition


def test_distinct_counts_different_ngrams_over_all_texts() -> None:
    texts = [[1, 2, 3], [1, 2, 4]]
    assert distinct(texts, 1) == pytest.approx(100 * 4 / 6)
    assert distinct(texts, 2) == pytest.approx(100 * 3 / 4)


def test_repetition_looks_inside_one_text_only() -> None:
    assert repetition([[1, 2, 3, 4, 5], [1, 2, 3, 4, 5]]) == 0.0
    assert repetition([[1, 2, 1, 2, 1, 2, 1, 2]]) == pytest.approx(100 * 3 / 5)


def test_a_model_that_knows_nothing_is_as_surprised_as_there_are_tokens() -> None:
    model = GPT2LMHeadModel(GPT2Config(vocab_size=7, n_positions=8, n_embd=4, n_layer=1, n_head=1)).eval()
    with torch.no_grad():
        model.lm_head.weight.zero_()
    assert perplexity(model, torch.randint(7, (3, 6)), opening_length=2) == pytest.approx(7.0)


def test_perplexity_leaves_the_opening_out() -> None:
    model = GPT2LMHeadModel(GPT2Config(vocab_size=7, n_positions=8, n_embd=4, n_layer=1, n_head=1)).eval()
    text = torch.tensor([[1, 2, 3, 4]])
    with torch.no_grad():
        odds = model(text).logits[0, 2].log_softmax(dim=0)[4].item()
    assert perplexity(model, text, opening_length=3) == pytest.approx(math.exp(-odds))
