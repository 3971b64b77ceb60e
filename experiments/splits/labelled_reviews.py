"""The Chinese reviews with what each of them is, praise or complaint; parts as in `review_corpus`."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from bifolio import Run

from experiments.datasets.chinese_reviews import load as load_reviews
from experiments.splits.reviews import split_reviews


@dataclass(frozen=True)
class Labelled:
    """Reviews and their labels (count): 1 for praise, 0 for complaint."""

    reviews: tuple[str, ...]
    labels: torch.Tensor

    def first(self, count: int, characters: int) -> Labelled:
        """Return so many reviews, each cut to so many characters; their order is the seed's."""
        return Labelled(tuple(review[:characters] for review in self.reviews[:count]), self.labels[:count])


@dataclass(frozen=True)
class LabelledParts:
    train: Labelled
    validation: Labelled
    test: Labelled


def split_labelled(run: Run) -> LabelledParts:
    """Draw the parts by the seed: the same as those of every experiment that reads the reviews."""
    reviews = load_reviews()
    praises = dict(zip(reviews.texts, reviews.positive, strict=True))
    corpus = split_reviews(run)
    train, validation, test = (
        Labelled(part, torch.tensor([int(praises[review]) for review in part]))
        for part in (corpus.train, corpus.validation, corpus.test)
    )
    return LabelledParts(train, validation, test)
