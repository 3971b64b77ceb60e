"""The macro `table`: stored tables and values of several variants as a pipe table with units in its head."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from bifolio.chapters.context.derived import DerivedValue, Detail
from bifolio.chapters.context.names import (
    ExperimentReference,
    RecordedReference,
    VariantReference,
    describe,
    expect,
)
from bifolio.chapters.context.page import Page
from bifolio.chapters.context.series import CellOverSeeds, Where, column, rows_over_seeds
from bifolio.chapters.macros.caption import NONE, Caption, numbered_caption
from bifolio.chapters.macros.values import Markdown, is_unvaried, without_unit
from bifolio.errors import FigureError, UnknownNameError
from bifolio.formats.numbers import format_estimate, unit_name
from bifolio.markdown.escaping import escape
from bifolio.statistics import Estimate

Cell = RecordedReference | DerivedValue | Detail | None


def table(
    page: Page,
    data: object,
    *,
    columns: Mapping[str, str],
    head: str = "",
    caption: str = "",
    where: Where | None = None,
    rows: int | None = None,
    seed: int | None = None,
    name: str = "",
) -> Markdown:
    """Show the columns of a stored table, or a row of values for each label."""
    if not columns:
        raise FigureError("a table needs columns", found="{}", expected='columns={"name": "label"}')
    if isinstance(data, Mapping):
        found = {label: {name: _value(source, name) for name in columns} for label, source in data.items()}
        measured = [cell for row in found.values() for cell in row.values() if isinstance(cell, RecordedReference)]
        unvaried = any(is_unvaried(cell) for cell in measured if not cell.lost)
        first = next(iter(measured), None)
        said = numbered_caption(page, "table", _noted(page, caption, unvaried), name=name, derived=derived_name(first))
        return pipe_table(*_values(page, found, columns, head), caption=said)
    stored = expect(data, ["table"], "a table")
    cells = rows_over_seeds(stored, list(columns), where or {}, rows, seed)
    labels = [column_label(page, label, column(stored, name)[1].unit) for name, label in columns.items()]
    right = [all(cell is None or isinstance(cell, Estimate) for cell in column) for column in zip(*cells, strict=True)]
    unvaried = any(isinstance(cell, Estimate) and cell.unvaried for row in cells for cell in row)
    shown = [[_over_seeds(page, cell) for cell in row] for row in cells]
    captioned = numbered_caption(
        page, "table", _noted(page, caption, unvaried), name=name, derived=derived_name(stored)
    )
    return pipe_table(labels, shown, right, caption=captioned)


def derived_name(recorded: RecordedReference | None, kind: str = "table") -> str:
    """Return the name of a table, or a sample, that its author gave none: what it shows, or shows first."""
    return f"{recorded.of.experiment}-{recorded.name}-{kind}" if recorded is not None else kind


def _noted(page: Page, caption: str, unvaried: bool) -> str:
    """Return a caption that says what it means where a measured number among others has no interval."""
    return " ".join(filter(None, (caption, page.say("table.unvaried")))) if unvaried else caption


def pipe_table(
    labels: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[bool] = (), *, caption: Caption = NONE
) -> Markdown:
    """Return a pipe table of cells that are finished Markdown; columns of numbers are set to the right."""
    sides = list(right) or [False] * len(labels)
    lines = [_row(labels), _row("---:" if side else "---" for side in sides), *map(_row, rows)]
    if caption.text:
        opening = f'<div class="bf-table"{caption.place} markdown="1">'
        lines = [opening, "", *lines, "", span("bf-caption", caption.text), "", "</div>"]
    return Markdown("\n".join(lines))


def span(name: str, text: str) -> str:
    """Return inline Markdown with a class that every Markdown program lets through."""
    return f'<span class="{name}">{text}</span>'


def column_label(page: Page, label: str, unit: str) -> str:
    """Return a column's label with its unit."""
    return page.say("table.unit", label=label, unit=escape(unit_name(page.language, unit))) if unit else label


def _over_seeds(page: Page, cell: CellOverSeeds) -> str:
    if isinstance(cell, Estimate):
        return format_estimate(page.language, cell)
    return page.say("table.empty") if cell is None else escape(cell)


def _values(
    page: Page, found: Mapping[str, Mapping[str, Cell]], columns: Mapping[str, str], head: str
) -> tuple[list[str], list[list[str]], list[bool]]:
    """Return labels, rows and sides of a table of values; raise FigureError when a column mixes units."""
    labels = [head]
    for name, label in columns.items():
        units = {unit for row in found.values() for unit in _units(row[name])}
        if len(units) > 1:
            raise FigureError(
                f"column {name} mixes units", found=", ".join(sorted(units)), expected="one unit a column"
            )
        labels.append(column_label(page, label, next(iter(units), "")))
    rows = [[label, *(_shown(page, row[name]) for name in columns)] for label, row in found.items()]
    return labels, rows, [False, *(True for _ in columns)]


def _units(cell: Cell) -> list[str]:
    if isinstance(cell, DerivedValue | Detail):
        return [cell.unit]
    return [] if cell is None or cell.lost else [cell.measurement.unit]


def _shown(page: Page, cell: Cell) -> str:
    return page.say("table.empty") if cell is None else without_unit(cell)


def _value(source: object, name: str) -> Cell:
    """Return a cell of a row: a value, what is computed from values, or nothing for `none`."""
    match source:
        case ExperimentReference() | VariantReference():
            return expect(source.member(name), ["value"], "a cell")
        case Mapping():
            if name in source:
                cell = source[name]
                computed = cell is None or isinstance(cell, DerivedValue | Detail)
                return cell if computed else expect(cell, ["value"], "a cell")
            raise FigureError("a row lacks a column", found=", ".join(map(str, source)), expected=name)
    raise UnknownNameError(
        "a row of a table is a variant, or a mapping of columns to values",
        found=describe(source),
        expected="optimizers.adam",
    )


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"
