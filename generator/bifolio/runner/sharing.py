"""Shares a plan with other commands in the same report: what another one is measuring, this one does not measure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from bifolio.errors import BifolioError
from bifolio.project import Project
from bifolio.results.store import read_checked, result_path
from bifolio.runner.locks import Locks
from bifolio.runner.task import Outcome, Task, weights_folder

Turn = Literal["ours", "theirs"] | Outcome
_Stamp = tuple[int, int] | None


class Sharing:
    """What was there when a plan was made, and what other commands have brought since."""

    def __init__(self, project: Project, tasks: Iterable[Task], locks: Locks) -> None:
        self._project = project
        self._locks = locks
        self._before = {task.name: self._stamp(task) for task in tasks}

    def turn(self, task: Task) -> Turn:
        """Return whose turn a run is: ours, theirs who measure it or want to be alone, or nobody's: its outcome."""
        if not self._locks.take(task):
            return "theirs"
        brought = self._brought(task)
        if brought is None:
            return "ours"
        self._locks.give_back(task)
        return brought

    def end(self, task: Task) -> None:
        """Say that a run of ours has ended, and is kept if it is to be."""
        self._locks.give_back(task)

    def _brought(self, task: Task) -> Outcome | None:
        """Return the outcome of a run that another command has measured since the plan was made."""
        if self._stamp(task) == self._before[task.name]:
            return None
        said = "by another command"
        if task.only_weights:
            return Outcome(task.name, "measured", said)
        path = result_path(self._project, task.name)
        try:
            data = read_checked(path, self._project.relative(path))
            if data["fingerprint"]["digest"] != task.fingerprint.digest:
                return None
            return Outcome(task.name, "measured", said, duration=float(data["witness"]["duration"]))
        except (BifolioError, KeyError, TypeError, ValueError):
            return None  # then it is ours to measure

    def _stamp(self, task: Task) -> _Stamp:
        """Return which file of its result there is, or folder of weights where only those are wanted."""
        only = task.only_weights
        path = weights_folder(self._project, task.fingerprint.digest) if only else result_path(self._project, task.name)
        try:
            status = path.stat()
        except OSError:
            return None
        return status.st_ino, status.st_mtime_ns
