"""No film is learnt from and tested on."""

from __future__ import annotations

from experiments.datasets.movie_reviews import Reviews
from experiments.splits.film_sentences import balanced


def test_rows_come_in_pairs_of_both_verdicts_until_one_runs_out() -> None:
    reviews = Reviews(("a", "b", "c", "d", "e"), (True, True, False, True, False), ("x", "x", "y", "y", "z"))
    assert balanced([4, 3, 2, 1, 0], reviews) == (3, 4, 1, 2)
