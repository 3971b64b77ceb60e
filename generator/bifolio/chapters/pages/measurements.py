"""What a variant's runs recorded, as its part of an evidence page: values, choices, tables, samples and images."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Sequence

from bifolio.chapters.context.catalogue import Kind, VariantName
from bifolio.chapters.context.names import RecordedReference
from bifolio.chapters.context.page import Page, anchor, section_anchor
from bifolio.chapters.macros.card import out_of
from bifolio.chapters.macros.sample import image, show_cell
from bifolio.chapters.macros.table import column_label, pipe_table
from bifolio.chapters.macros.values import how_often
from bifolio.chapters.pages.reproductions import verdict_word
from bifolio.chapters.pages.seeds import seeds_figure
from bifolio.formats.numbers import format_ends, format_estimate, format_number
from bifolio.markdown.escaping import escape

_ROWS = 8
"""How many rows of a table or sample an evidence page shows; all are in the result's file."""


def measurements(page: Page, name: VariantName) -> Iterator[str]:
    """Yield the blocks of one variant."""
    title = " · ".join([page.say("evidence.values"), *filter(None, [anchor(name, "")])])
    yield f"## {title} {{#{section_anchor(name, 'values')}}}"
    stale = page.catalogue.stale(name)
    if stale:
        reason = page.say("evidence.because", reason=escape(stale))
        yield f'<span class="bf-stale">{page.say("state.stale")}</span>{reason}'
    yield from _diverged(page, name)
    values = sorted({value for result in page.catalogue.measured(name) for value in result.values})
    if values:
        yield _values(page, name, values)
    figure = seeds_figure(page, name, values)
    if figure:
        yield figure
    yield from _choices(page, name)
    first = page.catalogue.measured(name)[0]
    for table in first.tables:
        yield _heading(page, name, table, "table")
        yield _table(page, name, table)
    for sample in first.samples:
        yield _heading(page, name, sample, "sample")
        yield _sample(page, name, sample)
    for picture in first.images:
        yield _heading(page, name, picture, "image")
        yield image(page, _reference(page, name, "image", picture), alt=picture, seed=first.name.seed)


def _heading(page: Page, name: VariantName, recorded: str, kind: str) -> str:
    return f"### {page.say(f'evidence.{kind}')} {recorded} {{#{anchor(name, recorded)}}}"


def _reference(page: Page, of: VariantName, kind: Kind, name: str) -> RecordedReference:
    return RecordedReference(page, of, kind, name)


def _diverged(page: Page, name: VariantName) -> Iterator[str]:
    """Yield in how many seeds the training diverged, and every reason."""
    results = page.catalogue.measured(name)
    reasons = [result.diverged for result in results if result.diverged is not None]
    if reasons:
        listed = page.say("literal.separator").join(dict.fromkeys(map(escape, reasons)))
        yield page.say("evidence.diverged", count=len(reasons), total=len(results), reasons=listed)


def _choices(page: Page, name: VariantName) -> Iterator[str]:
    """Yield a table of the settings that were chosen, and how many seeds chose each."""
    choices = sorted({choice for result in page.catalogue.measured(name) for choice in result.choices})
    rows = [
        [
            f'<span id="{anchor(name, choice)}">{escape(choice)}</span>',
            how_often(page, _reference(page, name, "choice", choice)),
            verdict_word(page, page.catalogue.verdict(name, choice)),
        ]
        for choice in choices
    ]
    if rows:
        yield pipe_table([page.say(f"evidence.{word}") for word in ("choice", "chosen", "verdict")], rows)


def _values(page: Page, name: VariantName, values: list[str]) -> str:
    """Return a table of all values; each row is where the links of the chapters lead."""
    rows = []
    for value in values:
        found = page.catalogue.value(name, value)
        estimate = found.estimate
        low, high = (format_number(page.language, end) for end in (estimate.minimum, estimate.maximum))
        spread = format_ends(page.language, low, high) if estimate.count > 1 else ""
        verdict = verdict_word(page, page.catalogue.verdict(name, value))
        of = page.say("value.of", of=out_of(page, found)) if found.of else ""
        rows.append(
            [
                f'<span id="{anchor(name, value)}">{column_label(page, value, found.unit)}</span>{of}',
                format_estimate(page.language, estimate),
                f"{estimate.count}{page.say('evidence.some_diverged', count=found.diverged) if found.diverged else ''}",
                _deviation(page, page.catalogue.samples(name, value)),
                spread,
                page.say("evidence.timing") if found.timing else verdict,
            ]
        )
    words = ("value", "mean", "seeds", "deviation", "range", "verdict")
    labels = [page.say(f"evidence.{word}") for word in words]
    right = [word in ("mean", "seeds", "deviation", "range") for word in words]
    return pipe_table(labels, rows, right)


def _deviation(page: Page, samples: Sequence[float]) -> str:
    """Return the standard deviation over seeds, nothing for a single one."""
    if len(samples) < 2:
        return ""
    spread = 0.0 if len(set(samples)) == 1 else statistics.stdev(samples)
    return format_number(page.language, spread, significant=2)


def _table(page: Page, name: VariantName, table: str) -> str:
    """Return the first rows of the first seed's table."""
    result = page.catalogue.measured(name)[0]
    stored = result.tables[table]
    rows = [[show_cell(page, cell) for cell in row] for row in stored.rows[:_ROWS]]
    right = [all(not isinstance(row[place], str) for row in stored.rows) for place in range(len(stored.columns))]
    labels = [column_label(page, column.name, column.unit) for column in stored.columns]
    return f"{pipe_table(labels, rows, right)}\n\n{_note(page, result.name.seed, len(rows), len(stored.rows))}"


def _sample(page: Page, name: VariantName, sample: str) -> str:
    result = page.catalogue.measured(name)[0]
    stored = result.samples[sample].rows
    fields = list(dict.fromkeys(field for row in stored for field in row))
    rows = [[show_cell(page, row.get(field)) for field in fields] for row in stored[:_ROWS]]
    labels = [escape(field) for field in fields]
    return f"{pipe_table(labels, rows)}\n\n{_note(page, result.name.seed, len(rows), len(stored))}"


def _note(page: Page, seed: int, shown: int, total: int) -> str:
    return f'<span class="bf-caption">{page.say("evidence.rows", seed=seed, shown=shown, total=total)}</span>'
