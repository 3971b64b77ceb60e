"""The verb `run` with `--set`: an experiment is tried with other settings, and nothing is published."""

from __future__ import annotations

import argparse
from functools import partial

from bifolio.cli.arguments import FINE
from bifolio.cli.failing_runs import FailedRuns
from bifolio.cli.running import end, hear, tell
from bifolio.cli.showing import lines, measured, stored
from bifolio.errors import UsageError
from bifolio.project import Project
from bifolio.results.record import Result
from bifolio.runner.execution import default_jobs
from bifolio.runner.plan import check_environment
from bifolio.runner.trial import Trial, plan_trial, run_trial


def try_settings(project: Project, options: argparse.Namespace) -> int:
    """Try what is asked for, print what was measured beside what is stored, and return the exit status."""
    if not options.settings:
        raise UsageError("one seed is run where something is tried", expected="--set FIELD=VALUE --seed N")
    if len(options.names) != 1:
        found = " ".join(options.names) or "no name"
        raise UsageError("one experiment is tried at a time", found=found, expected="NAME or NAME.VARIANT")
    (name,) = options.names
    trial = plan_trial(project, name, options.settings, profile=options.profile, seed=options.seed)
    count = len(trial.plan.tasks)
    print(f"{count} {'run' if count == 1 else 'runs'} to try, none is kept (profile {options.profile})", flush=True)
    if options.dry_run:
        for task in trial.plan.tasks:
            print(f"would try {task.name}")
        return FINE
    check_environment(project, trial.plan)
    jobs = options.jobs or default_jobs(project, options.profile)
    heard = hear if options.verbose else None
    report, tried = run_trial(trial, jobs, partial(tell, FailedRuns(debug=options.debug)), heard)
    for variant, results in tried.items():
        print("\n".join(_told(trial, variant, results, whole=options.seed is not None)))
    for variant, other in trial.same.items():
        if variant != other:
            print(f"{trial.declaration.name} {variant}: the same as {other} with what is set")
    return end(report, jobs, told=", nothing stored")


def _told(trial: Trial, variant: str, results: tuple[Result, ...], *, whole: bool) -> list[str]:
    """Return what a variant measured, each value with what is stored of the same seeds; then what was set."""
    name, profile = trial.declaration.name, results[0].name.profile
    seeds = {result.name.seed for result in results}
    before = [result for result in stored(trial.project, name, variant, profile) if result.name.seed in seeds]
    first, *rest = lines(trial.declaration, variant, results, whole=whole, before=measured(trial.declaration, before))
    return [f"{first}, with {', '.join(f'{field}={value!r}' for field, value in trial.settings.items())}", *rest]
