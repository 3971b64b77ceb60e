"""Stored tables over seeds: rows matched between seeds, numbers turned into means with intervals."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bifolio.chapters.context.names import RecordedReference
from bifolio.errors import FigureError, unknown
from bifolio.results.measurement import exactly, split_ratio
from bifolio.results.record import Cell, Column, Table
from bifolio.statistics import Estimate, Range, estimate

CellOverSeeds = Estimate | str | None
"""A cell over seeds: a number with its interval, a text that all seeds agree on, or nothing."""
Where = Mapping[str, Cell | tuple[Cell, ...]]


@dataclass(frozen=True)
class Line:
    """One column against another: at each x, the mean over the seeds that reached it; `missing` where none did."""

    unit: str
    x_unit: str
    points: tuple[tuple[float, Estimate], ...]
    missing: tuple[float, ...] = ()


def column(table: RecordedReference, name: str) -> tuple[int, Column]:
    """Return a column's place and description; raise UnknownNameError when the table has no such column."""
    columns = table.tables()[0].columns
    for place, found in enumerate(columns):
        if found.name == name:
            return place, found
    raise unknown(f"column in {table}", name, (found.name for found in columns))


def line(table: RecordedReference, x: str, y: str) -> Line:
    """Return the mean of column `y` at each value of column `x`; raise FigureError for cells that are no numbers."""
    x_place, x_column = column(table, x)
    y_place, y_column = column(table, y)
    at: dict[float, list[float]] = {}
    for stored in table.tables():
        for row in stored.rows:
            found = at.setdefault(number(row[x_place], table, x), [])
            if row[y_place] is not None:
                found.append(number(row[y_place], table, y))
    if not any(at.values()):
        raise FigureError("there is nothing to draw", found=f"column {y} of {table} is empty")
    ratio, limits = split_ratio(table.results()[0]), limits_of(table, y)
    points = tuple(
        (place, exact_or_estimate(samples, ratio, limits)) for place, samples in sorted(at.items()) if samples
    )
    return Line(y_column.unit, x_column.unit, points, tuple(sorted(place for place in at if not at[place])))


def side_by_side(lines: Mapping[str, Line]) -> dict[str, Line]:
    """Return lines that also miss what they alone lack of the places that all have in common.

    A line lacks a place that another has, between its own ends, if it has more than half of such places: one that was
    measured every tenth step is no line with gaps.
    """
    measured = {x for line in lines.values() for x, _ in line.points}
    return {label: replace(line, missing=_lacking(line, measured)) for label, line in lines.items()}


def _lacking(line: Line, measured: set[float]) -> tuple[float, ...]:
    own = {x for x, _ in line.points}
    between = {x for x in measured if line.points[0][0] < x < line.points[-1][0]}
    lacking = between - own if 2 * len(between & own) > len(between) else set()
    return tuple(sorted({*line.missing, *lacking}))


def grid(
    table: RecordedReference, rows: str, columns: str, cells: str
) -> tuple[list[Cell], list[Cell], list[list[float | None]]]:
    """Return row labels, column labels and the mean over seeds of each cell, None for one that is missing.

    In a table of counts, all of them whole numbers, a pair that does not occur was counted 0 times.
    """
    places = [column(table, name)[0] for name in (rows, columns, cells)]
    found: dict[tuple[Cell, Cell], list[float]] = {}
    stored = table.tables()
    for one in stored:
        for row in one.rows:
            of_pair = found.setdefault((row[places[0]], row[places[1]]), [])
            if row[places[2]] is not None:
                of_pair.append(number(row[places[2]], table, cells))
    if not any(found.values()):
        raise FigureError("there is nothing to draw", found=f"{table} has no rows with a number in {cells}")
    counted = all(numbers for numbers in found.values()) and all(
        isinstance(count, int) for numbers in found.values() for count in numbers
    )

    def mean(row: Cell, name: Cell) -> float | None:
        numbers = found.get((row, name), [])
        if counted:
            return sum(numbers) / len(stored)
        return math.fsum(numbers) / len(numbers) if numbers else None

    across = list(dict.fromkeys(key[1] for key in found))
    down = list(dict.fromkeys(key[0] for key in found))
    return down, across, [[mean(row, name) for name in across] for row in down]


def rows_over_seeds(
    table: RecordedReference, names: Sequence[str], where: Where, limit: int | None, seed: int | None
) -> list[list[CellOverSeeds]]:
    """Return the chosen columns of the rows that match, each number as its mean over seeds.

    A column of which the seeds share every number is one of settings or steps: its numbers are exact. Raises
    FigureError when seeds do not have the same rows, so that there is no mean: then one seed is named.
    """
    places = [column(table, name)[0] for name in names]
    matching = [matched(table, one, where)[:limit] for one in table.tables(seed)]
    if len({len(rows) for rows in matching}) > 1:
        raise _misaligned(table, f"{min(map(len, matching))} to {max(map(len, matching))} rows")
    ratio = split_ratio(table.results()[0])
    columns = [
        [_over_seeds(table, name, [row[place] for row in rows], ratio) for rows in zip(*matching, strict=True)]
        for name, place in zip(names, places, strict=True)
    ]
    return [list(row) for row in zip(*map(_settings_as_they_are, columns), strict=True)]


def _settings_as_they_are(cells: list[CellOverSeeds]) -> list[CellOverSeeds]:
    """Return a column without its intervals where none of its numbers varies over the seeds."""
    if any(isinstance(cell, Estimate) and cell.width and not cell.unvaried for cell in cells):
        return cells
    return [exactly([cell.mean]) if isinstance(cell, Estimate) else cell for cell in cells]


def matched(table: RecordedReference, one: Table, where: Where) -> list[tuple[Cell, ...]]:
    """Return the rows of one seed's table whose cells are what `where` asks for."""
    wanted = [(column(table, name)[0], value) for name, value in where.items()]
    return [row for row in one.rows if all(fits(row[place], value) for place, value in wanted)]


def fits(cell: Cell, wanted: Cell | tuple[Cell, ...]) -> bool:
    return cell in wanted if isinstance(wanted, tuple) else cell == wanted


def number(cell: Cell, table: RecordedReference, name: str) -> float:
    """Return a cell that must be a number; whole numbers stay whole."""
    if isinstance(cell, (int, float)):
        return cell
    raise FigureError(f"column {name} of {table} holds something else than numbers", found=repr(cell))


def _over_seeds(table: RecordedReference, name: str, cells: list[Cell], ratio: float) -> CellOverSeeds:
    numbers = [cell for cell in cells if isinstance(cell, (int, float))]
    if len(numbers) == len(cells):
        return exact_or_estimate(numbers, ratio, limits_of(table, name))
    if len(set(cells)) > 1:
        other = next(cell for cell in cells if cell != cells[0])
        raise _misaligned(table, f"{cells[0]!r} and {other!r} in column {name}")
    return None if cells[0] is None else str(cells[0])


def _misaligned(table: RecordedReference, found: str) -> FigureError:
    return FigureError(f"the seeds' rows of {table} differ", found=found, expected="one seed, chosen with seed=0")


def limits_of(table: RecordedReference, name: str) -> Range | None:
    """Return where the numbers of a column are declared to lie."""
    return table.page.catalogue.limits(table.of, f"{table.name}.{name}")


def exact_or_estimate(numbers: Sequence[float], ratio: float, limits: Range | None) -> Estimate:
    """Return the mean of cells with its interval; a whole number that every seed agrees on has none."""
    if len(set(numbers)) == 1 and isinstance(numbers[0], int):
        return exactly(numbers)
    return estimate(numbers, test_to_train=ratio, limits=limits)
