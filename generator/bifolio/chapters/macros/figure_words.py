"""What a figure shows, in a sentence of numbers: its text alternative."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby

from bifolio.chapters.context.page import Page
from bifolio.chapters.context.series import Line
from bifolio.figures import Axis
from bifolio.formats.numbers import format_estimate, format_mean, format_number
from bifolio.results.record import Cell
from bifolio.statistics import Estimate

_MOST_STRETCHES = 6
"""So many places without a value are named, each a single one or several in a row."""
_NEAR = 0.05
"""A line ends at its lowest or highest point when it ends within this share of its whole rise or fall from there."""


def lines_finding(page: Page, lines: Mapping[str, Line], lost: Mapping[str, str], x: Axis, y: Axis) -> str:
    """Return how each line goes: where it begins and ends, and where it turns; `lost` says why others are not drawn."""
    places = [place for line in lines.values() for place in (*(place for place, _ in line.points), *line.missing)]
    ends = {"first_x": format_number(page.language, min(places)), "last_x": format_number(page.language, max(places))}
    movements = {label: _movement(page, line) + _missing(page, line) for label, line in lines.items()}
    if list(lines) == [""] and not lost:
        return page.say("figure.one_line", x=x.label, y=y.label, movement=movements[""], **ends)
    said = [page.say("figure.line", label=label, movement=movement) for label, movement in movements.items()]
    said += [page.say("figure.line", label=label, movement=why) for label, why in lost.items()]
    return page.say("figure.lines", x=x.label, y=y.label, lines=page.say("figure.join").join(said), **ends)


def bars_finding(page: Page, values: Mapping[str, Estimate], lost: Mapping[str, str], unit: str, label: str) -> str:
    """Return all quantities with their intervals, the greatest first, then those without a number, with the reason."""
    ordered = sorted(values.items(), key=lambda item: -item[1].mean)
    said = [page.say("figure.bar", label=name, mean=format_estimate(page.language, one, unit)) for name, one in ordered]
    said += [page.say("figure.bar", label=name, mean=why) for name, why in lost.items()]
    bars = page.say("figure.join").join(said)
    return page.say("figure.bars_of", label=label, bars=bars) if label else page.say("figure.bars", bars=bars)


def grid_finding(
    page: Page,
    rows: tuple[str, Sequence[Cell]],
    columns: tuple[str, Sequence[Cell]],
    numbers: Sequence[Sequence[float | None]],
) -> str:
    """Return the share on the diagonal and the largest cell off it: what a reader of a confusion matrix looks for."""
    (row_title, down), (column_title, across) = rows, columns
    every = [(value, a, b) for a, row in zip(down, numbers, strict=True) for b, value in zip(across, row, strict=True)]
    cells = [(value, a, b) for value, a, b in every if value is not None]
    lacking = [(a, b) for value, a, b in every if value is None]
    total = sum(value for value, _, _ in cells) or 1.0
    diagonal = sum(value for value, a, b in cells if a == b)
    most, row, column = max((cell for cell in cells if cell[1] != cell[2]), default=cells[0], key=lambda cell: cell[0])
    finding = page.say(
        "figure.heatmap" if set(down) & set(across) else "figure.grid",
        row_title=row_title,
        column_title=column_title,
        diagonal=format_number(page.language, 100 * diagonal / total, 1),
        most=format_number(page.language, most, significant=3),
        row=row,
        column=column,
    )
    return finding + _missing_cells(page, lacking)


def _missing_cells(page: Page, lacking: Sequence[tuple[Cell, Cell]]) -> str:
    """Return which cells have no number, nothing if all have one."""
    if not lacking:
        return ""
    said = [page.say("figure.cell", row=row, column=column) for row, column in lacking[:_MOST_STRETCHES]]
    return page.say("figure.missing_cells", places=_listed(page, said, len(lacking)))


def _listed(page: Page, said: Sequence[str], total: int) -> str:
    """Return places as a list; where there are many, how many more."""
    words = page.say("literal.separator").join(said)
    return words if total <= len(said) else page.say("figure.missing_more", places=words, count=total - len(said))


def _movement(page: Page, line: Line) -> str:
    """Return whether a line falls, rises, turns once, or goes back and forth, with the numbers in question."""
    means = [found.mean for _, found in line.points]
    least, most = min(means), max(means)
    turns = {"lowest": means.index(least), "highest": means.index(most), "first": 0, "last": len(means) - 1}
    near = _NEAR * (most - least)
    # the place of the lowest and of the highest point: at the first end, at the last one, or between them
    low = _end(means, least, near)
    high = _end(means, most, near)
    shape = {
        ("last", "first"): "falls",
        ("first", "last"): "rises",
        ("between", "first"): "valley",
        ("between", "last"): "valley",
        ("first", "between"): "peak",
        ("last", "between"): "peak",
    }.get((low, high), "varies")
    words = {name: format_mean(page.language, line.points[place][1]) for name, place in turns.items()}
    words |= {f"{name}_x": format_number(page.language, line.points[place][0]) for name, place in turns.items()}
    return page.say(f"figure.{'stays' if least == most else shape}", **words)


def _missing(page: Page, line: Line) -> str:
    """Return where nothing was measured of a line, places that follow each other as one stretch; nothing if all was."""
    if not line.missing:
        return ""
    grid = sorted({*(place for place, _ in line.points), *line.missing})
    missing = set(line.missing)
    stretches = [list(places) for lacks, places in groupby(grid, missing.__contains__) if lacks]
    said = [_stretch(page, places) for places in stretches[:_MOST_STRETCHES]]
    return page.say("figure.missing", places=_listed(page, said, len(stretches)))


def _stretch(page: Page, places: Sequence[float]) -> str:
    first, last = (format_number(page.language, place) for place in (places[0], places[-1]))
    return first if len(places) == 1 else page.say("figure.stretch", first=first, last=last)


def _end(means: Sequence[float], extreme: float, near: float) -> str:
    if abs(means[-1] - extreme) <= near:
        return "last"
    return "first" if abs(means[0] - extreme) <= near else "between"
