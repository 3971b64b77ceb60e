"""What a figure shows, as data: lines over an axis, bars, a heat map."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

MOST_SERIES = 8  # as many as there are colours that a colour-blind reader tells apart


@dataclass(frozen=True)
class Axis:
    """An axis: its label, with the unit, and whether its steps are ratios."""

    label: str
    logarithmic: bool = False


@dataclass(frozen=True)
class Point:
    """A mean at `x` and the interval around it; where nothing is known of the spread, `low` and `high` are the mean."""

    x: float
    mean: float
    low: float
    high: float


@dataclass(frozen=True)
class Series:
    """One line and its name; `colour` is its place in the palette, so that it looks the same on every page.

    At the places in `missing` nothing was measured: the line is broken there.
    """

    label: str
    points: tuple[Point, ...]
    colour: int | None = None
    missing: tuple[float, ...] = ()

    @property
    def places(self) -> tuple[float, ...]:
        """Return every x, also those where nothing was measured."""
        return (*(point.x for point in self.points), *self.missing)

    @property
    def parts(self) -> tuple[tuple[Point, ...], ...]:
        """Return the points between gaps, from left to right."""
        gaps = sorted(self.missing)
        parts = groupby(sorted(self.points, key=lambda point: point.x), lambda point: bisect(gaps, point.x))
        return tuple(tuple(points) for _, points in parts)


@dataclass(frozen=True)
class LineFigure:
    """Lines with their intervals; series that ask for no colour, or for a taken one, get the next free one."""

    series: tuple[Series, ...]
    x: Axis
    y: Axis


@dataclass(frozen=True)
class Bar:
    """One named quantity and its interval."""

    label: str
    mean: float
    low: float
    high: float


@dataclass(frozen=True)
class BarFigure:
    """Quantities side by side: bars from zero, or dots where the axis is logarithmic and has no zero.

    `missing` are the names of those that have no number; a dash stands in the place of each, below the others.
    """

    bars: tuple[Bar, ...]
    value: Axis
    missing: tuple[str, ...] = ()


@dataclass(frozen=True)
class HeatmapFigure:
    """A table of quantities, none negative, as shades with their numbers: a confusion matrix; None is missing."""

    cells: tuple[tuple[float | None, ...], ...]
    row_labels: tuple[str, ...]
    column_labels: tuple[str, ...]
    row_title: str
    column_title: str


@dataclass(frozen=True)
class Strip:
    """One quantity's samples with their mean and interval; the labels say what the two ends of the strip are."""

    label: str
    samples: tuple[float, ...]
    mean: float
    low: float
    high: float
    low_label: str
    high_label: str

    @property
    def ends(self) -> tuple[float, float]:
        return min(self.low, *self.samples), max(self.high, *self.samples)


@dataclass(frozen=True)
class StripFigure:
    """Samples of several quantities, each on a scale of its own."""

    strips: tuple[Strip, ...]


Figure = LineFigure | BarFigure | HeatmapFigure | StripFigure


_FURTHEST = 10
"""On a logarithmic axis an interval is cut where it goes this many times further down than up."""


def lower_end(measured: Point | Bar, axis: Axis) -> float:
    """Return where the lower end of an interval is drawn: one that is cut goes as far down as up, as ratios."""
    return measured.mean**2 / measured.high if is_cut(measured, axis) else measured.low


def is_cut(measured: Point | Bar, axis: Axis) -> bool:
    """Return whether an interval comes so near to zero, or passes it, that a logarithmic axis has no room for it."""
    return axis.logarithmic and measured.low * measured.high * _FURTHEST < measured.mean**2


def cuts_intervals(figure: Figure) -> bool:
    """Return whether some interval is drawn shorter than it is, which its open end shows and words have to say."""
    if isinstance(figure, LineFigure):
        return any(is_cut(point, figure.y) for series in figure.series for point in series.points)
    return isinstance(figure, BarFigure) and any(is_cut(bar, figure.value) for bar in figure.bars)


def breaks_lines(figure: Figure) -> bool:
    """Return whether some line is broken, because nothing was measured between two of its points."""
    return isinstance(figure, LineFigure) and any(len(series.parts) > 1 for series in figure.series)


def palette_places(series: Iterable[Series]) -> list[int]:
    """Return the place in the palette of each series, no place twice."""
    places: list[int] = []
    for order, one in enumerate(series):
        wanted = order if one.colour is None else one.colour
        places.append(next(place for place in range(wanted, wanted + MOST_SERIES) if place % MOST_SERIES not in places))
        places[-1] %= MOST_SERIES
    return places
