"""Runs experiments: plan what is not fresh, execute it, store what it measured."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace

from bifolio.errors import BifolioError
from bifolio.project import Project
from bifolio.results.store import read_checked, remove_unused_images, result_path
from bifolio.runner.executors.forks import run_tasks
from bifolio.runner.plan import Plan, check_environment, make_plan
from bifolio.runner.progress import ProgressLine, duration
from bifolio.runner.task import Outcome, Task

__all__ = [
    "Outcome",
    "Plan",
    "RunReport",
    "Task",
    "check_environment",
    "default_jobs",
    "duration",
    "execute_plan",
    "make_plan",
]


@dataclass(frozen=True)
class RunReport:
    """How a plan went."""

    outcomes: tuple[Outcome, ...]
    interrupted: bool = False

    def count(self, kind: str) -> int:
        return sum(outcome.kind == kind for outcome in self.outcomes)


def default_jobs(project: Project, profile: str) -> int:
    """Return how many runs fit beside each other: one a GPU, or the cores over the profile's threads."""
    settings = project.profile(profile)
    if settings.device == "cuda":
        import torch

        return max(1, torch.cuda.device_count())
    available = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, available // settings.threads)


def execute_plan(project: Project, plan: Plan, jobs: int, tell: Callable[[Outcome], None]) -> RunReport:
    """Execute a plan; `tell` hears of every run as it ends. Raises EnvironmentMismatch before anything is run."""
    if not plan.tasks:
        return RunReport(())
    check_environment(plan)
    remove_leftovers(project, plan)
    line = ProgressLine({task.name: _last_duration(task) for task in plan.tasks}, jobs)
    outcomes: list[Outcome] = []
    events = run_tasks(project, plan, jobs)
    try:
        for event in events:
            if isinstance(event, Outcome):
                outcomes.append(event)
                line.end(event.name)
                line.clear()
                tell(event)
            else:
                line.report(event.name, event.fraction)
    except KeyboardInterrupt:
        events.close()
        return RunReport(tuple(outcomes), interrupted=True)
    finally:
        line.clear()
    for experiment, profile in sorted({(task.name.experiment, task.name.profile) for task in plan.tasks}):
        with suppress(BifolioError):  # a bad neighbour is `status`'s business
            remove_unused_images(project, experiment, profile)
    return RunReport(tuple(outcomes))


def remove_leftovers(project: Project, plan: Plan) -> None:
    """Delete what a run that was killed was about to write."""
    for folder in {result_path(project, task.name).parent for task in plan.tasks} | {project.weights, project.cache}:
        for part in folder.glob(".*.part") if folder.is_dir() else ():
            if part.is_dir():
                import shutil

                shutil.rmtree(part, ignore_errors=True)
            else:
                part.unlink(missing_ok=True)


def _last_duration(task: Task) -> float | None:
    try:
        path = result_path(replace(task.project, store=None), task.name)
        return float(read_checked(path, path.name)["witness"]["duration"])
    except (BifolioError, KeyError, TypeError, ValueError):
        return None
