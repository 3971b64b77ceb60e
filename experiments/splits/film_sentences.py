"""Critics' sentences about films in two parts, no film in both."""

from __future__ import annotations

import random
from dataclasses import dataclass

import torch
from bifolio import Run

from experiments.datasets.movie_reviews import Reviews
from experiments.datasets.movie_reviews import load as load_reviews


@dataclass(frozen=True)
class Task:
    """Texts with their labels (1 when fresh); shuffled rows of the pool to learn from, and rows of the test part."""

    texts: tuple[str, ...]
    labels: torch.Tensor
    pool: tuple[int, ...]
    test: tuple[int, ...]


def split_sentences(run: Run, words: range, test_texts: int) -> Task:
    """Keep sentences of so many words; let the seed part the films, so that no film is learnt from and tested on."""
    reviews = load_reviews()
    short = [row for row, text in enumerate(reviews.texts) if len(text.split()) in words]
    films = sorted({reviews.films[row] for row in short})
    parts = run.split(len(films), train=0.9, test=0.1)
    learnt_from = {films[number] for number in parts.train}
    shuffled = random.Random(run.seed).sample(short, len(short))
    pool = balanced([row for row in shuffled if reviews.films[row] in learnt_from], reviews)
    test = balanced([row for row in shuffled if reviews.films[row] not in learnt_from], reviews)[:test_texts]
    run.value("sentences", len(short))
    run.value("films", len(films))
    run.value("test_texts", len(test))
    return Task(reviews.texts, torch.tensor(reviews.positive).long(), pool, test)


def balanced(rows: list[int], reviews: Reviews) -> tuple[int, ...]:
    """Return rows in pairs, one fresh and one rotten, until either runs out; guessing is then right half the time."""
    fresh = [row for row in rows if reviews.positive[row]]
    rotten = [row for row in rows if not reviews.positive[row]]
    return tuple(row for pair in zip(fresh, rotten, strict=False) for row in pair)
