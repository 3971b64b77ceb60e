"""The macro `figure`: stored tables and values as a picture for every screen, with data and words beside it."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence

from bifolio.chapters.context.names import RecordedReference, expect
from bifolio.chapters.context.page import Page, evidence_page
from bifolio.chapters.macros.caption import numbered_caption
from bifolio.chapters.macros.picture import Data, Picture, bars, curves, heatmap
from bifolio.chapters.macros.values import Markdown
from bifolio.errors import FigureError
from bifolio.figures import (
    DRAWINGS,
    breaks_lines,
    cuts_intervals,
    draw,
    size,
)
from bifolio.markdown.escaping import escape_attribute


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
    if {*log} - {"x", "y"}:
        raise FigureError("axes that are logarithmic", found=f"log={log!r}", expected='log="x", log="y" or log="xy"')
    first = next(iter(named.values()))
    if isinstance(first, RecordedReference) and first.kind == "value":
        picture = bars(page, named, x_label)
    elif cells:
        source = expect(first, ["table"], "a heat map")
        picture = heatmap(page, source, (rows, columns, cells), (row_label, column_label))
    else:
        picture = curves(page, named, x, y, (x_label, y_label), log)
    sources = [value for value in named.values() if isinstance(value, RecordedReference)]
    return _markdown(page, picture, sources, alt or picture.words, title, caption, name)


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
    captioned = numbered_caption(page, "figure", f"**{title}** {caption}".rstrip(), name=name, derived=stem)
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
    said = [captioned.text, *(page.say(note) for note, applies in notes.items() if applies)]
    lines = [
        f'<figure class="bf-figure"{captioned.place} markdown="1">',
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


def _csv(data: Data) -> bytes:
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\n").writerows([_inert(cell) for cell in row] for row in data)
    return stream.getvalue().encode()


def _inert(cell: object) -> object:
    """Return a cell that no spreadsheet takes for a formula: a text that begins like one gets an apostrophe."""
    if isinstance(cell, str):
        cell = cell.replace("\r\n", "\n").replace("\r", "\n")  # the writer takes a bare return for no line end
    if not isinstance(cell, str) or not cell.startswith(("=", "+", "-", "@", "\t", "\n")):
        return cell
    try:
        float(cell)
    except ValueError:
        return f"'{cell}"
    return cell
