"""What a figure shows, as data: lines over an axis, bars, a heat map."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from bifolio.errors import FigureError

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
    """One line and its name; `colour` is its place in the palette, so that it looks the same on every page."""

    label: str
    points: tuple[Point, ...]
    colour: int | None = None


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
    """Quantities side by side: bars from zero, or dots where the axis is logarithmic and has no zero."""

    bars: tuple[Bar, ...]
    value: Axis


@dataclass(frozen=True)
class HeatmapFigure:
    """A table of quantities, none negative, as shades with their numbers: a confusion matrix."""

    cells: tuple[tuple[float, ...], ...]
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


def palette_places(series: Iterable[Series]) -> list[int]:
    """Return the place in the palette of each series, no place twice."""
    places: list[int] = []
    for order, one in enumerate(series):
        wanted = order if one.colour is None else one.colour
        places.append(next(place for place in range(wanted, wanted + MOST_SERIES) if place % MOST_SERIES not in places))
        places[-1] %= MOST_SERIES
    return places


def check_figure(figure: Figure) -> None:
    """Raise a FigureError for data that would draw nothing, or something else than it says."""
    if isinstance(figure, LineFigure):
        _check_lines(figure)
    elif isinstance(figure, BarFigure):
        _check_bars(figure)
    elif isinstance(figure, StripFigure):
        _check_strips(figure)
    else:
        _check_heatmap(figure)


def _check_lines(figure: LineFigure) -> None:
    if not figure.series:
        raise FigureError("a figure has no series", found="none", expected="at least one series")
    if len(figure.series) > MOST_SERIES:
        raise FigureError("a figure has too many series", found=len(figure.series), expected=f"at most {MOST_SERIES}")
    _check_labels("series", (series.label for series in figure.series))
    for series in figure.series:
        what = f"series {series.label!r}"
        if not series.points:
            raise FigureError(f"{what} has no points", found="none", expected="at least one point")
        repeated = [x for x, count in Counter(point.x for point in series.points).items() if count > 1]
        if repeated:
            raise FigureError(f"{what} has more than one point at the same x", found=repeated[0])
        for point in series.points:
            _check_number(f"{what}, x", point.x, figure.x)
            _check_interval(f"{what} at x = {point.x:g}", point, figure.y)


def _check_bars(figure: BarFigure) -> None:
    if not figure.bars:
        raise FigureError("a figure has no bars", found="none", expected="at least one bar")
    _check_labels("bar", (bar.label for bar in figure.bars))
    for bar in figure.bars:
        _check_interval(f"bar {bar.label!r}", bar, figure.value)


def _check_strips(figure: StripFigure) -> None:
    if not figure.strips:
        raise FigureError("a figure has no strips", found="none", expected="at least one strip")
    _check_labels("strip", (strip.label for strip in figure.strips))
    for strip in figure.strips:
        _check_interval(f"strip {strip.label!r}", strip, Axis(strip.label))
        first, last = strip.ends
        if not first < last:
            raise FigureError(f"strip {strip.label!r} has no length", found=f"{first:g}", expected="samples that vary")


def _check_heatmap(figure: HeatmapFigure) -> None:
    rows, columns = len(figure.row_labels), len(figure.column_labels)
    widths = [len(row) for row in figure.cells]
    if not rows or not columns or widths != [columns] * rows:
        shape = f"{len(widths)} rows of {sorted(set(widths))} cells"
        raise FigureError("a heat map's cells do not fit its labels", found=shape, expected=f"{rows} rows of {columns}")
    _check_labels("row", figure.row_labels)
    _check_labels("column", figure.column_labels)
    for row_label, row in zip(figure.row_labels, figure.cells, strict=True):
        for column_label, cell in zip(figure.column_labels, row, strict=True):
            if not math.isfinite(cell) or cell < 0:
                where = f"row {row_label!r}, column {column_label!r}"
                raise FigureError(f"{where}: not a quantity", found=cell, expected="a finite number, not negative")


def _check_labels(what: str, labels: Iterable[str]) -> None:
    for label, count in Counter(labels).items():
        if count > 1:
            raise FigureError(f"two of a figure's {what} labels are the same", found=label, expected="one each")


def _check_interval(what: str, measured: Point | Bar | Strip, axis: Axis) -> None:
    _check_number(f"{what}, low", measured.low)
    for name, number in (("mean", measured.mean), ("high", measured.high)):
        _check_number(f"{what}, {name}", number, axis)
    if not measured.low <= measured.mean <= measured.high:
        found = f"{measured.low:g} .. {measured.mean:g} .. {measured.high:g}"
        raise FigureError(f"{what}: the mean is not inside its interval", found=found, expected="low <= mean <= high")


def _check_number(what: str, number: float, axis: Axis | None = None) -> None:
    if not math.isfinite(number):
        raise FigureError(f"{what}: not a finite number", found=number, expected="a finite number")
    if axis and axis.logarithmic and number <= 0:
        problem = f"{what}: a logarithmic axis ({axis.label}) shows positive numbers only"
        raise FigureError(problem, found=f"{number:g}", expected="a number above 0, or a linear axis")
