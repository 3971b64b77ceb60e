"""The excerpts are the declared ones, each once."""

from __future__ import annotations

from experiments.datasets import movie_reviews


def test_every_excerpt_stands_once_with_its_verdict_and_its_film() -> None:
    reviews = movie_reviews.load()
    assert len(reviews.texts) == len(set(reviews.texts)) == len(reviews.positive) == len(reviews.films) == 12_752
    assert len(set(reviews.films)) == 507
    assert 0.57 < sum(reviews.positive) / len(reviews.positive) < 0.59


def test_a_known_excerpt_has_its_verdict() -> None:
    reviews = movie_reviews.load()
    row = reviews.texts.index("What an embarrassment.")
    assert (reviews.positive[row], reviews.films[row]) == (False, "swept_away")
