"""Refuses data of which a figure would draw nothing, or something else than it says."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence

from bifolio.errors import FigureError
from bifolio.figures.data import (
    MOST_SERIES,
    Axis,
    Bar,
    BarFigure,
    Figure,
    HeatmapFigure,
    LineFigure,
    Point,
    Strip,
    StripFigure,
)

LARGEST = 1e150
"""No axis goes further, nor a logarithmic one nearer to zero than its inverse: their squares are still floats."""
MOST_POINTS = 20_000
"""So many points of lines are drawn; more would take minutes and megabytes, and a screen has a thousand pixels."""


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
    points = sum(len(series.points) for series in figure.series)
    if points > MOST_POINTS:
        expected = f"at most {MOST_POINTS:,}: a table of every tenth step, say, or of means"
        raise FigureError("a figure has too many points", found=f"{points:,}", expected=expected)
    for series in figure.series:
        what = f"series {series.label!r}"
        if not series.points:
            raise FigureError(f"{what} has no points", found="none", expected="at least one point")
        repeated = [x for x, count in Counter(series.places).items() if count > 1]
        if repeated:
            raise FigureError(f"{what} has more than one point at the same x", found=repeated[0])
        for x in series.places:
            _check_number(f"{what}, x", x, figure.x)
        for point in series.points:
            _check_interval(f"{what} at x = {point.x:g}", point, figure.y)
    _check_nearness([x for series in figure.series for x in series.places], figure.x)
    _check_nearness([point.high for series in figure.series for point in series.points], figure.y)


def _check_bars(figure: BarFigure) -> None:
    if not figure.bars:
        raise FigureError("a figure has no bars", found="none", expected="at least one bar")
    _check_labels("bar", (*(bar.label for bar in figure.bars), *figure.missing))
    _check_nearness([bar.high for bar in figure.bars], figure.value)
    for bar in figure.bars:
        _check_interval(f"bar {bar.label!r}", bar, figure.value)


def _check_strips(figure: StripFigure) -> None:
    if not figure.strips:
        raise FigureError("a figure has no strips", found="none", expected="at least one strip")
    _check_labels("strip", (strip.label for strip in figure.strips))
    for strip in figure.strips:
        _check_interval(f"strip {strip.label!r}", strip)
        first, last = strip.ends
        if not first < last:
            raise FigureError(f"strip {strip.label!r} has no length", found=f"{first:g}", expected="samples that vary")


def _check_heatmap(figure: HeatmapFigure) -> None:
    rows, columns = len(figure.row_labels), len(figure.column_labels)
    widths = [len(row) for row in figure.cells]
    if not rows or not columns or widths != [columns] * rows:
        shape = f"{len(widths)} rows of {sorted(set(widths))} cells"
        raise FigureError("a heat map's cells do not fit its labels", found=shape, expected=f"{rows} rows of {columns}")
    if all(cell is None for row in figure.cells for cell in row):
        raise FigureError("a heat map has no cells", found="none with a number", expected="at least one")
    _check_labels("row", figure.row_labels)
    _check_labels("column", figure.column_labels)
    for row_label, row in zip(figure.row_labels, figure.cells, strict=True):
        for column_label, cell in zip(figure.column_labels, row, strict=True):
            if cell is not None and (not math.isfinite(cell) or cell < 0):
                where = f"row {row_label!r}, column {column_label!r}"
                raise FigureError(f"{where}: not a quantity", found=cell, expected="a finite number, not negative")


def _check_labels(what: str, labels: Iterable[str]) -> None:
    for label, count in Counter(labels).items():
        if count > 1:
            raise FigureError(f"two of a figure's {what} labels are the same", found=label, expected="one each")


def _check_interval(what: str, measured: Point | Bar | Strip, axis: Axis | None = None) -> None:
    _check_number(f"{what}, low", measured.low, axis and Axis(axis.label))
    for name, number in (("mean", measured.mean), ("high", measured.high)):
        _check_number(f"{what}, {name}", number, axis)
    if not measured.low <= measured.mean <= measured.high:
        found = f"{measured.low:g} .. {measured.mean:g} .. {measured.high:g}"
        raise FigureError(f"{what}: the mean is not inside its interval", found=found, expected="low <= mean <= high")


def _check_nearness(numbers: Sequence[float], axis: Axis) -> None:
    """Raise a FigureError where all numbers of an axis lie too near to zero to be told apart."""
    largest = max(map(abs, numbers))
    if 0 < largest < 1 / LARGEST:
        problem = f"the numbers on an axis ({axis.label}) lie too near to zero"
        raise FigureError(problem, found=f"{largest:g}", expected=f"one of at least {1 / LARGEST:g}, or 0")


def _check_number(what: str, number: float, axis: Axis | None = None) -> None:
    if not math.isfinite(number):
        raise FigureError(f"{what}: not a finite number", found=number, expected="a finite number")
    if axis and (abs(number) > LARGEST or (axis.logarithmic and 0 < number < 1 / LARGEST)):
        expected = f"at most {LARGEST:g}" if abs(number) > LARGEST else f"at least {1 / LARGEST:g}, or a linear axis"
        raise FigureError(f"{what}: no axis reaches so far", found=f"{number:g}", expected=expected)
    if axis and axis.logarithmic and number <= 0:
        problem = f"{what}: a logarithmic axis ({axis.label}) shows positive numbers only"
        raise FigureError(problem, found=f"{number:g}", expected="a number above 0, or a linear axis")
