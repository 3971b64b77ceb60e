"""Executes a plan: starts what may start, hears of what runs, keeps what was measured."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from dataclasses import dataclass, replace

from bifolio.errors import BifolioError
from bifolio.project import Project
from bifolio.provenance.witness import Commit, read_commit
from bifolio.results.store import read_checked, result_path
from bifolio.runner.executors import Executor
from bifolio.runner.executors.forks import Forks
from bifolio.runner.interrupts import interrupts_held
from bifolio.runner.keeping import discard_weights, keep, remove_leftovers, remove_unused
from bifolio.runner.locks import Locks, writing_alone
from bifolio.runner.plan import Plan
from bifolio.runner.progress import ProgressLine, Standing
from bifolio.runner.schedule import Schedule
from bifolio.runner.sharing import Sharing
from bifolio.runner.task import Measured, Outcome, Printed, Progress, Task

Take = Callable[[Project, Task, Measured], Outcome]
"""Takes what a run gave, and says how that went."""
_Told = Progress | Printed | Outcome
_PATIENCE = 0.1  # seconds until it is asked again whether another command has finished


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


def execute_plan(
    project: Project,
    plan: Plan,
    jobs: int,
    tell: Callable[[Outcome, Standing], None],
    executor: Callable[[Project, Plan], Executor] = Forks,
    hear: Callable[[Printed], None] = lambda printed: None,
    take: Take = keep,
) -> RunReport:
    """Execute a plan; `tell` hears of every run as it ends, and of how far the plan is then.

    `hear` hears of the lines that an executor lets through.
    `take` is handed what a run gave; what it leaves of its weights is thrown away.
    Raises what the executor raises before it begins: EnvironmentMismatch where the libraries here are others.
    """
    if not plan.tasks:
        return RunReport(())
    begun = executor(project, plan)
    remove_leftovers(project, plan.tasks)
    line = ProgressLine({task.name: _last_duration(project, task) for task in plan.tasks}, jobs)
    outcomes: list[Outcome] = []
    try:
        with closing(_executed(project, plan, jobs, begun, take)) as events:
            for event in events:
                if isinstance(event, Progress):
                    line.report(event.name, event.fraction)
                elif isinstance(event, Printed):
                    line.clear()
                    hear(event)
                    line.draw()
                else:
                    outcomes.append(event)
                    line.end(event.name)
                    line.clear()
                    tell(event, line.standing)
    except KeyboardInterrupt:
        return RunReport(tuple(outcomes), interrupted=True)
    finally:
        line.clear()
    with writing_alone(project):
        remove_unused(project, plan.tasks)
    return RunReport(tuple(outcomes))


def _executed(project: Project, plan: Plan, jobs: int, executor: Executor, take: Take) -> Generator[_Told, None, None]:
    """Yield what happens as it happens; what is yielded as measured has been taken already."""
    tasks = {task.name: task for task in plan.tasks}
    schedule = Schedule(plan.tasks, jobs)
    locks = Locks(project)
    sharing = Sharing(project, plan.tasks, locks)
    try:
        commit = read_commit(project.root)  # an executor may be importing meanwhile
        while schedule.unfinished:
            yield from _start(schedule, executor, sharing, commit)
            if schedule.take_up() and schedule.idle:
                time.sleep(_PATIENCE)
            for event in () if schedule.idle else executor.events():
                if isinstance(event, Progress | Printed):
                    yield event
                    continue
                task = tasks[event.name]
                with interrupts_held(), locks.writing():
                    ended = take(project, task, event) if isinstance(event, Measured) else event
                    discard_weights(project, task)
                    sharing.end(task)
                yield ended
                yield from schedule.end(ended)
    finally:
        executor.stop()
        locks.close()


def _start(schedule: Schedule, executor: Executor, sharing: Sharing, commit: Commit) -> Iterator[Outcome]:
    """Start what may start; yield the outcomes of what other commands have measured meanwhile."""
    while task := schedule.start():
        turn = sharing.turn(task)
        if turn == "ours":
            executor.start(task, commit)
        elif turn == "theirs":
            schedule.set_aside(task)
        else:
            yield turn
            yield from schedule.end(turn)


def _last_duration(project: Project, task: Task) -> float | None:
    try:
        path = result_path(replace(project, store=None), task.name)
        return float(read_checked(path, path.name)["witness"]["duration"])
    except (BifolioError, KeyError, TypeError, ValueError):
        return None
