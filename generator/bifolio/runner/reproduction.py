"""Runs published results again, in a store of their own, and keeps a report of what each comparison found."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from bifolio.errors import BifolioError, ResultError, UsageError
from bifolio.project import SMOKE_PROFILE, Project, Store
from bifolio.provenance.declaration import RunName
from bifolio.provenance.fingerprint import Fingerprints
from bifolio.provenance.sources import read_sources
from bifolio.provenance.witness import Witness, read_commit
from bifolio.results.comparison import compare
from bifolio.results.freshness import RunState, broken_among, published, survey
from bifolio.results.record import Result
from bifolio.results.reports import Report, is_current, read_report, report_path, write_report
from bifolio.results.store import read_checked, read_result, result_path, write_result
from bifolio.results.verdict import verdict_of_run
from bifolio.runner.execution import RunReport, execute_plan
from bifolio.runner.measuring import surroundings
from bifolio.runner.plan import Plan, plan_runs
from bifolio.runner.progress import Standing
from bifolio.runner.task import Outcome, Task

Tell = Callable[[Outcome, Report | None, Standing | None], None]


@dataclass(frozen=True)
class Reproduction:
    """What is to be run again; `project` is the one that is checked, `scratch` the same with a store of its own.

    `digests` are the fingerprints of today, `known` are runs that have a report already, `compared` those whose second
    result is in the store and lacks its report, `refused` those that cannot be reproduced as they are stored. `adopt`
    says that stale results are run again too, and get the fingerprint of today where they give the same bits.
    """

    project: Project
    scratch: Project
    chosen: tuple[RunName, ...]
    digests: Mapping[RunName, str]
    sampled: tuple[str, ...]
    known: Mapping[RunName, Report]
    compared: tuple[RunName, ...]
    refused: tuple[RunState, ...]
    plan: Plan
    adopt: bool = False
    broken: tuple[BifolioError, ...] = ()
    """What is wrong with experiments that were asked for and cannot be read."""


def plan_reproduction(
    project: Project,
    names: Iterable[str] = (),
    *,
    profile: str,
    sample: int | None = None,
    force: bool = False,
    adopt: bool = False,
) -> Reproduction:
    """Plan to reproduce the published results of the named experiments, or of all.

    `sample` picks so many experiments at random among those that have something left to do; `force` runs again what
    has a report; `adopt` takes stale results too. Raises UsageError and DeclarationError.
    """
    refuse_smoke(profile)
    sources = read_sources(project)
    names = tuple(names)
    surveyed = published(survey(project, names, (profile,), sources), names)
    states = [run for state in surveyed for run in state.runs]
    known = {} if force else known_reports(project, (run.name for run in states if run.state == "fresh"))
    sampled = _sample(states, known, sample)
    if sample is not None:
        states = [run for run in states if run.name.experiment in sampled]
    able = ("fresh", "stale") if adopt else ("fresh",)
    chosen = tuple(run.name for run in states if run.state in able)
    wanted = [name for name in chosen if name not in known or known[name].verdict == "failed"]
    scratch = replace(project, store=scratch_store(project))
    plan = plan_runs(scratch, wanted, sources, force=force)
    planned = {task.name for task in plan.tasks}
    fingerprints = Fingerprints(project, sources)
    return Reproduction(
        project=project,
        scratch=scratch,
        chosen=chosen,
        digests={name: fingerprints.of(name).digest for name in chosen},
        sampled=sampled,
        known={name: known[name] for name in chosen if name in known and name not in wanted},
        compared=tuple(name for name in wanted if name not in planned),
        refused=tuple(run for run in states if run.state not in able and (run.state == "stale" or not run.optional)),
        plan=plan,
        adopt=adopt,
        broken=broken_among(surveyed),
    )


def reproduce(reproduction: Reproduction, jobs: int, tell: Tell) -> RunReport:
    """Run, compare, and keep a report of every run as it ends; `tell` hears of each."""
    for name in reproduction.compared:
        tell(Outcome(name, "measured"), _report(reproduction, Outcome(name, "measured"), None), None)
    tasks = {task.name: task for task in reproduction.plan.tasks}
    return execute_plan(
        reproduction.scratch,
        reproduction.plan,
        jobs,
        lambda outcome, standing: tell(outcome, _report(reproduction, outcome, tasks[outcome.name]), standing),
    )


def known_reports(project: Project, runs: Iterable[RunName]) -> dict[RunName, Report]:
    """Return the reports that are about what is stored now; raise ResultError for one that cannot be read."""
    found: dict[RunName, Report] = {}
    for name in runs:
        if report_path(project, name).exists():
            report = read_report(project, name)
            if is_current(project, report):
                found[name] = report
    return found


def scratch_store(project: Project) -> Store:
    """Return where results and weights of reproductions are kept, so that a stopped one goes on where it was."""
    folder = project.cache / "reproductions"
    return Store(folder / "results", folder / "weights")


def refuse_smoke(profile: str) -> None:
    if profile == SMOKE_PROFILE:
        raise UsageError("results of this profile are never published", found=profile, expected="cpu or gpu")


def _sample(states: Iterable[RunState], known: Mapping[RunName, Report], count: int | None) -> tuple[str, ...]:
    """Pick experiments at random; the machine's own randomness, so that nobody can know them in advance."""
    if count is None:
        return ()
    left = sorted({run.name.experiment for run in states if run.state == "fresh" and run.name not in known})
    return tuple(sorted(random.SystemRandom().sample(left, min(count, len(left)))))


