"""The baseline of the classifiers of reviews: which characters and pairs occur, and a weight for each of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from sklearn.feature_extraction.text import CountVectorizer  # type: ignore[import-untyped]
from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]

from experiments.splits.labelled_reviews import Labelled

ITERATIONS = 200
OPERATIONS = 4  # per weight in use and iteration: a product and a sum forward, and the same for the gradient


@dataclass(frozen=True)
class Bag:
    """A vocabulary of characters and pairs, its logistic regression, and about how many operations that took."""

    vectorizer: Any
    regression: Any
    operations: float

    @property
    def parameters(self) -> int:
        return int(self.regression.coef_.size) + 1

    def scores(self, reviews: tuple[str, ...]) -> torch.Tensor:
        """Return the scores (count × 2) of complaint and praise, whose softmax is their probability."""
        praise = torch.from_numpy(self.regression.decision_function(self.vectorizer.transform(reviews)))
        return torch.stack((torch.zeros_like(praise), praise), dim=1)


def fit_bag(train: Labelled, strength: float) -> Bag:
    """Fit to whether each character or pair that occurs in two reviews is there; `strength` allows large weights."""
    vectorizer = CountVectorizer(analyzer="char", ngram_range=(1, 2), min_df=2, binary=True)
    present = vectorizer.fit_transform(train.reviews)
    regression = LogisticRegression(C=strength, max_iter=ITERATIONS).fit(present, train.labels.numpy())
    return Bag(vectorizer, regression, OPERATIONS * present.nnz * float(regression.n_iter_[0]))
