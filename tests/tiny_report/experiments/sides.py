"""What the sides of a die show."""

from __future__ import annotations


def sides(sixes: int) -> list[int]:
    return [1, 2, 3, 4, 5, *[6] * sixes]
