"""The two tasks of BERT's pre-training, drawn from reviews: hidden characters, and halves that may not belong together.

Both are after Devlin et al. (2019).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import torch

from experiments.models.bert import Marks, Texts, join
from experiments.models.counting import Counts
from experiments.splits.reviews import SEPARATOR

SHORTEST = 8  # characters: a review must have two halves worth the name


@dataclass(frozen=True)
class Halves:
    """Texts of two halves, and 1 where the second really follows the first (count)."""

    texts: Texts
    follows: torch.Tensor


@dataclass(frozen=True)
class Masked:
    """Texts with hidden characters, where they are (count × length), and what they were (hidden)."""

    texts: Texts
    hidden: torch.Tensor
    targets: torch.Tensor


def long_enough(reviews: Sequence[list[int]]) -> list[list[int]]:
    return [review for review in reviews if len(review) >= SHORTEST]


def halve(reviews: Sequence[list[int]], context: int, follows: torch.Tensor, marks: Marks, start: float) -> Halves:
    """Cut a window out of every review, and the window in two halves; where `follows` is 0, take the next one's half.

    `start` says where the window begins: 0 at the review's beginning, 1 as late as it fits.
    """
    pairs = []
    for review in reviews:
        length = min(len(review), context - 3)  # [CLS] and two [SEP]
        first = int(start * (len(review) - length))
        middle = first + length // 2
        pairs.append((review[first:middle], review[middle : first + length]))
    segments = [
        (before, after if true else pairs[(row + 1) % len(pairs)][1])
        for row, ((before, after), true) in enumerate(zip(pairs, follows.tolist(), strict=True))
    ]
    return Halves(join(segments, marks), follows)


def hide(texts: Texts, share: float, marks: Marks, generator: torch.Generator | None = None) -> Masked:
    """Hide a share of the characters behind the mask."""
    character = (texts.tokens < marks.classification) & (texts.tokens != SEPARATOR)
    draws = torch.rand(texts.tokens.shape, generator=generator).to(texts.tokens.device)
    hidden = character & (draws < share)
    tokens = texts.tokens.masked_fill(hidden, marks.mask)
    return Masked(replace(texts, tokens=tokens), hidden, texts.tokens[hidden])


def disguise(masked: Masked, marks: Marks) -> Masked:
    """Leave a tenth of the hidden characters as they were, and put a random one in the place of another tenth.

    Whoever reads must then say something about every character, not about masks only.
    """
    draws = torch.rand(masked.targets.shape, device=masked.targets.device)
    random = torch.randint_like(masked.targets, marks.classification)
    shown = torch.full_like(masked.targets, marks.mask)
    shown = torch.where(draws < 0.1, masked.targets, torch.where(draws < 0.2, random, shown))
    return replace(masked, texts=replace(masked.texts, tokens=masked.texts.tokens.masked_scatter(masked.hidden, shown)))


def neighbour_scores(masked: Masked, counts: Counts, strength: float, marks: Marks) -> torch.Tensor:
    """Return log-probabilities (hidden × vocabulary) of what a table of pairs makes of the two neighbours.

    p(c | left, right) ∝ p(c | left) · p(right | c); a neighbour that is no character tells nothing.
    """
    seen = counts.pairs.sum(dim=1, keepdim=True)
    logs = ((counts.pairs + strength * counts.unigram) / (seen + strength)).log().float()
    rows, places = masked.hidden.nonzero(as_tuple=True)
    left, right = (masked.texts.tokens[rows, places + step] for step in (-1, 1))
    left, right = (side.where(side < marks.classification, -1) for side in (left, right))
    scores = torch.where((left >= 0)[:, None], logs[left], counts.unigram.log().float())
    scores = scores + torch.where((right >= 0)[:, None], logs.T[right], torch.zeros(()))
    return scores.log_softmax(dim=1)
