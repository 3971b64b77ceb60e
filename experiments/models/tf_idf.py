"""Texts as bags of words, in which a word counts for more the fewer texts have it (tf–idf)."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

import torch


def split_words(text: str) -> list[str]:
    """Return the words of a text in lower case; an apostrophe belongs to its word, other signs are dropped."""
    kept = "".join(character if character.isalnum() or character in "'’" else " " for character in text.lower())
    return [word.strip("'’") for word in kept.split() if word.strip("'’")]


def bags_of_words(learning: Sequence[str], texts: Sequence[str]) -> torch.Tensor:
    """Return sparse vectors of length 1 (count × words).

    Words and weights come from the learning texts alone; idf = ln((1 + n) / (1 + texts with the word)) + 1, as in
    scikit-learn. A text without a known word is the zero vector.
    """
    having = Counter(word for text in learning for word in set(split_words(text)))
    column = {word: number for number, word in enumerate(sorted(having))}
    places, weights = [], []
    for row, text in enumerate(texts):
        counts = {word: count for word, count in Counter(split_words(text)).items() if word in column}
        bag = [count * (math.log((1 + len(learning)) / (1 + having[word])) + 1) for word, count in counts.items()]
        places += [(row, column[word]) for word in counts]
        weights += [weight / math.hypot(*bag) for weight in bag]
    indices = torch.tensor(places, dtype=torch.long).view(-1, 2).T
    return torch.sparse_coo_tensor(
        indices, torch.tensor(weights), (len(texts), len(column)), check_invariants=True
    ).coalesce()
