"""The ledger of an experiment: which seeds were ever run, and when what matters was declared; it only grows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from bifolio.errors import ResultError
from bifolio.project import SMOKE_PROFILE, Name, Project
from bifolio.provenance.declaration import Declaration, RunName
from bifolio.provenance.forms import Date, Line
from bifolio.provenance.sources import read_sources
from bifolio.results.new_seeds import on_new_seeds
from bifolio.results.store import LEDGER, encode_data, read_checked, stored_runs
from bifolio.storage import write_file

_MEND = "take the committed file back: nothing else has what it knew"
Seeds = Mapping[Name, Mapping[Name, tuple[int, ...]]]
"""profile -> variant -> seeds, from the lowest."""


@dataclass(frozen=True)
class Declared:
    """What matters as it was declared at a date (UTC), None where it was taken back; `seeds` had been run by then."""

    matters: float | None
    date: Date
    seeds: Seeds


@dataclass(frozen=True)
class Ledger:
    """`seeds` are all that were ever run and kept; `quantities` maps a name or pattern to its history, oldest first."""

    experiment: Name
    seeds: Seeds
    quantities: Mapping[Line, tuple[Declared, ...]]


def ledger_path(project: Project, experiment: str) -> Path:
    """Return the file of an experiment's ledger."""
    return project.experiments / "results" / experiment / LEDGER


def read_ledger(project: Project, experiment: str) -> Ledger:
    """Return an experiment's ledger, an empty one where there is none; raise ResultError for a damaged one."""
    from bifolio.results.reading import read_record

    path = ledger_path(project, experiment)
    if not path.exists():
        return Ledger(experiment, {}, {})
    file = project.relative(path)
    ledger = read_record(read_checked(path, file, _MEND), Ledger, file, path)
    if ledger.experiment != experiment:
        problem = "a ledger says it is of another experiment than its path"
        raise ResultError(problem, file=file, found=ledger.experiment, expected=experiment)
    return ledger


def keep_ledgers(project: Project) -> None:
    """Write down, for every experiment, what is declared and which seeds are stored, as far as it is new.

    Raises ResultError for a damaged ledger, which is left as it is.
    """
    date = datetime.now(UTC).isoformat(timespec="seconds")
    for declaration in read_sources(project).declarations.values():
        before = read_ledger(project, declaration.name)
        after = extended(before, declaration, seeds_stored(project, declaration.name), date)
        if after != before:
            write_file(ledger_path(project, declaration.name), encode_data(asdict(after)))


def extended(ledger: Ledger, declaration: Declaration, stored: Seeds, date: str) -> Ledger:
    """Return a ledger with these seeds, and with what a declaration says of what matters where that is another."""
    seeds = _united(ledger.seeds, stored)
    quantities = dict(ledger.quantities)
    for pattern in sorted({*quantities, *declaration.quantities}):
        quantity = declaration.quantities.get(pattern)
        matters = None if quantity is None else quantity.matters
        history = quantities.get(pattern, ())
        if matters != (history[-1].matters if history else None):
            quantities[pattern] = (*history, Declared(matters, date, seeds))
    return Ledger(ledger.experiment, seeds, quantities)


def seeds_stored(project: Project, experiment: str) -> Seeds:
    """Return the seeds that have a result, among the published ones or the new seeds; never those of smoke runs."""
    return _by_variant(
        run
        for place in (project, on_new_seeds(project))
        for profile in project.profiles
        if profile != SMOKE_PROFILE
        for run in stored_runs(place, experiment, profile)
    )


def last_declared(ledger: Ledger, pattern: str) -> Declared | None:
    """Return when what matters was last declared or changed, None where nothing is."""
    history = ledger.quantities.get(pattern, ())
    return history[-1] if history and history[-1].matters is not None else None


def seeds_since(ledger: Ledger, declared: Declared) -> Seeds:
    """Return the seeds that were first run after a declaration."""
    since = {
        profile: {
            variant: later
            for variant, seeds in variants.items()
            if (later := tuple(seed for seed in seeds if seed not in declared.seeds.get(profile, {}).get(variant, ())))
        }
        for profile, variants in ledger.seeds.items()
    }
    return {profile: variants for profile, variants in since.items() if variants}


def declared_afterwards(ledger: Ledger, pattern: str) -> Seeds:
    """Return the seeds that had been run when what matters was last declared or changed.

    A variant is left out as soon as seeds of it that were first run later exist; nothing is left where it was declared
    before the first run, or not at all.
    """
    declared = last_declared(ledger, pattern)
    if declared is None:
        return {}
    since = seeds_since(ledger, declared)
    waiting = {
        profile: {variant: seeds for variant, seeds in variants.items() if variant not in since.get(profile, {})}
        for profile, variants in declared.seeds.items()
    }
    return {profile: variants for profile, variants in waiting.items() if variants}


def _by_variant(runs: Iterable[RunName]) -> Seeds:
    found: dict[str, dict[str, tuple[int, ...]]] = {}
    for run in sorted(runs, key=lambda run: run.seed):
        variants = found.setdefault(run.profile, {})
        variants[run.variant] = (*variants.get(run.variant, ()), run.seed)
    return found


def _united(one: Seeds, other: Seeds) -> Seeds:
    return {
        profile: {
            variant: tuple(sorted({seed for seeds in (one, other) for seed in seeds.get(profile, {}).get(variant, ())}))
            for variant in sorted({*one.get(profile, {}), *other.get(profile, {})})
        }
        for profile in sorted({*one, *other})
    }
