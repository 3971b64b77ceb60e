"""Tries an experiment with other settings of its config: what it measures is handed back, and nothing of it is kept."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from bifolio.errors import UsageError, nearest_name
from bifolio.project import Project
from bifolio.provenance.configs import read_settings
from bifolio.provenance.declaration import Declaration, Literal, RunName
from bifolio.provenance.fingerprint import Fingerprints
from bifolio.provenance.sources import read_sources
from bifolio.results.freshness import select
from bifolio.results.reading import read_record
from bifolio.results.record import Result
from bifolio.results.store import check_content, read_result
from bifolio.runner.execution import RunReport, execute_plan
from bifolio.runner.executors.forks import Forks
from bifolio.runner.keeping import keep
from bifolio.runner.plan import Plan, plan_runs
from bifolio.runner.progress import Standing
from bifolio.runner.task import Measured, Outcome, Printed, Task
from bifolio.storage import read_source


@dataclass(frozen=True)
class Trial:
    """What is to be tried: an experiment as if it declared the settings (field -> value) for all of its variants.

    `same` maps each variant to the first one that has the same config then; only that one is run.
    """

    project: Project
    declaration: Declaration
    settings: Mapping[str, Literal]
    runs: tuple[RunName, ...]
    same: Mapping[str, str]
    plan: Plan


def plan_trial(project: Project, name: str, settings: Sequence[str], *, profile: str, seed: int | None = None) -> Trial:
    """Plan to try `experiment` or `experiment.variant` with `field=value` settings, on all of its seeds or on one.

    Raises DeclarationError, and UsageError for what does not exist or fit, and for needs without a fresh result.
    """
    experiment, _, variant = name.partition(".")
    sources = read_sources(project)
    broken = sources.broken_experiments
    select({**sources.declarations, **broken}, [experiment])
    if experiment in broken:
        raise broken[experiment]
    declared = sources.declarations[experiment]
    profile = project.profile(profile).name
    file = project.root / declared.file
    fields = read_settings(ast.parse(read_source(file, declared.file)), declared, settings)
    # A profile has the last word on a config, so this is where nothing else overrides what is tried.
    tried = replace(declared, sizes={**declared.sizes, profile: {**declared.sizes.get(profile, {}), **fields}})
    runs = _chosen(tried, variant, profile, seed)
    changed = sources.declaring({experiment: tried})
    fingerprints = Fingerprints(project, changed)
    first: dict[str, RunName] = {}
    same = {run.variant: first.setdefault(fingerprints.of(run).digest, run).variant for run in runs}
    distinct = tuple(first.values())
    plan = plan_runs(project, distinct, changed, force=True)
    _refuse_unmet(plan, distinct)
    return Trial(project, tried, fields, distinct, same, plan)


def run_trial(
    trial: Trial, jobs: int, tell: Callable[[Outcome, Standing], None], hear: Callable[[Printed], None] | None = None
) -> tuple[RunReport, Mapping[str, tuple[Result, ...]]]:
    """Run a trial; return how it went, and what each variant measured, by seed.

    Its logs lie apart from those of published runs. What it needs the weights of may be trained again, and is kept.
    """
    found: dict[RunName, Result] = {}

    def take(project: Project, task: Task, measured: Measured) -> Outcome:
        if task.only_weights:
            return keep(project, task, measured)
        place = task.name.path
        found[task.name] = read_record(check_content(measured.result, place), Result, place)
        return Outcome(task.name, "measured", duration=measured.duration)

    forks = partial(Forks, aloud=hear is not None, logs=trial.project.cache / "trials")
    report = execute_plan(trial.project, trial.plan, jobs, tell, forks, hear or _ignore, take)
    for outcome in report.outcomes:
        if outcome.kind == "measured" and outcome.name in trial.runs and outcome.name not in found:
            found[outcome.name] = read_result(trial.project, outcome.name)  # another command was measuring just this
    ordered = [found[run] for run in trial.runs if run in found]
    variants = dict.fromkeys(result.name.variant for result in ordered)
    return report, {one: tuple(result for result in ordered if result.name.variant == one) for one in variants}


def _ignore(printed: Printed) -> None:
    """Nobody listens."""


def _chosen(declared: Declaration, variant: str, profile: str, seed: int | None) -> tuple[RunName, ...]:
    """Return the runs to try; raise UsageError for a variant or a seed that is not declared.

    Other seeds are refused because the report has not seen them: they are what a claim is confirmed on.
    """
    if variant and variant not in declared.variants:
        nearest = nearest_name(variant, declared.variants)
        problem, expected = f"{declared.name} has no such variant", ", ".join(declared.variants)
        raise UsageError(problem, found=variant, expected=expected, nearest=nearest)
    runs = declared.runs(profile)
    of_variant = [run for run in runs if run.variant == variant] if variant else runs
    chosen = tuple(run for run in of_variant if seed is None or run.seed == seed)
    if not chosen:
        seeds = ", ".join(map(str, sorted({run.seed for run in of_variant})))
        raise UsageError(f"{declared.name} has no such seed at profile {profile}", found=seed, expected=seeds)
    return chosen


def _refuse_unmet(plan: Plan, runs: Sequence[RunName]) -> None:
    """Raise UsageError where a trial needs what would have to be measured and kept first."""
    unmet = [task for task in plan.tasks if task.name not in runs and not task.only_weights]
    if unmet:
        name = unmet[0].name
        raise UsageError(
            "a trial keeps no result, so what it needs is measured before",
            found=f"{name}: {unmet[0].reason}",
            expected=f"`bifolio run {name.experiment} --profile {name.profile}` first",
        )
