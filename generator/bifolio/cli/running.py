"""The verb `run`, which `build` begins with too: what is stale is measured, and how it went is said."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from functools import partial

from bifolio.cli.arguments import FINE, FOUND_WRONG, INTERRUPTED
from bifolio.cli.colours import state_word
from bifolio.cli.failing_runs import FailedRuns
from bifolio.cli.showing import changes, means
from bifolio.errors import EnvironmentMismatch
from bifolio.project import Project
from bifolio.results.ledger import keep_ledgers
from bifolio.runner.execution import RunReport, default_jobs, execute_plan
from bifolio.runner.executors.forks import Forks
from bifolio.runner.locks import writing_alone
from bifolio.runner.plan import Plan, check_environment, make_plan
from bifolio.runner.progress import Standing, duration
from bifolio.runner.task import Outcome, Printed


def run_stale(project: Project, options: argparse.Namespace, *, for_build: bool = False) -> int:
    """Run what is not fresh and return the exit status; for a build, another environment is no error."""
    plan = make_plan(
        project,
        options.names,
        profile=options.profile,
        force=options.force and not for_build,
        optional=not for_build,
        drafts=not for_build,
    )
    for error in plan.broken:
        print(f"{state_word('broken', 8)} {error}", file=sys.stderr, flush=True)
    status = _run(project, plan, options, for_build=for_build)
    return status or (FOUND_WRONG if plan.broken else FINE)


def _run(project: Project, plan: Plan, options: argparse.Namespace, *, for_build: bool) -> int:
    if not options.dry_run:
        with writing_alone(project):
            keep_ledgers(project)
    if not plan.tasks:
        print(f"nothing to run: {plan.fresh} results at profile {options.profile} are fresh")
        return FINE
    print(f"{len(plan.tasks)} runs to do, {plan.fresh} fresh (profile {options.profile})", flush=True)
    if options.dry_run:
        for task in plan.tasks:
            print(f"would run {task.name}: {task.reason}")
        return FINE
    try:
        check_environment(project, plan)
    except EnvironmentMismatch as error:
        if not for_build:
            raise
        print(f"{error}\nrendering from the results that are stored", file=sys.stderr)
        return FINE
    jobs = options.jobs or default_jobs(project, options.profile)
    planned = {(task.name.experiment, task.name.variant) for task in plan.tasks}
    before = means(project, () if for_build else planned, options.profile)
    forks = partial(Forks, aloud=options.verbose)
    failed = FailedRuns(debug=options.debug)
    report = execute_plan(project, plan, jobs, partial(tell, failed), forks, hear)
    with writing_alone(project):
        keep_ledgers(project)
    names = [outcome.name for outcome in report.outcomes if outcome.kind == "measured" and not for_build]
    for line in changes(before, means(project, ((name.experiment, name.variant) for name in names), options.profile)):
        print(line)
    for line in _by_experiment(report.outcomes):
        print(line)
    return end(report, jobs, kept="what was measured is kept, ")


def end(report: RunReport, jobs: int, *, told: str = "", kept: str = "") -> int:
    """Print what became of all runs and what they took; return the exit status."""
    total = sum(outcome.duration for outcome in report.outcomes)
    parts = [f"{report.count(kind)} {kind}" for kind in ("measured", "skipped", "failed") if report.count(kind)]
    print(f"{', '.join(parts) or 'nothing measured'}{told}; {duration(total)} of computing, {jobs} beside each other")
    if report.interrupted:
        print(f"interrupted: {kept}runs in flight are lost", file=sys.stderr)
        return INTERRUPTED
    return FOUND_WRONG if report.count("failed") else FINE


def hear(printed: Printed) -> None:
    """Print a line that a run printed, told apart by the run's name."""
    print(f"{printed.name} | {printed.line}", flush=True)


def tell(failed: FailedRuns, outcome: Outcome, standing: Standing) -> None:
    """Print how a run ended, how many have, and about how long the others take."""
    if outcome.kind == "failed":
        print(failed.lines(outcome, f"{standing} "), file=sys.stderr, flush=True)
        return
    if outcome.kind == "skipped" and not outcome.message:
        return  # another seed of the same variant said why
    note = f": {outcome.message}" if outcome.message else ""
    took = f"{duration(outcome.duration)}{standing.about}"
    print(f"{standing} {state_word(outcome.kind, 8)} {outcome.name}  {took}{note}", flush=True)


def _by_experiment(outcomes: Sequence[Outcome]) -> list[str]:
    """Return what each experiment took, where several were measured."""
    measured = [outcome for outcome in outcomes if outcome.kind == "measured"]
    names = sorted({outcome.name.experiment for outcome in measured})
    if len(names) < 2:
        return []
    width = max(map(len, names))
    lines = []
    for name in names:
        times = [outcome.duration for outcome in measured if outcome.name.experiment == name]
        lines.append(
            f"{name:<{width}}  {duration(sum(times)):>12}  {len(times)} {'run' if len(times) == 1 else 'runs'}"
        )
    return lines