def _report(reproduction: Reproduction, outcome: Outcome, task: Task | None) -> Report | None:
    """Compare and write down; nothing for a run that was skipped, only wanted for its weights, or never published."""
    project, name = reproduction.project, outcome.name
    if outcome.kind == "skipped" or (task and task.only_weights):
        return None
    path = result_path(project, name)
    try:
        checksum = str(read_checked(path, project.relative(path))["checksum"])
        published = read_result(project, name)
    except ResultError:
        return None  # it is run only because another one needs it
    if reproduction.adopt and outcome.kind != "failed":
        return _adopted(project, published, read_result(reproduction.scratch, name))
    if task and published.fingerprint.digest != task.fingerprint.digest:
        return None
    digest = published.fingerprint.digest
    if outcome.kind == "failed":
        witness = _witness_of_failure(reproduction.scratch, outcome, task)
        report = Report(name, digest, checksum, _without_places(project, outcome.message), None, witness)
    else:
        reproduced = read_result(reproduction.scratch, name)
        report = Report(name, digest, checksum, "", compare(published, reproduced), reproduced.witness)
    write_report(project, report)
    return report


def _adopted(project: Project, published: Result, again: Result) -> Report:
    """Give a stored result the fingerprint of today if running it again gave the same bits; report it either way.

    A report of a result that keeps its fingerprint is not written: it would tell of code that did not measure it.
    """
    comparison = compare(published, again)
    same = verdict_of_run(comparison) == "identical" and comparison.same_machine
    stale = published.fingerprint.digest != again.fingerprint.digest
    if same and stale:
        adopted = replace(published, fingerprint=again.fingerprint, config=again.config, consumed=again.consumed)
        write_result(project, adopted, {})
    path = result_path(project, published.name)
    data = read_checked(path, project.relative(path))
    report = Report(published.name, data["fingerprint"]["digest"], str(data["checksum"]), "", comparison, again.witness)
    if same or not stale:
        write_report(project, report)
    return report


def _witness_of_failure(project: Project, outcome: Outcome, task: Task | None) -> Witness:
    commit = read_commit(project.root)
    return Witness(
        commit=commit.name,
        dirty=commit.dirty,
        date=datetime.now(UTC).isoformat(timespec="seconds"),
        duration=round(outcome.duration, 3),
        memory=0,  # its process is gone
        device=task.device if task else "",
        machine=surroundings.machine(),
        versions=surroundings.versions(task.libraries if task else ()),
    )


def _without_places(project: Project, message: str) -> str:
    """Return a message without the folders of this machine: the report is published."""
    return message.replace(f"{project.root}/", "").replace(str(Path.home()), "~")
