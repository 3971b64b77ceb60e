"""What a convolution and its pooling do, on a row of numbers: for readers, no experiment uses it."""

from __future__ import annotations

from collections.abc import Sequence


def slide(kernel: Sequence[float], signal: Sequence[float]) -> list[float]:
    """Lay a kernel over every place of a signal: (-1, 1) over (0, 0, 1, 1, 0) gives [0, 1, 0, -1], its edges."""
    places = range(len(signal) - len(kernel) + 1)
    return [sum(weight * signal[place + offset] for offset, weight in enumerate(kernel)) for place in places]


def pool(signal: Sequence[float], width: int) -> list[float]:
    """Keep the largest of so many neighbours: [0, 1, 0, -1] in twos gives [1, 0], an edge in the first half."""
    return [max(signal[first : first + width]) for first in range(0, len(signal), width)]
