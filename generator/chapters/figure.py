"""The macro `figure`: stored tables and values as a picture for both colour schemes, with data and words beside it."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from generator.chapters.page import Page, evidence_page
from generator.chapters.references import Recorded, expect
from generator.chapters.series import Line, grid, line
from generator.chapters.values import Markdown
from generator.errors import FigureError
from generator.figures import Axis, Bar, BarFigure, Figure, HeatmapFigure, LineFigure, Point, Series, draw
from generator.formats.markdown import escape_attribute
from generator.formats.numbers import format_mean, format_number, unit_name
from generator.results.record import Cell

_THEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")


Data = list[list[object]]
"""The rows of the file beside a figure, its head first."""


@dataclass(frozen=True)
class Picture:
    """What a figure shows: drawn, said in numbers, and as data."""

    figure: Figure
    words: str
    data: Data


def figure(
    page: Page,
    data: object,
    *,
    x: str = "",
    y: str | Mapping[str, str] = "",
    rows: str = "",
    columns: str = "",
    cells: str = "",
    x_label: str = "",
    y_label: str = "",
    row_label: str = "",
    column_label: str = "",
    log: str = "",
    title: str,
    caption: str,
    alt: str = "",
    name: str = "",
) -> Markdown:
    """Draw lines (`x`, `y`), a heat map (`rows`, `columns`, `cells`) or, from values, bars."""
    named: dict[str, object] = dict(data) if isinstance(data, Mapping) else {"": data}
    if not named:
        raise FigureError("there is nothing to draw", found="{}", expected="a table, or labels with tables or values")
    first = next(iter(named.values()))
    if isinstance(first, Recorded) and first.kind == "value":
        picture = _bars(page, named, x_label)
    elif cells:
        source = expect(first, ["table"], "a heat map")
        picture = _heatmap(page, source, (rows, columns, cells), (row_label, column_label))
    else:
        lines = _lines(named, x, y)
        axes = _axes(page, lines, x, y, (x_label, y_label), log)
        picture = _curves(page, lines, axes)
    sources = [value for value in named.values() if isinstance(value, Recorded)]
    return _markdown(page, picture, sources, alt or picture.words, title, caption, name)


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
        Axis(labels[0] or _with_unit(page, x, one.x_unit), "x" in log),
        Axis(labels[1] or _with_unit(page, y_name, one.unit), "y" in log),
    )


def _curves(page: Page, lines: Mapping[str, Line], axes: tuple[Axis, Axis]) -> Picture:
    x, y = axes
    # A logarithmic axis has no place for what an interval reaches below zero: there the band ends at the lowest number
    # drawn. The data beside the figure keep the whole interval.
    drawn = [number for one in lines.values() for _, found in one.points for number in (found.low, found.mean)]
    lowest = min((number for number in drawn if number > 0), default=0.0) if y.logarithmic else min(drawn)
    series = tuple(
        Series(label, tuple(Point(at, found.mean, max(found.low, lowest), found.high) for at, found in one.points))
        for label, one in lines.items()
    )
    data: Data = [["series", "x", "mean", "low", "high", "n"]]
    sentences = []
    for label, one in lines.items():
        data += [[label, at, found.mean, found.low, found.high, found.count] for at, found in one.points]
        ends = {"first": one.points[0], "last": one.points[-1]}
        ends["lowest"] = min(one.points, key=lambda point: point[1].mean)
        ends["highest"] = max(one.points, key=lambda point: point[1].mean)
        words = {end: format_mean(page.language, found, one.unit) for end, (_, found) in ends.items()}
        places = {f"{end}_x": format_number(page.language, at) for end, (at, _) in ends.items()}
        sentences.append(page.say("figure.line", label=label or y.label, x=x.label, **words, **places))
    return Picture(LineFigure(series, x, y), page.say("figure.join").join(sentences), data)


def _heatmap(page: Page, source: Recorded, names: tuple[str, str, str], titles: tuple[str, str]) -> Picture:
    down, across, numbers = grid(source, *names)
    row_title, column_title = titles[0] or names[0], titles[1] or names[1]
    row_labels, column_labels = tuple(map(str, down)), tuple(map(str, across))
    drawn = HeatmapFigure(tuple(map(tuple, numbers)), row_labels, column_labels, row_title, column_title)
    words = {"row_title": row_title, "column_title": column_title}
    sentence = "figure.heatmap" if set(down) & set(across) else "figure.grid"
    text = page.say(sentence, **words, **_extremes(page, down, across, numbers))
    body = [[label, *cells] for label, cells in zip(row_labels, numbers, strict=True)]
    return Picture(drawn, text, [[row_title, *column_labels], *body])


def _extremes(page: Page, down: list[Cell], across: list[Cell], numbers: list[list[float]]) -> dict[str, object]:
    """Return the share on the diagonal and the largest cell off it: what a reader of a confusion matrix looks for."""
    cells = [(value, a, b) for a, row in zip(down, numbers, strict=True) for b, value in zip(across, row, strict=True)]
    total = sum(value for value, _, _ in cells) or 1.0
    diagonal = sum(value for value, a, b in cells if a == b)
    most, row, column = max((cell for cell in cells if cell[1] != cell[2]), default=cells[0], key=lambda cell: cell[0])
    return {
        "diagonal": format_number(page.language, 100 * diagonal / total, 1),
        "most": format_number(page.language, most, significant=3),
        "row": row,
        "column": column,
    }


def _bars(page: Page, named: Mapping[str, object], label: str) -> Picture:
    values = {name: expect(value, ["value"], "a bar").measurement for name, value in named.items()}
    units = {found.unit for found in values.values()}
    if len(units) > 1:
        raise FigureError(
            "bars share one axis", found=f"units {', '.join(sorted(map(repr, units)))}", expected="one unit"
        )
    estimates = {name: found.estimate for name, found in values.items()}
    bars = tuple(Bar(name, found.mean, found.low, found.high) for name, found in estimates.items())
    unit = units.pop()
    sentences = [
        page.say("figure.bar", label=name, mean=format_mean(page.language, found, unit))
        for name, found in estimates.items()
    ]
    data: Data = [["bar", "mean", "low", "high", "n"]]
    data += [[name, found.mean, found.low, found.high, found.count] for name, found in estimates.items()]
    axis = Axis(label or unit_name(page.language, unit))
    return Picture(BarFigure(bars, axis), page.say("figure.join").join(sentences), data)


def _markdown(
    page: Page,
    picture: Picture,
    sources: Sequence[Recorded],
    alt: str,
    title: str,
    caption: str,
    name: str,
) -> Markdown:
    stem = name or f"{sources[0].of.experiment}-{sources[0].name}"
    drawn = {
        f".{theme}.svg": draw(picture.figure, theme=theme, title=title, description=alt).encode() for theme in _THEMES
    }
    made = page.link(page.make(stem, {**drawn, ".csv": _csv(picture.data)}))
    alternative = escape_attribute(alt)
    images = [f"![{alternative}]({made}.{theme}.svg){{.bf-{theme}}}" for theme in _THEMES]
    links = [f"[{page.say('figure.data')}]({made}.csv)"]
    links += [evidence_link(page, name) for name in dict.fromkeys(source.of.experiment for source in sources)]
    stale = f" {page.say('figure.stale')}" if any(page.catalogue.stale(source.of) for source in sources) else ""
    lines = [
        '<figure class="bf-figure" markdown="1">',
        "",
        "\n".join(images),
        "",
        '<figcaption markdown="span">',
        f"**{title}** {caption}{stale} <small>{' · '.join(links)}</small>",
        "</figcaption>",
        "</figure>",
    ]
    return Markdown("\n".join(lines))


def show_picture(page: Page, picture: Picture, sources: Sequence[Recorded], title: str, caption: str) -> Markdown:
    """Show a picture that no macro asked for: its words are its alternative."""
    return _markdown(page, picture, sources, picture.words, title, caption, "")


def evidence_link(page: Page, experiment: str) -> str:
    """Return a link, in words, to an experiment's evidence page."""
    return f"[{page.say('figure.evidence', experiment=experiment)}]({page.link(evidence_page(experiment))}.md)"


def _with_unit(page: Page, label: str, unit: str) -> str:
    return page.say("table.unit", label=label, unit=unit_name(page.language, unit)) if unit else label


def _csv(data: Data) -> bytes:
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\n").writerows(data)
    return stream.getvalue().encode()
