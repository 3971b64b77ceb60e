"""Few labels, dealt out in hands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass


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
