"""Cells of stored tables as values: `table.where(model="ridge").mae` is one number a seed, like any other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bifolio.chapters.context.names import RecordedReference
from bifolio.chapters.context.series import column, exact_or_estimate, limits_of, matched, number
from bifolio.claims import Name
from bifolio.errors import ChapterError, FigureError, unknown
from bifolio.results.measurement import Measurement, split_ratio
from bifolio.results.record import Result

Row = tuple[tuple[str, str | int | float | bool], ...]
"""What tells a row apart: cells by their column."""


@dataclass(frozen=True, eq=False)
class CellReference(RecordedReference):
    """A cell of a table, over seeds; `name` is the table's."""

    row: Row = ()
    column: str = ""

    @property
    def lost(self) -> bool:
        return False  # a table that is not there has no cells to be asked for

    @property
    def measurement(self) -> Measurement:
        """Return the cell over seeds; raise FigureError where one has no such row, several, or no number there."""
        results, numbers = self.results(), list(self.numbers().values())
        described = column(self._table, self.column)[1]
        found = exact_or_estimate(numbers, split_ratio(results[0]), limits_of(self._table, self.column))
        catalogue = self.page.catalogue
        return Measurement(
            found,
            found.half_width is None and len(numbers) > 1,
            described.unit,
            described.timing,
            (),
            catalogue.stale(self.of),
            results[0],
            *catalogue.diverged(self.of),
        )

    def results(self, seed: int | None = None) -> tuple[Result, ...]:
        return self._table.results(seed)

    def numbers(self) -> Mapping[int, float]:
        place = column(self._table, self.column)[0]
        found = {}
        for result in self.results():
            rows = matched(self._table, result.tables[self.name], dict(self.row))
            if len(rows) != 1:
                raise FigureError(
                    "a cell lies in one row of each seed's table",
                    found=f"{len(rows)} rows of seed {result.name.seed} for {self}",
                    expected="where(…) with the columns that tell the row apart",
                )
            found[result.name.seed] = number(rows[0][place], self._table, self.column)
        return found

    @property
    def called(self) -> Name:
        return Name((*str(self._table).split("."), self.column), self.row)

    @property
    def declared_as(self) -> str:
        return f"{self.name}.{self.column}"

    @property
    def _table(self) -> RecordedReference:
        return RecordedReference(self.page, self.of, "table", self.name)

    def __str__(self) -> str:
        return str(self.called)


@dataclass(frozen=True, eq=False)
class RowReference:
    """`table.where(model="ridge")`: a row of a table, of which a column is a value."""

    table: RecordedReference
    row: Row

    def member(self, name: str) -> CellReference:
        """Return the cell in a column; raise UnknownNameError when the table has no such column."""
        column(self.table, name)
        return CellReference(self.table.page, self.table.of, "value", self.table.name, self.row, name)

    def __str__(self) -> str:
        wanted = ", ".join(f"{name}={value!r}" for name, value in self.row)
        return f"{self.table}.where({wanted})"


def where(table: RecordedReference, **wanted: object) -> RowReference:
    """Return the row of a table whose cells are these; raise UnknownNameError for a column that is not there."""
    if not wanted:
        raise ChapterError("no row is told apart", found=f"{table}.where()", expected='where(model="ridge")')
    for name, value in wanted.items():
        place = column(table, name)[0]
        if not isinstance(value, str | int | float | bool):
            raise ChapterError("a row is told apart by texts and numbers", found=f"{name}={value!r}")
        cells = {row[place] for stored in table.tables() for row in stored.rows}
        if value not in cells:
            raise unknown(f"{name} in {table}", value, (str(cell) for cell in sorted(cells, key=repr)))
    row = tuple((name, value) for name, value in wanted.items() if isinstance(value, str | int | float | bool))
    return RowReference(table, row)
