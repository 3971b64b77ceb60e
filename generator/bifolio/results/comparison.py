"""Compares two results of one run, number by number, table by table."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Literal, TypeVar

from bifolio.provenance.declaration import Literal as Setting
from bifolio.provenance.forms import Line
from bifolio.provenance.witness import same_machine
from bifolio.results.record import Cell, Column, Image, Result, Sample, Split, Table, Value

T = TypeVar("T")
Whole = TypeVar("Whole", Sample, Image)
Kind = Literal["value", "choice", "column", "table", "sample", "image", "split", "diverged"]


@dataclass(frozen=True)
class Difference:
    """Something that is not the same in both; `amount` is how far apart, None where that cannot be counted.

    The amount of a value has a sign (reproduced minus published); of a column it is the largest of its rows, which
    `row` numbers from 1.
    """

    name: Line
    kind: Kind
    published: Cell
    reproduced: Cell
    amount: float | None = None
    tolerance: float | None = None
    row: int | None = None

    @property
    def within(self) -> bool:
        """Tell whether the difference lies within the tolerance that the experiment declares."""
        return self.amount is not None and self.tolerance is not None and abs(self.amount) <= self.tolerance


@dataclass(frozen=True)
class Comparison:
    """What two results of one run have in common; every recorded name is in one of the three.

    `exempt` are timings, and on another machine samples and images. A table is named by its columns, `table.column`.
    """

    same_machine: bool
    identical: tuple[Line, ...]
    exempt: tuple[Line, ...]
    differences: tuple[Difference, ...]


def compare(published: Result, reproduced: Result) -> Comparison:
    """Compare what a run recorded with what it recorded when it was run again."""
    same = same_machine(published.witness, reproduced.witness)
    names: dict[str, None] = {}
    exempt: dict[str, None] = {}
    differences: list[Difference] = []
    for name, found in _each(published, reproduced, same):
        names[name] = None
        if found == "exempt":
            exempt[name] = None
        elif found != "identical":
            differences.append(found)
    different = {difference.name for difference in differences}
    return Comparison(
        same_machine=same,
        identical=tuple(name for name in names if name not in exempt and name not in different),
        exempt=tuple(exempt),
        differences=tuple(differences),
    )


Found = Difference | Literal["identical", "exempt"]


def _each(published: Result, reproduced: Result, same: bool) -> Iterator[tuple[str, Found]]:
    for name, (value, other_value) in _pairs(published.values, reproduced.values):
        yield name, _value(name, value, other_value)
    for name in sorted({**published.choices, **reproduced.choices}):
        yield name, _choice(name, published.choices, reproduced.choices)
    for name, (table, other_table) in _pairs(published.tables, reproduced.tables):
        yield from _table(name, table, other_table)
    for name, (sample, other_sample) in _pairs(published.samples, reproduced.samples):
        yield name, _whole(name, "sample", sample, other_sample, _rows, same)
    for name, (image, other_image) in _pairs(published.images, reproduced.images):
        yield name, _whole(name, "image", image, other_image, lambda found: found.file, same)
    if published.split != reproduced.split:
        yield "split", Difference("split", "split", _said(published.split, _sizes), _said(reproduced.split, _sizes))
    if published.diverged != reproduced.diverged:
        yield "diverged", Difference("diverged", "diverged", published.diverged, reproduced.diverged)


def _whole(
    name: str, kind: Kind, published: Whole | None, reproduced: Whole | None, say: Callable[[Whole], str], same: bool
) -> Found:
    """Compare what is the same or is not; on another machine nobody can expect it to be."""
    if not same:
        return "exempt"
    if _bits(published) == _bits(reproduced):
        return "identical"
    return Difference(name, kind, _said(published, say), _said(reproduced, say))


def _value(name: str, published: Value | None, reproduced: Value | None) -> Found:
    if published is None or reproduced is None:
        numbers = [None if found is None else found.number for found in (published, reproduced)]
        return Difference(name, "value", numbers[0], numbers[1])
    if published.timing or reproduced.timing:
        return "exempt"
    alike = (published.unit, published.of) == (reproduced.unit, reproduced.of)
    if alike and _same(published.number, reproduced.number):
        return "identical"
    amount = _apart(published.number, reproduced.number) if alike else None
    return Difference(name, "value", published.number, reproduced.number, amount, published.tolerance)


def _choice(name: str, published: Mapping[str, Setting], reproduced: Mapping[str, Setting]) -> Found:
    if name in published and name in reproduced and repr(published[name]) == repr(reproduced[name]):
        return "identical"  # in every bit: True is not 1
    cells = [_setting(found[name]) if name in found else None for found in (published, reproduced)]
    return Difference(name, "choice", cells[0], cells[1])


def _table(name: str, published: Table | None, reproduced: Table | None) -> Iterator[tuple[str, Found]]:
    """Yield what was found of each column, or of the whole table where the two are of different shapes."""
    if (
        published is None
        or reproduced is None
        or _heads(published) != _heads(reproduced)
        or len(published.rows) != len(reproduced.rows)
    ):
        yield name, Difference(name, "table", _said(published, _shape), _said(reproduced, _shape))
        return
    for place, column in enumerate(published.columns):
        cells = [(row[place], other[place]) for row, other in zip(published.rows, reproduced.rows, strict=True)]
        yield f"{name}.{column.name}", _column(f"{name}.{column.name}", column, cells)


def _column(name: str, column: Column, cells: list[tuple[Cell, Cell]]) -> Found:
    if column.timing:
        return "exempt"
    apart = [(row, *pair) for row, pair in enumerate(cells, start=1) if not _same(*pair)]
    if not apart:
        return "identical"
    amounts = [_apart(one, other) for _, one, other in apart]
    sizes = [math.inf if amount is None else abs(amount) for amount in amounts]
    largest = max(sizes)
    row, one, other = apart[sizes.index(largest)]
    return Difference(name, "column", one, other, largest if math.isfinite(largest) else None, column.tolerance, row)


def _apart(one: Cell, other: Cell) -> float | None:
    """Return how far two cells lie apart, None where that is no finite number."""
    if not isinstance(one, (int, float)) or not isinstance(other, (int, float)):
        return None
    amount = other - one
    return amount if math.isfinite(amount) else None


def _same(one: Cell, other: Cell) -> bool:
    """Tell whether two cells are the same in every bit: 1 is not 1.0, and 0.0 is not -0.0."""
    return type(one) is type(other) and repr(one) == repr(other)


def _bits(found: Sample | Image | None) -> str:
    return json.dumps(None if found is None else asdict(found), sort_keys=True)


def _heads(table: Table) -> str:
    return ", ".join(f"{column.name} {column.unit}".rstrip() for column in table.columns)


def _shape(table: Table) -> str:
    return f"{len(table.rows)} rows of {_heads(table)}"


def _rows(sample: Sample) -> str:
    return f"{len(sample.rows)} rows"


def _sizes(split: Split) -> str:
    return ", ".join([split.kind, *(f"{part} {size}" for part, size in sorted(split.sizes.items()))])


def _setting(value: Setting) -> Cell:
    return json.dumps(value) if value is None or isinstance(value, (bool, tuple)) else value


def _said(found: T | None, say: Callable[[T], str]) -> str | None:
    return None if found is None else say(found)


def _pairs(one: Mapping[str, T], other: Mapping[str, T]) -> Iterator[tuple[str, tuple[T | None, T | None]]]:
    for name in sorted({**one, **other}):
        yield name, (one.get(name), other.get(name))
