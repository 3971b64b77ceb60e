"""The encoder is MiniLM, whatever batch or cut vocabulary a sentence comes in."""

from __future__ import annotations

import pytest
import torch
from torch.nn.functional import cosine_similarity

from experiments.datasets import minilm
from experiments.models.sentence_encoder import encode, pretrained, tokenize

SENTENCES = ("A dull film.", "The movie is boring and far too long for its own good.", "Simmer the onions in butter.")


@pytest.fixture(scope="module")
def model() -> minilm.MiniLm:
    return minilm.load()


def test_a_text_starts_and_ends_with_the_special_pieces(model: minilm.MiniLm) -> None:
    texts, rows = tokenize(model, SENTENCES)
    assert {(rows[text[0]].item(), rows[text[-1]].item()) for text in texts} == {(101, 102)}  # [CLS], [SEP]


def test_sentences_of_like_meaning_lie_closer(model: minilm.MiniLm) -> None:
    texts, rows = tokenize(model, SENTENCES)
    film, movie, onions = encode(pretrained(model, rows), texts)
    assert cosine_similarity(film, movie, dim=0) > cosine_similarity(film, onions, dim=0) + 0.3


def test_neither_padding_nor_the_cut_vocabulary_changes_a_vector(model: minilm.MiniLm) -> None:
    texts, rows = tokenize(model, SENTENCES)
    together = encode(pretrained(model, rows), texts)
    (alone,), few = tokenize(model, SENTENCES[:1])
    assert len(few) < len(rows)
    torch.testing.assert_close(encode(pretrained(model, few), [alone])[0], together[0], rtol=1e-4, atol=1e-5)
