"""The verb `show`: what an experiment measured, in the terminal, before any chapter shows it."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from types import MappingProxyType
from typing import Any

from bifolio.cli.arguments import FINE, FOUND_WRONG, print_json
from bifolio.errors import MissingResultError, ResultError, UnreadableError, UsageError
from bifolio.project import Project
from bifolio.provenance.declaration import Declaration
from bifolio.provenance.quantities import quantity_of
from bifolio.provenance.sources import read_sources
from bifolio.results.freshness import select
from bifolio.results.measurement import Measurement, measurement_of
from bifolio.results.record import Result, Table
from bifolio.results.store import read_runs

Runs = Mapping[str, Sequence[Result]]
"""A variant's name -> its results."""

Means = Mapping[tuple[str, str, str], Measurement]
"""Experiment, variant and value -> what is stored of it."""

_BARS = "▁▂▃▄▅▆▇█"
_WIDTH = 40
"""Points of a curve, so that the longest name and its ends fit beside it."""
_REST = "; --json prints all"
_ROWS = 20
"""Rows of a table that are printed of one seed."""


def show_results(project: Project, options: argparse.Namespace) -> int:
    """Print what an experiment's stored results hold; raise UsageError for an unknown name or seed."""
    declarations = read_sources(project).declarations
    (name,) = select(declarations, [options.name])
    declaration = declarations[name]
    runs: Runs = read_runs(project, options.name, options.profile)
    if options.seed is not None:
        runs = _of_seed(runs, options)
    if options.json:
        print_json([_told(declaration, variant, results) for variant, results in runs.items()])
        return FINE if runs else FOUND_WRONG
    if not runs:
        raise MissingResultError(
            f"{options.name} has no results at profile {options.profile}",
            found="none",
            expected=f"bifolio run {options.name} --profile {options.profile}",
        )
    for variant, results in runs.items():
        print("\n".join(lines(declaration, variant, results, whole=options.seed is not None, rest=_REST)))
    logs = sorted((project.cache / "logs").glob(f"{options.name}-*"))
    if logs:
        print(f"what the runs printed: {project.relative(logs[0].parent)}/{options.name}-*, {len(logs)} files")
    return FINE


def measured(declaration: Declaration, results: Sequence[Result]) -> dict[str, Measurement]:
    """Return every value of a variant over the seeds that recorded it, by name."""
    names = dict.fromkeys(name for result in results for name in result.values)
    found = {name: [result for result in results if name in result.values] for name in names}
    diverged = sum(result.diverged is not None for result in results)
    return {
        name: measurement_of(having, name, quantity_of(declaration, name), "", diverged, len(results))
        for name, having in sorted(found.items())
    }


def means(project: Project, variants: Iterable[tuple[str, str]], profile: str) -> Means:
    """Return what is stored of variants, by experiment and variant: each value's mean over seeds.

    Results that cannot be read are none: who measures them again replaces them.
    """
    wanted, found = set(variants), dict[tuple[str, str, str], Measurement]()
    experiments = sorted({experiment for experiment, _ in wanted})
    declarations = read_sources(project).declarations if experiments else {}
    for experiment in experiments:
        with suppress(ResultError, UnreadableError):
            for variant, results in read_runs(project, experiment, profile).items():
                if (experiment, variant) in wanted:
                    told = measured(declarations[experiment], results)
                    found |= {(experiment, variant, value): one for value, one in told.items()}
    return found


def changes(before: Means, after: Means) -> Iterator[str]:
    """Yield a line for every value that was measured, with what it was before where that was another number."""
    width = max((len(".".join(key)) for key in after), default=0)
    for key, one in after.items():
        was = before.get(key)
        changed = was is not None and f"{was.estimate.mean:.4g}" != f"{one.estimate.mean:.4g}"
        note = f"  was {said(was)}" if was is not None and changed else ""
        yield f"{'.'.join(key):<{width}}  {said(one)}{note}"


def said(measurement: Measurement) -> str:
    """Return a value as `97.3 %  95.9 to 98.3  n 25`."""
    estimate, unit = measurement.estimate, f" {measurement.unit}" if measurement.unit else ""
    text = f"{estimate.mean:.4g}{unit}"
    if measurement.exact:
        return f"{text}  exact"
    if estimate.width is None:
        return f"{text}  n {estimate.count}"
    spread = "did not vary" if estimate.unvaried else f"{estimate.low:.4g} to {estimate.high:.4g}"
    return f"{text}  {spread}  n {estimate.count}"


def _of_seed(runs: Runs, options: argparse.Namespace) -> Runs:
    """Return the variants that were run with a seed; raise UsageError where none was."""
    found = {
        variant: chosen
        for variant, results in runs.items()
        if (chosen := tuple(result for result in results if result.name.seed == options.seed))
    }
    if runs and not found:
        seeds = sorted({result.name.seed for results in runs.values() for result in results})
        problem = f"{options.name} was not run with this seed"
        raise UsageError(problem, found=options.seed, expected=", ".join(map(str, seeds)))
    return found


