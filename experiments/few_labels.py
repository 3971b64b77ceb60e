"""Learning from few labels: how they are dealt out, logistic regression, and words counted in a bag."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch
from torch.nn.functional import cross_entropy

CLASSES = 2


@dataclass(frozen=True)
class Hand:
    """Row numbers of texts whose labels were bought: most to learn from, the rest to choose by."""

    learning: tuple[int, ...]
    choosing: tuple[int, ...]


def deal(rows: Sequence[int], labels: int, at_most: int) -> Iterator[Hand]:
    """Cut the shuffled rows into disjoint hands of so many labels, a quarter of each to choose by."""
    for start in range(0, min(at_most, len(rows) // labels) * labels, labels):
        dealt = tuple(rows[start : start + labels])
        yield Hand(learning=dealt[labels // 4 :], choosing=dealt[: labels // 4])


@dataclass(frozen=True)
class Linear:
    """A linear classifier: weight (width × classes) and bias (classes)."""

    weight: torch.Tensor
    bias: torch.Tensor

    def scores(self, features: torch.Tensor) -> torch.Tensor:
        """Return scores (count × classes) for dense or sparse features (count × width)."""
        return features @ self.weight + self.bias


def fit_linear(features: torch.Tensor, labels: torch.Tensor, strength: float) -> Linear:
    """Return the logistic regression that minimises total loss × strength + |W|² / 2, found by L-BFGS.

    `strength` is what scikit-learn calls C; the bias is not penalised. Features: count × width, dense or sparse.
    """
    model = Linear(
        torch.zeros(features.shape[1], CLASSES, device=features.device, requires_grad=True),
        torch.zeros(CLASSES, device=features.device, requires_grad=True),
    )
    optimizer = torch.optim.LBFGS([model.weight, model.bias], max_iter=100, line_search_fn="strong_wolfe")

    def closure() -> torch.Tensor:
        optimizer.zero_grad()
        penalty = model.weight.square().sum() / (2 * strength * len(labels))
        loss = cross_entropy(model.scores(features), labels) + penalty
        loss.backward()
        return loss

    optimizer.step(closure)
    return Linear(model.weight.detach(), model.bias.detach())


def split_words(text: str) -> list[str]:
    """Return the words of a text in lower case; an apostrophe belongs to its word, other signs are dropped."""
    kept = "".join(character if character.isalnum() or character in "'’" else " " for character in text.lower())
    return [word.strip("'’") for word in kept.split() if word.strip("'’")]


def bags_of_words(learning: Sequence[str], texts: Sequence[str]) -> torch.Tensor:
    """Return sparse tf–idf vectors of length 1 (count × words): a word counts for more the fewer texts have it.

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
