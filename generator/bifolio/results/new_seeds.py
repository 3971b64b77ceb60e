"""New seeds: results of seeds that the report has not seen, kept apart and compared with the published ones."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from bifolio.errors import DeclarationError, ResultError, UnreadableError
from bifolio.project import Name, Project, Store
from bifolio.provenance.declaration import RunName
from bifolio.provenance.fingerprint import Fingerprints
from bifolio.provenance.forms import Line
from bifolio.provenance.sources import Sources
from bifolio.results.record import Result
from bifolio.results.store import encode_data, read_checked, read_result, read_runs, runs_in
from bifolio.statistics import CLAIM_CONFIDENCE, estimate, interval, mean_of, sum_of
from bifolio.storage import write_file


@dataclass(frozen=True)
class MeanOfSeeds:
    """A mean over seeds with the half width of its 95 % interval, None for a single seed."""

    mean: float
    half_width: float | None
    count: int


@dataclass(frozen=True)
class ValueOnNewSeeds:
    """One value on the published seeds and on new ones; `low` and `high` are the ends of the difference's interval.

    Its level is that of claims: of a hundred values whose true mean is the same, one is said to differ.
    """

    variant: Name
    name: Name
    unit: Line
    published: MeanOfSeeds
    new: MeanOfSeeds
    low: float
    high: float

    @property
    def agrees(self) -> bool:
        return self.low <= 0.0 <= self.high


@dataclass(frozen=True)
class SeedReport:
    """What the seeds from `first` to `last` of an experiment found; written once, whatever it says."""

    experiment: Name
    profile: Name
    first: int
    last: int
    values: tuple[ValueOnNewSeeds, ...]


def on_new_seeds(project: Project) -> Project:
    """Return the same project with the store of new seeds in place of the published results."""
    return replace(project, store=Store(project.reproductions / "new-seeds", project.cache / "reproductions/weights"))


def first_seeds(project: Project, sources: Sources, profile: str, *, later: bool = False) -> dict[str, int]:
    """Return, for each experiment, where its new seeds begin.

    They are as many as the declared ones, and they begin above every declared seed, at the first place where none of
    them has a result by other code: seeds that such code has used are seen. `later` ones begin above all new seeds that
    have a report, for conditions that were written after these.
    """
    apart = on_new_seeds(project)
    base = max((one.most_seeds for one in sources.declarations.values() if not one.draft), default=0)
    first: dict[str, int] = {}
    for name, declared in sources.declarations.items():
        stale = {run.seed for run in runs_in(apart.results(profile), name, profile) if not _fresh(apart, sources, run)}
        reported = read_seed_reports(project, name, profile) if later else ()
        start = max([base, *(report.last + 1 for report in reported)])
        while stale & {*range(start, start + declared.most_seeds)}:
            start += 1
        first[name] = start
    return first


def beginning_at(sources: Sources, seed: int) -> Sources:
    """Return the same modules with every experiment's seeds beginning at one number."""
    return sources.beginning(dict.fromkeys(sources.declarations, seed))


def compare_seeds(project: Project, experiment: str, profile: str, first: int, last: int) -> SeedReport:
    """Compare the new seeds of an experiment with its published ones; timings are left out."""
    published = read_runs(project, experiment, profile)
    new = read_runs(on_new_seeds(project), experiment, profile)
    values: list[ValueOnNewSeeds] = []
    for variant, results in published.items():
        others = [result for result in new.get(variant, ()) if first <= result.name.seed <= last]
        names = sorted({name for result in results for name, value in result.values.items() if not value.timing})
        values += [_value(variant, name, results, others) for name in names if _numbers(name, others)]
    return SeedReport(experiment, profile, first, last, tuple(values))


def seed_report_path(project: Project, report: SeedReport) -> Path:
    folder = on_new_seeds(project).results(report.profile)
    return folder / report.experiment / report.profile / f"seeds-{report.first}-{report.last}.json"


def read_seed_reports(project: Project, experiment: str, profile: str) -> tuple[SeedReport, ...]:
    """Return all reports on new seeds, by their first seed; raise ResultError for a bad one."""
    folder = on_new_seeds(project).results(profile) / experiment / profile
    paths = folder.glob("seeds-*-*.json") if folder.is_dir() else ()
    reports = [_read(project, path) for path in paths]
    return tuple(sorted(reports, key=lambda report: report.first))


def keep_first(project: Project, report: SeedReport) -> SeedReport:
    """Write a report, or return the one that was written first; raise ResultError if that one is damaged."""
    path = seed_report_path(project, report)
    if path.exists():
        return _read(project, path)
    write_file(path, encode_data(asdict(report)))
    return report


def _read(project: Project, path: Path) -> SeedReport:
    from bifolio.results.reading import read_record

    file = project.relative(path)
    report = read_record(read_checked(path, file, "take the committed file back"), SeedReport, file, path)
    if seed_report_path(project, report) != path:
        raise ResultError("a report says it is of other seeds than its path", file=file, found=report.experiment)
    return report


def _fresh(apart: Project, sources: Sources, run: RunName) -> bool:
    if run.variant not in sources.declarations[run.experiment].variants:
        return False
    stored = read_result(apart, run).fingerprint.digest
    try:
        return stored == Fingerprints(apart, beginning_at(sources, run.seed)).of(run).digest
    except (DeclarationError, UnreadableError):
        return True  # nothing of a broken experiment is run, so it asks for no other seeds


def _value(variant: str, name: str, published: Sequence[Result], new: Sequence[Result]) -> ValueOnNewSeeds:
    before, after = _numbers(name, published), _numbers(name, new)
    split = published[0].split
    ratio = split.test_to_train if split else 0.0
    low, high = _difference(before, after, ratio)
    unit = next(result.values[name].unit for result in published if name in result.values)
    return ValueOnNewSeeds(variant, name, unit, _mean(before, ratio), _mean(after, ratio), low, high)


def _numbers(name: str, results: Sequence[Result]) -> list[float]:
    return [result.values[name].number for result in results if name in result.values]


def _mean(numbers: Sequence[float], ratio: float) -> MeanOfSeeds:
    found = estimate(numbers, test_to_train=ratio)
    return MeanOfSeeds(found.mean, found.half_width, found.count)


def _difference(before: Sequence[float], after: Sequence[float], ratio: float) -> tuple[float, float]:
    """Return the interval of the difference of two means (Welch); single numbers have no spread, and no interval."""
    if len(before) < 2 or len(after) < 2:
        difference = math.fsum(after) / len(after) - math.fsum(before) / len(before)
        return difference, difference
    subtracted = mean_of([-number for number in before], test_to_train=ratio)
    return interval(sum_of([mean_of(after, test_to_train=ratio), subtracted]), CLAIM_CONFIDENCE)
