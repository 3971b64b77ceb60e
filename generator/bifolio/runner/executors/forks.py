"""Executes tasks in processes forked from one parent that has imported the heavy libraries once."""

from __future__ import annotations

import json
import multiprocessing
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing import forkserver, resource_tracker
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from types import ModuleType
from typing import cast

from bifolio.errors import RunError
from bifolio.owner import owner
from bifolio.project import Project
from bifolio.provenance.witness import Commit
from bifolio.runner.executors.descendants import end_group
from bifolio.runner.executors.forked import PRELOAD, send_attempt
from bifolio.runner.executors.printed import PrintedLines
from bifolio.runner.interrupts import interrupts_held
from bifolio.runner.measuring.determinism import environment_of_runs, environment_set
from bifolio.runner.plan import Plan, check_environment
from bifolio.runner.task import Event, Measured, Outcome, Printed, Progress, Task

_PRELOADER = "bifolio.runner.executors.preload"
"""Named and not imported: it acts when it is imported."""
_MOMENT = 0.2  # seconds until it is looked again whether runs have printed something


@dataclass
class _Running:
    task: Task
    process: BaseProcess
    channel: Connection
    log: Path
    printed: PrintedLines | None
    ended: Measured | Outcome | None = None


class Forks:
    """One process a run on this machine, so that a crash takes nothing with it and no state leaks between runs.

    The server that is forked only imports: no torch operation starts threads and CUDA is not initialised in it, so its
    children may do both. (loky and concurrent.futures were tried: see the architecture page.)
    """

    def __init__(self, project: Project, plan: Plan, *, aloud: bool = False, logs: Path | None = None) -> None:
        """Begin to import what the plan needs, and wait for nothing; `aloud` lets what runs print be heard.

        `logs` is the folder of what they print, which is in the cache.

        Raises EnvironmentMismatch where the plan cannot run.
        """
        check_environment(project, plan)
        self._project = project
        self._aloud = aloud
        self._logs = logs or project.cache / "logs"
        self._running: dict[int, _Running] = {}
        """By slot, the lowest free one: a number that runs beside each other do not share."""
        reading = [("bifolio.results.reading", "read_record")] if any(task.needs for task in plan.tasks) else []
        asked = {"imports": [*plan.imports, *reading], "libraries": sorted(plan.libraries)}
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload([send_attempt.__module__, _PRELOADER])
        resource_tracker.ensure_running()  # it ends with letting interrupts through
        # The server and its runs inherit both: a terminal interrupts all, and the parent decides.
        with interrupts_held(), environment_set({**environment_of_runs(), PRELOAD: json.dumps(asked)}):
            forkserver.ensure_running()

    def start(self, task: Task, commit: Commit) -> None:
        """Start the process of a run."""
        slot = next(number for number in range(len(self._running) + 1) if number not in self._running)
        log = self._logs / f"{task.name.path.replace('/', '-').removesuffix('.json')}.log"
        if self._aloud:
            with suppress(OSError):
                log.unlink()  # what an earlier run printed is not what this one prints
        with interrupts_held():  # a process that nobody knows of would be stopped by nobody
            ours, theirs = self._context.Pipe(duplex=False)
            process = self._begin(task, (task, self._project, commit, slot, log, theirs, owner()))
            theirs.close()
            self._running[slot] = _Running(task, process, ours, log, PrintedLines(log) if self._aloud else None)

    def events(self) -> Iterator[Event]:
        """Yield one message of every run that has one, once any has; what they print meanwhile, every moment."""
        ready = set(wait([run.channel for run in self._running.values()], _MOMENT if self._aloud else None))
        for slot, run in [*self._running.items()]:
            yield from _printed(run)
            if run.channel in ready:
                try:
                    message = cast("float | Measured | Outcome", run.channel.recv())
                except (EOFError, ConnectionResetError):
                    del self._running[slot]
                    ended = _ended(run)
                    yield from _printed(run, ended=True)
                    yield ended
                    continue
                if isinstance(message, float):
                    yield Progress(run.task.name, message)
                else:
                    run.ended = message  # told once the process has ended, so that an exclusive run is alone

    def stop(self) -> None:
        """End the processes that still run."""
        for run in self._running.values():
            run.process.kill()  # it may not lead a group yet
            end_group(_number(run))
        for run in self._running.values():
            run.process.join()

    def _begin(self, task: Task, arguments: tuple[object, ...]) -> BaseProcess:
        """Start a process; one that declares variables is not forked, so that libraries see them when they load."""
        variables = task.declaration.variables
        begin = multiprocessing.get_context("spawn").Process if variables else self._context.Process
        process = begin(target=send_attempt, args=arguments)  # no daemon: those may have no children
        with environment_set(environment_of_runs(variables)), _without_script():
            process.start()
        return process


@contextmanager
def _without_script() -> Iterator[None]:
    """Hide the command's script, which multiprocessing would import anew in every process: a run needs none of it."""
    script = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = script


def _ended(run: _Running) -> Measured | Outcome:
    """Return what a run gave; a process that ended without a word is a run that failed."""
    run.process.join()
    end_group(_number(run))
    run.channel.close()
    if run.ended is not None:
        return run.ended
    code = run.process.exitcode or 0
    how = f"was killed by {_signal(-code)}" if code < 0 else f"ended with status {code}"
    where = run.task.declaration
    lost = RunError(f"the process of the run {how}").at(where.file, where.line)
    printed = _tail(run.log)
    return Outcome(run.task.name, "failed", str(lost), f"  it printed:\n{printed}" if printed.strip() else "")


def _signal(number: int) -> str:
    try:
        return f"signal {number} ({signal.Signals(number).name})"
    except ValueError:
        return f"signal {number}"


def _printed(run: _Running, *, ended: bool = False) -> Iterator[Printed]:
    for line in run.printed.new(ended=ended) if run.printed else ():
        yield Printed(run.task.name, line)


def _number(run: _Running) -> int:
    number = run.process.pid
    assert number is not None, "it was started"
    return number


def _tail(log: Path) -> str:
    with suppress(OSError):
        return log.read_text(encoding="utf-8", errors="replace")[-2000:]
    return ""
