"""What the macro `figure` shows of stored tables and values: drawn, said in words, and as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from operator import itemgetter

from bifolio.chapters.context.names import RecordedReference, expect
from bifolio.chapters.context.page import Page
from bifolio.chapters.context.series import Line, column, grid, line, side_by_side
from bifolio.chapters.macros.figure_words import bars_finding, grid_finding, lines_finding
from bifolio.chapters.macros.values import lost_words
from bifolio.errors import FigureError
from bifolio.figures import Axis, Bar, BarFigure, Figure, HeatmapFigure, LineFigure, Point, Series
from bifolio.formats.numbers import unit_name

Data = list[list[object]]
"""The rows of the file beside a figure, its head first."""


@dataclass(frozen=True)
class Picture:
    """What a figure shows: drawn, said in numbers, and as data."""

    figure: Figure
    words: str
    data: Data


def curves(
    page: Page, named: Mapping[str, object], x: str, y: str | Mapping[str, str], labels: tuple[str, str], log: str
) -> Picture:
    """Return a line for each table, or for each column of the one table; runs that all diverged have words alone."""
    tables = {label: expect(value, ["table"], "a line") for label, value in named.items()}
    lost = {label: lost_words(page, table) for label, table in tables.items() if table.lost}
    if len(lost) == len(tables):
        raise FigureError("a figure has no lines", found="runs that all diverged", expected="at least one table")
    measured = {label: table for label, table in tables.items() if label not in lost}
    lines = side_by_side(_lines(measured, x, y))
    return _drawn(page, lines, _palette_places(measured, y), _axes(page, lines, x, y, labels, log), lost)


def _lines(named: Mapping[str, object], x: str, y: str | Mapping[str, str]) -> dict[str, Line]:
    """Return a line for each table, or for each column of the one table."""
    if not x or not y:
        raise FigureError("a line needs two columns", found=f"x={x!r}, y={y!r}", expected='x="epoch", y="loss"')
    tables = {label: expect(value, ["table"], "a line") for label, value in named.items()}
    if isinstance(y, Mapping):
        if len(tables) > 1:
            raise FigureError("several tables are compared by one column", found=f"y={dict(y)!r}", expected='y="loss"')
        return {label: line(next(iter(tables.values())), x, name) for name, label in y.items()}
    return {label: line(table, x, y) for label, table in tables.items()}


def _palette_places(named: Mapping[str, object], y: str | Mapping[str, str]) -> dict[str, int]:
    """Return the colour that each line asks for, whatever its label says in this language.

    A variant has the colour of its place among those declared; columns of one table have theirs in its order.
    """
    tables = {label: expect(value, ["table"], "a line") for label, value in named.items()}
    if isinstance(y, Mapping) and len(y) > 1:
        places = {label: column(next(iter(tables.values())), name)[0] for name, label in y.items()}
        return {label: place - min(places.values()) for label, place in places.items()}
    labels = list(y.values()) if isinstance(y, Mapping) else list(tables)
    return {label: _variant_place(table) for label, table in zip(labels, tables.values(), strict=True)}


def _variant_place(recorded: RecordedReference) -> int:
    return list(recorded.page.catalogue.declarations[recorded.of.experiment].variants).index(recorded.of.variant)


def _axes(
    page: Page,
    lines: Mapping[str, Line],
    x: str,
    y: str | Mapping[str, str],
    labels: tuple[str, str],
    log: str,
) -> tuple[Axis, Axis]:
    one = next(iter(lines.values()))
    y_name = y if isinstance(y, str) else " / ".join(y)
    return (
        Axis(labels[0] or _axis_label(page, x, one.x_unit), "x" in log),
        Axis(labels[1] or _axis_label(page, y_name, one.unit), "y" in log),
    )


def _drawn(
    page: Page,
    lines: Mapping[str, Line],
    places: Mapping[str, int],
    axes: tuple[Axis, Axis],
    lost: Mapping[str, str],
) -> Picture:
    x, y = axes
    series = tuple(
        Series(
            label,
            tuple(Point(at, found.mean, found.low, found.high) for at, found in one.points),
            places[label],
            one.missing,
        )
        for label, one in lines.items()
    )
    data: Data = [["series", "x", "mean", "low", "high", "n"]]
    for label, one in lines.items():
        rows: Data = [[label, at, found.mean, found.low, found.high, found.count] for at, found in one.points]
        rows += [[label, at, "", "", "", 0] for at in one.missing]
        data += sorted(rows, key=itemgetter(1))
    return Picture(LineFigure(series, x, y), lines_finding(page, lines, lost, x, y), data)


def heatmap(page: Page, source: RecordedReference, names: tuple[str, str, str], titles: tuple[str, str]) -> Picture:
    down, across, numbers = grid(source, *names)
    row_title, column_title = titles[0] or names[0], titles[1] or names[1]
    row_labels, column_labels = tuple(map(str, down)), tuple(map(str, across))
    drawn = HeatmapFigure(tuple(map(tuple, numbers)), row_labels, column_labels, row_title, column_title)
    body: Data = [
        [label, *("" if cell is None else cell for cell in cells)]
        for label, cells in zip(row_labels, numbers, strict=True)
    ]
    words = grid_finding(page, (row_title, down), (column_title, across), numbers)
    return Picture(drawn, words, [[row_title, *column_labels], *body])


def bars(page: Page, named: Mapping[str, object], label: str) -> Picture:
    found = {name: expect(value, ["value"], "a bar") for name, value in named.items()}
    lost = {name: lost_words(page, value) for name, value in found.items() if value.lost}
    if len(lost) == len(found):
        raise FigureError("a figure has no bars", found="runs that all diverged", expected="at least one number")
    values = {name: value.measurement for name, value in found.items() if name not in lost}
    units = {one.unit for one in values.values()}
    if len(units) > 1:
        raise FigureError(
            "bars share one axis", found=f"units {', '.join(sorted(map(repr, units)))}", expected="one unit"
        )
    estimates = {name: one.estimate for name, one in values.items()}
    bars = tuple(Bar(name, one.mean, one.low, one.high) for name, one in estimates.items())
    unit = units.pop()
    data: Data = [["bar", "mean", "low", "high", "n"]]
    data += [[name, one.mean, one.low, one.high, one.count] for name, one in estimates.items()]
    data += [[name, "", "", "", 0] for name in lost]
    axis = Axis(label or unit_name(page.language, unit))
    return Picture(BarFigure(bars, axis, tuple(lost)), bars_finding(page, estimates, lost, unit, label), data)


def _axis_label(page: Page, label: str, unit: str) -> str:
    return page.say("table.unit", label=label, unit=unit_name(page.language, unit)) if unit else label
