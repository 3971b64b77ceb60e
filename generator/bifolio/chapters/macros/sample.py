"""The macros `sample`, `image`: what runs wrote or drew, shown as it is, never evaluated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby

from bifolio.chapters.context.names import RecordedReference, expect
from bifolio.chapters.context.page import Page
from bifolio.chapters.context.series import Where, fits
from bifolio.chapters.context.written import by_expression
from bifolio.chapters.macros.caption import framed, numbered_caption
from bifolio.chapters.macros.figure import evidence_link
from bifolio.chapters.macros.table import derived_name, pipe_table, span
from bifolio.chapters.macros.values import Markdown
from bifolio.errors import FigureError, unknown
from bifolio.formats.numbers import format_number
from bifolio.markdown.escaping import escape, escape_attribute
from bifolio.results.record import Cell
from bifolio.results.store import read_image

_LONG = 160
"""A text of more characters than this folds behind its beginning."""
_LONGEST = 4000
"""A text is cut after this many characters; the whole one is in the result."""

Row = Mapping[str, Cell]


def sample(
    page: Page,
    data: object,
    *,
    text: str = "",
    prompt: str = "",
    label: str = "",
    columns: Mapping[str, str] | None = None,
    where: Where | None = None,
    rows: int | None = None,
    seed: int = 0,
    caption: str = "",
    name: str = "",
) -> str:
    """Show texts with their prompts, or with `columns` rows of short fields as a table."""
    stored = expect(data, ["sample"], "a sample")
    chosen = _rows(stored, seed, where or {}, [name for name in (text, prompt, label, *(columns or {})) if name])[:rows]
    if not chosen:
        raise FigureError(f"no row of {stored} matches", found=where, expected="rows that were recorded")
    if columns:
        cells = [[show_cell(page, row.get(name)) for name in columns] for row in chosen]
        shown = numbered_caption(page, "table", caption, name=name, derived=derived_name(stored, "sample"))
        return pipe_table(list(columns.values()), cells, caption=shown)
    if not text:
        raise FigureError("a sample shows a text or columns", expected='text="continuation"')
    boxes = [
        _box(
            "bf-sample",
            [*_prompt(page, asked, prompt), *(block for row in rows for block in _text(page, row, text, label))],
        )
        for asked, rows in groupby(chosen, key=lambda row: row.get(prompt))
    ]
    shown = numbered_caption(page, "figure", caption, name=name, derived=derived_name(stored, "sample"))
    content = "\n\n".join(boxes)
    return framed(shown, by_expression(content)) if caption else Markdown(content)


def image(page: Page, data: object, *, alt: str, caption: str = "", seed: int = 0, name: str = "") -> Markdown:
    """Show an image that a run drew."""
    stored = expect(data, ["image"], "an image")
    result, found = stored.image(seed)
    content = read_image(page.project, result.name, found)
    stem = name or f"{stored.of.experiment}-{stored.name}"
    shown = numbered_caption(page, "figure", caption, name=name, derived=stem)
    made = page.link(page.make(stem, {".png": content}))
    link = f"<small>{evidence_link(page, stored.of.experiment)}</small>"
    lines = [
        f'<figure class="bf-figure bf-image"{shown.place} markdown="1">',
        "",
        f"![{escape_attribute(alt)}]({made}.png)",
        "",
        '<figcaption markdown="span">',
        f"{shown.text} {link}".strip(),
        "</figcaption>",
        "</figure>",
    ]
    return Markdown("\n".join(lines))


def show_cell(page: Page, cell: Cell) -> str:
    """Return a field of a sample: numbers in the language, text escaped and cut when it is long."""
    if cell is None:
        return page.say("table.empty")
    return escape(_cut(cell)) if isinstance(cell, str) else format_number(page.language, cell)


def _rows(stored: RecordedReference, seed: int, where: Where, names: Sequence[str]) -> list[Row]:
    rows = stored.sample(seed).rows
    valid = sorted({name for row in rows for name in row})
    for name in (*names, *where):
        if name not in valid:
            raise unknown(f"field in {stored}", name, valid)
    return [row for row in rows if all(fits(row.get(name), wanted) for name, wanted in where.items())]


def _prompt(page: Page, asked: Cell, prompt: str) -> list[str]:
    """Return the paragraphs that say what was asked, once for all rows that answer it."""
    return [span("bf-label", page.say("sample.prompt")), span("bf-prompt", show_cell(page, asked))] if prompt else []


def _text(page: Page, row: Row, text: str, label: str) -> list[str]:
    """Return the paragraphs of what the model answered; a long text folds behind its beginning."""
    shown = show_cell(page, row.get(label)) if label else ""
    name = page.say("sample.text_by", label=shown) if label else page.say("sample.text")
    answer = row.get(text)
    whole = span("bf-text", show_cell(page, answer))
    blocks = [span("bf-label", name)]
    if isinstance(answer, str) and len(answer) > _LONG:
        start = escape(answer[: _LONG // 2].rstrip())
        return [*blocks, f'<details markdown="1">\n<summary>{start}…</summary>', whole, "</details>"]
    return [*blocks, whole]


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _box(name: str, blocks: Sequence[str]) -> str:
    return "\n\n".join([f'<div class="{name}" markdown="1">', *blocks, "</div>"])
