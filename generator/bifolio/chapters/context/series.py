"""Stored tables over seeds: rows matched between seeds, numbers turned into means with intervals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bifolio.chapters.context.catalogue import exact_or_estimate, split_ratio
from bifolio.chapters.context.names import RecordedReference
from bifolio.errors import FigureError, unknown
from bifolio.results.record import Cell, Column, Table
from bifolio.statistics import Estimate

CellOverSeeds = Estimate | str | None
"""A cell over seeds: a number with its interval, a text that all seeds agree on, or nothing."""
Where = Mapping[str, Cell | tuple[Cell, ...]]


@dataclass(frozen=True)
class Line:
    """One column against another: at each x, the mean over the seeds that reached it."""

    unit: str
    x_unit: str
    points: tuple[tuple[float, Estimate], ...]


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
            if row[y_place] is not None:
                at.setdefault(number(row[x_place], table, x), []).append(number(row[y_place], table, y))
    if not at:
        raise FigureError("there is nothing to draw", found=f"column {y} of {table} is empty")
    ratio = split_ratio(table.results()[0])
    points = tuple((place, exact_or_estimate(samples, ratio)) for place, samples in sorted(at.items()))
    return Line(y_column.unit, x_column.unit, points)


def grid(
    table: RecordedReference, rows: str, columns: str, cells: str
) -> tuple[list[Cell], list[Cell], list[list[float]]]:
    """Return row labels, column labels and the mean over seeds of each cell; a pair that never occurs is 0."""
    places = [column(table, name)[0] for name in (rows, columns, cells)]
    total: dict[tuple[Cell, Cell], float] = {}
    stored = table.tables()
    for one in stored:
        for row in one.rows:
            key = (row[places[0]], row[places[1]])
            total[key] = total.get(key, 0.0) + number(row[places[2]], table, cells)
    if not total:
        raise FigureError("there is nothing to draw", found=f"{table} has no rows")
    across = list(dict.fromkeys(key[1] for key in total))
    down = list(dict.fromkeys(key[0] for key in total))
    return down, across, [[total.get((row, name), 0.0) / len(stored) for name in across] for row in down]


def rows_over_seeds(
    table: RecordedReference, names: Sequence[str], where: Where, limit: int | None, seed: int | None
) -> list[list[CellOverSeeds]]:
    """Return the chosen columns of the rows that match, each number as its mean over seeds.

    Raises FigureError when seeds do not have the same rows, so that there is no mean: then one seed is named.
    """
    places = [column(table, name)[0] for name in names]
    matching = [matched(table, one, where)[:limit] for one in table.tables(seed)]
    if len({len(rows) for rows in matching}) > 1:
        raise _misaligned(table, f"{min(map(len, matching))} to {max(map(len, matching))} rows")
    ratio = split_ratio(table.results()[0])
    return [
        [_over_seeds(table, names[index], [row[place] for row in rows], ratio) for index, place in enumerate(places)]
        for rows in zip(*matching, strict=True)
    ]


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
        # A number that all seeds share is a setting or a step, not a measurement that happens not to vary.
        shared = len(set(numbers)) == 1 and len(numbers) > 1
        return exact_or_estimate(numbers[:1] if shared else numbers, ratio)
    if len(set(cells)) > 1:
        other = next(cell for cell in cells if cell != cells[0])
        raise _misaligned(table, f"{cells[0]!r} and {other!r} in column {name}")
    return None if cells[0] is None else str(cells[0])


def _misaligned(table: RecordedReference, found: str) -> FigureError:
    return FigureError(f"the seeds' rows of {table} differ", found=found, expected="one seed, chosen with seed=0")
