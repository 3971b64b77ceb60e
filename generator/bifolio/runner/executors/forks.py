"""Executes tasks in processes forked from one parent that has imported the heavy libraries once."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing import forkserver, resource_tracker
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import cast

from bifolio.project import Project
from bifolio.provenance.declaration import RunName
from bifolio.provenance.witness import Surroundings, read_surroundings
from bifolio.runner.executors.preload import VARIABLE
from bifolio.runner.measuring.determinism import fix_environment
from bifolio.runner.measuring.worker import execute
from bifolio.runner.plan import Plan
from bifolio.runner.task import Outcome, Task


@dataclass(frozen=True)
class Progress:
    """How far a run is: a fraction from 0 to 1."""

    name: RunName
    fraction: float


@dataclass
class _Running:
    task: Task
    process: BaseProcess
    channel: Connection
    log: Path
    slot: int
    outcome: Outcome | None = field(default=None)


def run_tasks(project: Project, plan: Plan, jobs: int) -> Generator[Progress | Outcome, None, None]:
    """Execute a plan, at most `jobs` runs at a time, and yield what happens as it happens.

    One process a run, so that a crash takes nothing with it and no state leaks between runs. An exclusive run
    waits until it is alone. A run whose need failed is reported as failed. Closing the generator stops the runs in
    flight.
    """
    context = _forking_context(plan)
    libraries = frozenset(library for task in plan.tasks for library in task.libraries)
    surroundings = read_surroundings(project.root, libraries)  # while the fork server imports
    waiting = list(plan.tasks)
    planned = {task.name for task in waiting}
    ended: dict[RunName, Outcome] = {}
    running: list[_Running] = []
    try:
        while waiting or running:
            yield from _give_up(waiting, ended)
            while task := _next(waiting, running, ended, planned, jobs):
                waiting.remove(task)
                with _interrupts_held():  # a process that nobody knows of would be stopped by nobody
                    running.append(_start(context, task, surroundings, running))
            for run in _ready(running):
                for event in _events(run):
                    yield event
                    if isinstance(event, Outcome):
                        ended[event.name] = event
                        running.remove(run)
                        yield from _skip_alike(waiting, ended, event)
    finally:
        for run in running:
            run.process.terminate()
        for run in running:
            run.process.join(5)
            if run.process.is_alive():
                run.process.kill()
                run.process.join()


def _forking_context(plan: Plan) -> multiprocessing.context.ForkServerContext:
    """Return the context of a fork server that will have imported what the plan needs.

    The server only imports: no torch operation starts threads and CUDA is not initialised in it, so its children may do
    both. (loky and concurrent.futures were tried: see the architecture page.)
    """
    fix_environment()
    reading = [("bifolio.results.reading", "read_record")] if any(task.needs for task in plan.tasks) else []
    os.environ[VARIABLE] = json.dumps([*plan.imports, *reading])
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([execute.__module__, "bifolio.runner.executors.preload"])
    resource_tracker.ensure_running()  # it ends with letting interrupts through
    with _interrupts_held():  # the server and its runs inherit this: a terminal interrupts all, the parent decides
        forkserver.ensure_running()
    return context


@contextmanager
def _interrupts_held() -> Iterator[None]:
    """Let an interrupt from the keyboard wait until the end."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _next(
    waiting: list[Task], running: list[_Running], ended: dict[RunName, Outcome], planned: set[RunName], jobs: int
) -> Task | None:
    """Return a task that may start now: what it needs has ended, a place is free, nobody's exclusiveness is broken."""
    if len(running) >= jobs or any(run.task.declaration.exclusive for run in running):
        return None
    able = [task for task in waiting if all(need in ended for need in task.needs if need in planned)]
    shared = [task for task in able if not task.declaration.exclusive]
    if shared:
        return shared[0]
    return able[0] if able and not running else None


def _give_up(waiting: list[Task], ended: dict[RunName, Outcome]) -> Iterator[Outcome]:
    """Report runs whose need was not measured as failed (optional ones as skipped if it was), and theirs in turn."""
    while True:
        lost = [
            (task, need) for task in waiting for need in task.needs if need in ended and ended[need].kind != "measured"
        ]
        if not lost:
            return
        task, need = lost[0]
        waiting.remove(task)
        kind = "skipped" if task.optional and ended[need].kind == "skipped" else "failed"
        ended[task.name] = Outcome(task.name, kind, f"it needs {need}, which was not measured")
        yield ended[task.name]


def _skip_alike(waiting: list[Task], ended: dict[RunName, Outcome], skipped: Outcome) -> Iterator[Outcome]:
    """Report the other seeds of a variant whose source is absent as skipped, without a word: one seed said why."""
    alike = [task for task in waiting if skipped.kind == "skipped" and task.name.like(skipped.name)]
    for task in alike:
        waiting.remove(task)
        ended[task.name] = Outcome(task.name, "skipped")
        yield ended[task.name]


def _start(
    context: multiprocessing.context.ForkServerContext, task: Task, surroundings: Surroundings, running: list[_Running]
) -> _Running:
    slot = next(number for number in range(len(running) + 1) if number not in {run.slot for run in running})
    log = task.project.cache / "logs" / f"{task.name.path.replace('/', '-').removesuffix('.json')}.log"
    ours, theirs = context.Pipe(duplex=False)
    process = _process(context, task, (task, surroundings, slot, log, theirs))
    theirs.close()
    return _Running(task, process, ours, log, slot)


def _process(
    context: multiprocessing.context.ForkServerContext, task: Task, arguments: tuple[object, ...]
) -> BaseProcess:
    """Start a run's process; one that declares variables is not forked, so that libraries see them when they load."""
    variables = task.declaration.variables
    before = {name: os.environ.get(name) for name in variables}
    start = multiprocessing.get_context("spawn").Process if variables else context.Process
    os.environ.update(variables)
    try:
        process = start(target=execute, args=arguments, daemon=True)
        process.start()
    finally:
        for name, value in before.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})
    return process


def _ready(running: list[_Running]) -> list[_Running]:
    ready = set(wait([run.channel for run in running])) if running else set()
    return [run for run in running if run.channel in ready]


def _events(run: _Running) -> Iterator[Progress | Outcome]:
    """Yield one message of a run; the end of its channel is the end of its process."""
    try:
        message = cast("float | Outcome", run.channel.recv())
    except (EOFError, ConnectionResetError):
        run.process.join()
        run.channel.close()
        if run.outcome is None:
            code = run.process.exitcode or 0
            how = f"was killed by signal {-code}" if code < 0 else f"ended with status {code}"
            run.outcome = Outcome(run.task.name, "failed", f"its process {how}; see {run.log}", _tail(run.log))
        yield run.outcome
        return
    if isinstance(message, Outcome):
        run.outcome = message  # reported once the process has ended, so that what it wrote is there
    else:
        yield Progress(run.task.name, message)


def _tail(log: Path) -> str:
    with suppress(OSError):
        return log.read_text(encoding="utf-8", errors="replace")[-2000:]
    return ""
