"""The macro `figure`: stored tables and values as a picture for every screen, with data and words beside it."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter

from bifolio.chapters.context.names import RecordedReference, expect
from bifolio.chapters.context.page import Page, evidence_page
from bifolio.chapters.context.series import Line, column, grid, line, side_by_side
from bifolio.chapters.macros.figure_words import bars_finding, grid_finding, lines_finding
from bifolio.chapters.macros.values import Markdown
from bifolio.errors import FigureError
from bifolio.figures import (
    DRAWINGS,
    Axis,
    Bar,
    BarFigure,
    Figure,
    HeatmapFigure,
    LineFigure,
    Point,
    Series,
    breaks_lines,
    cuts_intervals,
    draw,
    size,
)
from bifolio.formats.numbers import unit_name
from bifolio.markdown.escaping import escape_attribute

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
    if isinstance(first, RecordedReference) and first.kind == "value":
        picture = _bars(page, named, x_label)
    elif cells:
        source = expect(first, ["table"], "a heat map")
        picture = _heatmap(page, source, (rows, columns, cells), (row_label, column_label))
    else:
        lines = side_by_side(_lines(named, x, y))
        axes = _axes(page, lines, x, y, (x_label, y_label), log)
        picture = _curves(page, lines, _palette_places(named, y), axes)
    sources = [value for value in named.values() if isinstance(value, RecordedReference)]
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


def _curves(page: Page, lines: Mapping[str, Line], places: Mapping[str, int], axes: tuple[Axis, Axis]) -> Picture:
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
    return Picture(LineFigure(series, x, y), lines_finding(page, lines, x, y), data)


def _heatmap(page: Page, source: RecordedReference, names: tuple[str, str, str], titles: tuple[str, str]) -> Picture:
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
    data: Data = [["bar", "mean", "low", "high", "n"]]
    data += [[name, found.mean, found.low, found.high, found.count] for name, found in estimates.items()]
    axis = Axis(label or unit_name(page.language, unit))
    return Picture(BarFigure(bars, axis), bars_finding(page, estimates, unit, label), data)


def _markdown(
    page: Page,
    picture: Picture,
    sources: Sequence[RecordedReference],
    alt: str,
    title: str,
    caption: str,
    name: str,
) -> Markdown:
    stem = name or f"{sources[0].of.experiment}-{sources[0].name}"
    free = page.free_name(stem, [*DRAWINGS, ".csv"])
    drawn = {
        ending: draw(
            picture.figure, theme=theme, shape=shape, title=title, description=alt, earlier=page.earlier(free + ending)
        )
        for ending, (shape, theme) in DRAWINGS.items()
    }
    files = {ending: svg.encode() for ending, svg in drawn.items()}
    made = page.link(page.make(stem, {**files, ".csv": _csv(picture.data)}))
    (width, height), narrow = size(drawn[".svg"]), "x".join(map(str, size(drawn[".narrow.svg"])))
    image = f"![{escape_attribute(alt)}]({made}.svg){{.bf-drawn width={width} height={height} data-narrow={narrow}}}"
    links = [f"[{page.say('figure.data')}]({made}.csv)"]
    links += [evidence_link(page, name) for name in dict.fromkeys(source.of.experiment for source in sources)]
    stale = any(page.catalogue.stale(source.of) for source in sources)
    notes = {
        "figure.broken": breaks_lines(picture.figure),
        "figure.cut": cuts_intervals(picture.figure),
        "figure.stale": stale,
    }
    said = [f"**{title}**", caption, *(page.say(note) for note, applies in notes.items() if applies)]
    lines = [
        '<figure class="bf-figure" markdown="1">',
        "",
        image,
        "",
        '<figcaption markdown="span">',
        f"{' '.join(said)} <small>{' · '.join(links)}</small>",
        "</figcaption>",
        "</figure>",
    ]
    return Markdown("\n".join(lines))


def show_picture(
    page: Page, picture: Picture, sources: Sequence[RecordedReference], title: str, caption: str
) -> Markdown:
    """Show a picture that no macro asked for: its words are its alternative."""
    return _markdown(page, picture, sources, picture.words, title, caption, "")


def evidence_link(page: Page, experiment: str) -> str:
    """Return a link, in words, to an experiment's evidence page."""
    return f"[{page.say('figure.evidence', experiment=experiment)}]({page.link(evidence_page(experiment))}.md)"


def _axis_label(page: Page, label: str, unit: str) -> str:
    return page.say("table.unit", label=label, unit=unit_name(page.language, unit)) if unit else label


def _csv(data: Data) -> bytes:
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\n").writerows(data)
    return stream.getvalue().encode()