def stored(project: Project, experiment: str, variant: str, profile: str) -> Sequence[Result]:
    """Return a variant's stored results; those that cannot be read are none."""
    with suppress(ResultError, UnreadableError):
        return read_runs(project, experiment, profile).get(variant, ())
    return ()


def lines(
    declaration: Declaration,
    variant: str,
    results: Sequence[Result],
    *,
    whole: bool,
    before: Mapping[str, Measurement] = MappingProxyType({}),
    rest: str = "",
) -> Iterator[str]:
    """Yield what a variant measured, the rows of its tables with `whole`; values with what they were `before`.

    `rest` says where rows are that are not printed.
    """
    seeds = [result.name.seed for result in results]
    yield (
        f"{declaration.name} {variant}: {len(seeds)} {'seed' if len(seeds) == 1 else 'seeds'}"
        f"{', a draft' if declaration.draft else ''}"
    )
    values = {name: said(one) for name, one in measured(declaration, results).items()}
    values |= {name: f"{text}  stored {said(before[name])}" for name, text in values.items() if name in before}
    values |= {name: _chosen(results, name) for name in _names(result.choices for result in results)}
    width = max(map(len, values), default=0)
    yield from (f"  {name:<{width}}  {text}" for name, text in values.items())
    for name in _names(result.tables for result in results):
        yield from _table_lines(name, next(one.tables[name] for one in results if name in one.tables), whole, rest)
    for name in _names(result.samples for result in results):
        rows = next(result.samples[name] for result in results if name in result.samples).rows
        yield f"  sample {name}: {len(rows)} rows"
        for row in rows[: _ROWS if whole else 1]:
            yield "    " + " · ".join(f"{key}: {cell}" for key, cell in row.items()).replace("\n", "⏎")
    for name in _names(result.images for result in results):
        yield f"  image {name}"
    broken = [f"{result.name.seed}: {result.diverged}" for result in results if result.diverged]
    yield from (f"  diverged, seed {line}" for line in broken)


def _table_lines(name: str, table: Table, whole: bool, rest: str) -> Iterator[str]:
    """Yield each column of numbers of the first seed as a curve, or the rows themselves."""
    yield f"  table {name}: {len(table.rows)} rows"
    if whole:
        yield "    " + "  ".join(column.name for column in table.columns)
        for row in table.rows[:_ROWS]:
            yield "    " + "  ".join(f"{cell:.5g}" if isinstance(cell, float) else str(cell) for cell in row)
        if len(table.rows) > _ROWS:
            yield f"    … and {len(table.rows) - _ROWS} rows more{rest}"
        return
    width = max(len(column.name) for column in table.columns)
    for place, column in enumerate(table.columns):
        numbers = [row[place] for row in table.rows]
        found = [float(cell) for cell in numbers if isinstance(cell, int | float)]
        if len(found) == len(numbers) > 1:
            yield f"    {column.name:<{width}}  {curve(found)}  {found[0]:.4g} to {found[-1]:.4g}"


def curve(numbers: Sequence[float]) -> str:
    """Return numbers as bars of eighths, at most 40 of them, from the lowest to the highest."""
    step = max(1, -(-len(numbers) // _WIDTH))
    shown = numbers[::step]
    low, high = min(shown), max(shown)
    if not high > low:
        return _BARS[0] * len(shown)
    return "".join(_BARS[round((number - low) / (high - low) * (len(_BARS) - 1))] for number in shown)


def _chosen(results: Sequence[Result], name: str) -> str:
    counts = Counter(repr(result.choices[name]) for result in results if name in result.choices)
    return "chosen: " + ", ".join(f"{setting} {count}×" for setting, count in counts.most_common())


def _names(recorded: Iterable[Any]) -> list[str]:
    return sorted(dict.fromkeys(name for one in recorded for name in one))


def _told(declaration: Declaration, variant: str, results: Sequence[Result]) -> dict[str, Any]:
    """Return a variant for tools: means with intervals, and what each seed recorded."""
    values = {
        name: {
            "mean": one.estimate.mean,
            "low": None if one.estimate.width is None else one.estimate.low,
            "high": None if one.estimate.width is None else one.estimate.high,
            "n": one.estimate.count,
            "unit": one.unit,
            "exact": one.exact,
        }
        for name, one in measured(declaration, results).items()
    }
    seeds: dict[str, dict[str, Any]] = {
        str(result.name.seed): {
            "values": {name: value.number for name, value in result.values.items()},
            "choices": dict(result.choices),
            "tables": {
                name: {"columns": [column.name for column in table.columns], "rows": table.rows}
                for name, table in result.tables.items()
            },
            "samples": {name: sample.rows for name, sample in result.samples.items()},
            "diverged": result.diverged,
        }
        for result in results
    }
    told = {"experiment": declaration.name, "variant": variant, "draft": declaration.draft}
    return {**told, "values": values, "seeds": seeds}
