"""What a run has recorded so far."""

from __future__ import annotations

from dataclasses import dataclass, field

from bifolio.authoring.conversion import plain_cell, plain_tolerance, plain_unit
from bifolio.authoring.error_places import Located, located
from bifolio.errors import RecordError
from bifolio.project import NAME
from bifolio.provenance.declaration import Literal, Range
from bifolio.provenance.quantities import is_within, range_text
from bifolio.results.record import Cell, Column, Image, Sample, Split, Table, Value


@dataclass
class Recording:
    """What a run has recorded so far; `files` holds the images' bytes by file name."""

    split: Split | None = None
    values: dict[str, Value] = field(default_factory=dict)
    choices: dict[str, Literal] = field(default_factory=dict)
    tables: dict[str, TableRecorder] = field(default_factory=dict)
    samples: dict[str, Sample] = field(default_factory=dict)
    images: dict[str, Image] = field(default_factory=dict)
    diverged: str | None = None
    files: dict[str, bytes] = field(default_factory=dict)

    def __contains__(self, name: str) -> bool:
        """Tell whether something of this name was recorded."""
        kinds = (self.values, self.choices, self.tables, self.samples, self.images)
        return any(name in kind for kind in kinds)

    def __bool__(self) -> bool:
        """Tell whether anything was recorded."""
        return any((self.values, self.choices, self.tables, self.samples, self.images, self.diverged))


class TableRecorder:
    """A table that is being filled, one row at a time."""

    def __init__(self, name: str, columns: tuple[Column, ...], ranges: tuple[Range | None, ...]) -> None:
        self._name = name
        self._columns = columns
        self._ranges = ranges
        self._rows: list[tuple[Cell, ...]] = []

    @property
    def table(self) -> Table:
        """Return what the table holds so far."""
        return Table(self._columns, tuple(self._rows))

    def add(self, *cells: object) -> None:
        """Append a row; raise RecordError when cells are too few, too many, no text or number, or out of range."""
        names = [column.name for column in self._columns]
        if len(cells) != len(names):
            found = f"{len(cells)} cells"
            raise located(
                RecordError(f"a row of {self._name}", found=found, expected=f"{len(names)}: {', '.join(names)}")
            )
        with Located():
            row = tuple(plain_cell(cell, f"{self._name}.{name}") for cell, name in zip(cells, names, strict=True))
            for cell, name, limits in zip(row, names, self._ranges, strict=True):
                check_range(cell, f"{self._name}.{name}", limits)
        self._rows.append(row)


def check_column(column: Column, table: str) -> None:
    """Raise RecordError for a column whose name, unit or tolerance a table cannot have."""
    check_name(column.name, f"a column of {table}")
    plain_tolerance(column.tolerance, f"{table}.{column.name}")
    plain_unit(column.unit, f"{table}.{column.name}")


def check_name(name: object, what: str) -> None:
    if not isinstance(name, str) or not NAME.fullmatch(name):
        raise RecordError(what, found=repr(name), expected="small letters, digits and underscores, a letter first")


def check_range(cell: Cell, name: str, limits: Range | None) -> None:
    """Raise RecordError for a number that lies outside the range that is declared of its name."""
    if limits is not None and isinstance(cell, (int, float)) and not is_within(cell, limits):
        raise RecordError(f"{name} lies outside its declared range", found=cell, expected=range_text(limits))
