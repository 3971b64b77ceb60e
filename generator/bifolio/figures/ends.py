"""Where the labels of lines stand at their ends: moved apart a little, or nowhere if a legend serves better."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from bifolio.figures.axes import x_range, y_domain
from bifolio.figures.data import LineFigure, Point
from bifolio.figures.style import Layout, text_width

_AROUND_PLOT = 80  # pixels of the height that the axis and the titles take
_LINE = 1.25  # of a label's size
_FURTHEST = 1.6  # lines that a label may stand away from the end of its own line


@dataclass(frozen=True)
class EndLabel:
    """A label beside the last point of a line, `down` pixels below it."""

    label: str
    point: Point
    down: float


def end_labels(figure: LineFigure, layout: Layout) -> tuple[EndLabel, ...]:
    """Return the labels of several lines that all end at the right; none where they are too long or too many."""
    _, right = x_range(figure)
    ends = {series.label: max(series.points, key=lambda point: point.x) for series in figure.series}
    longest = max(text_width(label, layout.label) for label in ends)
    if len(ends) < 2 or longest > layout.widest_end or any(point.x != right for point in ends.values()):
        return ()
    heights = {label: _height(figure, point.mean, layout) for label, point in ends.items()}
    order = sorted(ends, key=lambda label: heights[label])
    line = _LINE * layout.label
    apart = dict(zip(order, _apart([heights[label] for label in order], line), strict=True))
    if any(abs(apart[label] - heights[label]) > _FURTHEST * line for label in ends):
        return ()
    return tuple(EndLabel(label, point, round(heights[label] - apart[label], 1)) for label, point in ends.items())


def _height(figure: LineFigure, mean: float, layout: Layout) -> float:
    """Return how far above the axis a mean is drawn, in pixels."""
    low, high = y_domain(figure)
    if figure.y.logarithmic:
        low, high, mean = math.log(low), math.log(high), math.log(mean)
    return (mean - low) / (high - low) * (layout.height - _AROUND_PLOT)


def _apart(heights: Sequence[float], line: float) -> list[float]:
    """Return ascending heights, none below the axis and at least a line apart, that lie nearest to the given ones.

    That is isotonic regression.
    """
    pools: list[tuple[float, int]] = []  # mean of what was joined, and how many
    for place, height in enumerate(heights):
        mean, count = height - place * line, 1
        while pools and pools[-1][0] > mean:
            other, more = pools.pop()
            mean, count = (mean * count + other * more) / (count + more), count + more
        pools.append((mean, count))
    level = [mean for mean, count in pools for _ in range(count)]
    return [max(height, 0.0) + place * line for place, height in enumerate(level)]
