"""Labels are dealt without overlap."""

from __future__ import annotations

from experiments.splits.few_labels import deal


def test_hands_are_disjoint_and_keep_a_quarter_to_choose_by() -> None:
    hands = list(deal(range(100, 140), labels=16, at_most=8))
    assert [(len(hand.learning), len(hand.choosing)) for hand in hands] == [(12, 4), (12, 4)]
    rows = [row for hand in hands for row in (*hand.learning, *hand.choosing)]
    assert sorted(rows) == list(range(100, 132))


def test_no_more_hands_than_asked_for() -> None:
    assert len(list(deal(range(100), labels=16, at_most=3))) == 3
