"""Runs experiments on seeds that the report has not seen: what was written after looking at results meets others."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from bifolio.errors import BifolioError
from bifolio.project import Project
from bifolio.provenance.declaration import RunName
from bifolio.provenance.sources import read_sources
from bifolio.results.freshness import RunState, broken_among, published, survey
from bifolio.results.new_seeds import (
    SeedReport,
    beginning_at,
    compare_seeds,
    first_seeds,
    keep_first,
    on_new_seeds,
)
from bifolio.results.store import result_path
from bifolio.runner.execution import RunReport, execute_plan
from bifolio.runner.plan import Plan, plan_runs
from bifolio.runner.progress import Standing
from bifolio.runner.reproduction import refuse_smoke
from bifolio.runner.task import Outcome


@dataclass(frozen=True)
class Batch:
    """Experiments whose new seeds begin at the same number."""

    first: int
    runs: tuple[RunName, ...]
    optional: frozenset[RunName]
    plan: Plan


@dataclass(frozen=True)
class NewSeeds:
    """What is to be run on new seeds; `refused` are published runs that there is nothing current to compare with.

    `first` tells where the new seeds of each experiment begin.
    """

    project: Project
    first: Mapping[str, int]
    batches: tuple[Batch, ...]
    refused: tuple[RunState, ...]
    broken: tuple[BifolioError, ...]
    """What is wrong with experiments that were asked for and cannot be read."""

    @property
    def count(self) -> int:
        return sum(len(batch.plan.tasks) for batch in self.batches)

    @property
    def known(self) -> int:
        return sum(batch.plan.fresh for batch in self.batches)


def plan_new_seeds(project: Project, names: Iterable[str] = (), *, profile: str, later: bool = False) -> NewSeeds:
    """Plan the new seeds of the named experiments, or all: as many as are declared, for every published variant.

    `later` ones begin above those that have a report.
    """
    refuse_smoke(profile)
    sources = read_sources(project)
    names = tuple(names)
    states = published(survey(project, names, (profile,), sources), names)
    refused = tuple(
        run
        for state in states
        for run in state.runs
        if run.state == "stale" or (run.state, run.optional) == ("missing", False)
    )
    unable = {run.name.experiment for run in refused}
    first = first_seeds(project, sources, profile, later=later)
    batches: dict[int, dict[RunName, bool]] = {}
    for state in states:
        if state.error:
            continue
        start = first[state.experiment]
        measured = {run.name.variant: run.optional for run in state.runs if run.state == "fresh"}
        if state.experiment not in unable:
            declared = sources.declarations[state.experiment]
            for variant, optional in measured.items():
                seeds = range(start, start + declared.seeds_of(variant))
                runs = {RunName(state.experiment, profile, variant, seed): optional for seed in seeds}
                batches.setdefault(start, {}).update(runs)
    apart = on_new_seeds(project)
    planned = (
        Batch(
            first=start,
            runs=tuple(runs),
            optional=frozenset(run for run, optional in runs.items() if optional),
            plan=plan_runs(apart, runs, beginning_at(sources, start)),
        )
        for start, runs in sorted(batches.items())
    )
    return NewSeeds(project, first, tuple(planned), refused, broken_among(states))


def run_new_seeds(new: NewSeeds, jobs: int, tell: Callable[[Outcome, Standing], None]) -> RunReport:
    """Run them; what is stored already is left as it is."""
    outcomes: list[Outcome] = []
    for batch in new.batches:
        report = execute_plan(on_new_seeds(new.project), batch.plan, jobs, tell)
        outcomes += report.outcomes
        if report.interrupted:
            return RunReport(tuple(outcomes), interrupted=True)
    return RunReport(tuple(outcomes))


def reports_on_new_seeds(new: NewSeeds) -> tuple[SeedReport, ...]:
    """Return the report of every experiment whose new seeds are all there; the first one ever made is kept.

    An optional variant whose source is not on this machine is not waited for.
    """
    apart = on_new_seeds(new.project)
    reports: list[SeedReport] = []
    for batch in new.batches:
        for experiment in dict.fromkeys(run.experiment for run in batch.runs):
            runs = [run for run in batch.runs if run.experiment == experiment]
            if all(result_path(apart, run).is_file() for run in runs if run not in batch.optional):
                last = max(run.seed for run in runs)
                made = compare_seeds(new.project, experiment, runs[0].profile, batch.first, last)
                reports.append(keep_first(new.project, made))
    return tuple(reports)
