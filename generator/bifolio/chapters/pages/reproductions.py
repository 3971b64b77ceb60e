"""What running results again found, as its part of an evidence page: verdicts, differences, new seeds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from bifolio.chapters.context.catalogue import VariantName
from bifolio.chapters.context.page import Page, anchor
from bifolio.chapters.macros.card import device, run_again_on
from bifolio.chapters.macros.table import pipe_table
from bifolio.formats.dates import format_date
from bifolio.formats.numbers import format_ends, format_number
from bifolio.markdown.escaping import escape
from bifolio.results.comparison import Difference
from bifolio.results.new_seeds import SeedReport, ValueOnNewSeeds, read_seed_reports
from bifolio.results.record import Cell
from bifolio.results.reports import Report
from bifolio.results.verdict import Verdict, worst

_MOST = 12
"""Differences that a page names of each variant; the reports have them all."""


def reproductions(page: Page, experiment: str, names: Sequence[VariantName]) -> Iterator[str]:
    """Yield a table with a row for each variant, what differed, and what new seeds found."""
    found = {name: page.catalogue.reports(name) for name in names}
    if any(found.values()):
        words = ("variant", "verdict", "compared", "date", "where", "device")
        rows = [_row(page, name, reports) for name, reports in found.items()]
        yield pipe_table([page.say(f"evidence.{word}") for word in words], rows)
    else:
        yield page.say("evidence.not_reproduced")
    for name, reports in found.items():
        yield from _differences(page, name, reports)
    for profile in dict.fromkeys(name.profile for name in names):
        for report in read_seed_reports(page.project, experiment, profile):
            yield from _new_seeds(page, report)


def verdict_word(page: Page, verdict: Verdict | None) -> str:
    """Return a verdict as a word of the language, or a dash where nothing was compared."""
    if verdict is None:
        return page.say("table.empty")
    name = verdict.replace(" ", "_")
    return f'<span class="bf-verdict bf-{name.replace("_", "-")}">{page.say(f"verdict.{name}")}</span>'


def verdict_of_experiment(page: Page, experiment: str, profile: str) -> str:
    """Return the worst verdict over an experiment's variants, with how many runs it covers where not all."""
    names = [VariantName(experiment, profile, variant) for variant in page.catalogue.results(experiment, profile)]
    found = worst(verdict for name in names if (verdict := page.catalogue.verdict(name)))
    if found is None:
        return page.say("evidence.not_yet")
    done = sum(len(page.catalogue.reports(name)) for name in names)
    total = sum(len(page.catalogue.measured(name)) for name in names)
    said = verdict_word(page, found) + ("" if done == total else f" {_of(page, done, total)}")
    return page.say("evidence.again_on", verdict=said, where=run_again_on(page, names))


def _row(page: Page, name: VariantName, reports: Mapping[int, Report]) -> list[str]:
    witnesses = [report.witness for report in reports.values()]
    dates = dict.fromkeys(format_date(page.language, witness.date) for witness in witnesses)
    return [
        anchor(name, "") or name.variant,
        verdict_word(page, page.catalogue.verdict(name)),
        _of(page, len(reports), len(page.catalogue.measured(name))),
        page.say("literal.separator").join(dates) or page.say("table.empty"),
        run_again_on(page, [name]) or page.say("table.empty"),
        page.say("literal.separator").join(dict.fromkeys(escape(f"{device(one)} · {one.device}") for one in witnesses))
        or page.say("table.empty"),
    ]


def _of(page: Page, done: int, total: int) -> str:
    return page.say("evidence.of_runs", done=done, total=total)


def _differences(page: Page, name: VariantName, reports: Mapping[int, Report]) -> Iterator[str]:
    """Yield a table of what was not the same, and why runs failed."""
    problems = [(seed, report.problem) for seed, report in reports.items() if report.comparison is None]
    if problems:
        yield "\n".join(f"- {page.say('evidence.failed', seed=seed)} {escape(problem)}" for seed, problem in problems)
    different = [
        (seed, difference)
        for seed, report in reports.items()
        if report.comparison
        for difference in report.comparison.differences
    ]
    if not different:
        return
    words = ("variant", "seed", "value", "published", "reproduced", "difference", "tolerance")
    rows = [_difference(page, name, seed, one) for seed, one in different[:_MOST]]
    yield pipe_table([page.say(f"evidence.{word}") for word in words], rows)
    if len(different) > _MOST:
        note = page.say("evidence.more_differences", shown=_MOST, total=len(different))
        yield f'<span class="bf-caption">{note}</span>'


def _difference(page: Page, name: VariantName, seed: int, one: Difference) -> list[str]:
    row = "" if one.row is None else f" {page.say('evidence.row', row=one.row)}"
    cells = (_cell(page, cell) for cell in (one.published, one.reproduced, one.amount, one.tolerance))
    return [anchor(name, "") or name.variant, str(seed), f"{escape(one.name)}{row}", *cells]


def _cell(page: Page, cell: Cell) -> str:
    """Return a number with more digits than elsewhere: here the last ones matter."""
    if cell is None:
        return page.say("table.empty")
    return escape(cell) if isinstance(cell, str) else format_number(page.language, cell, significant=8)


def _new_seeds(page: Page, report: SeedReport) -> Iterator[str]:
    agreeing = [value for value in report.values if value.agrees]
    yield page.say(
        "evidence.new_seeds",
        first=report.first,
        last=report.last,
        profile=escape(report.profile),
        agreeing=len(agreeing),
        total=len(report.values),
    )
    others = [value for value in report.values if not value.agrees]
    if others:
        words = ("variant", "value", "published", "new", "difference")
        rows = [_disagreeing(page, value) for value in others]
        yield pipe_table([page.say(f"evidence.{word}") for word in words], rows)


def _disagreeing(page: Page, value: ValueOnNewSeeds) -> list[str]:
    numbers = (value.published.mean, value.new.mean, value.low, value.high)
    published, new, low, high = (format_number(page.language, number) for number in numbers)
    return [escape(value.variant), escape(value.name), published, new, format_ends(page.language, low, high)]
