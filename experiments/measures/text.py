"""How surprising a text is to a model, how varied it is, how often it repeats itself."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch.nn.functional import cross_entropy
from transformers import GPT2LMHeadModel

REPEATED_LENGTH = 4


@torch.no_grad()
def perplexity(model: GPT2LMHeadModel, texts: torch.Tensor, opening_length: int) -> float:
    """Return the perplexity per token of what follows the openings (count × length), by the model's own odds."""
    logits = model(texts[:, :-1]).logits[:, opening_length - 1 :]
    return math.exp(cross_entropy(logits.flatten(0, 1), texts[:, opening_length:].flatten()).item())


def distinct(texts: Sequence[Sequence[int]], length: int) -> float:
    """Return distinct-n (Li et al., 2016): how many of all n-grams of the texts are different ones, in percent."""
    grams = [gram for text in texts for gram in ngrams(text, length)]
    return 100.0 * len(set(grams)) / len(grams)


def repetition(texts: Sequence[Sequence[int]]) -> float:
    """Return the share of 4-grams that occurred before in the same text, in percent."""
    grams = [ngrams(text, REPEATED_LENGTH) for text in texts]
    return 100.0 * (1.0 - sum(len(set(one)) for one in grams) / sum(len(one) for one in grams))


def ngrams(text: Sequence[int], length: int) -> list[tuple[int, ...]]:
    return [tuple(text[start : start + length]) for start in range(len(text) - length + 1)]
