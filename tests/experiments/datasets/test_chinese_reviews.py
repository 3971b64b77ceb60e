"""The reviews are the declared ones, and no review stands twice."""

from __future__ import annotations

from dataclasses import replace

import pytest
from bifolio.errors import RunError

from experiments.datasets import chinese_reviews


def test_every_review_stands_once() -> None:
    reviews = chinese_reviews.load()
    assert len(set(reviews.texts)) == len(reviews.texts) == len(reviews.positive) == 17_410
    assert all(text == text.strip() != "" for text in reviews.texts)


def test_repetitions_and_distinct_reviews_make_up_the_file() -> None:
    reviews = chinese_reviews.load()
    assert len(reviews.texts) + reviews.repetitions == 35_123


def test_another_declared_hash_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    files = {**chinese_reviews.DATASET.files, "neg.txt": "0" * 64}
    monkeypatch.setattr(chinese_reviews, "DATASET", replace(chinese_reviews.DATASET, files=files))
    with pytest.raises(RunError, match=r"neg\.txt is not version"):
        chinese_reviews.load()
