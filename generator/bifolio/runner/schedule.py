"""The order of a plan's runs: which may start next, and which cannot be measured any more.

Choosing costs the same however many wait: a run is looked at when it is planned, when the last of its needs ends, and
when it starts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from heapq import heappop, heappush

from bifolio.provenance.declaration import RunName
from bifolio.runner.task import Outcome, Task


class Schedule:
    """Tasks that wait, run or have ended; at most `jobs` run at a time, and an exclusive one runs alone."""

    def __init__(self, tasks: Iterable[Task], jobs: int) -> None:
        """Take tasks in an order in which what is needed comes first."""
        self._tasks = tuple(tasks)
        self._jobs = jobs
        self._place = {task.name: place for place, task in enumerate(self._tasks)}
        self._waiting = set(self._place)
        self._running: dict[RunName, Task] = {}
        self._kinds: dict[RunName, str] = {}
        """How those that have ended did."""
        self._aside: list[Task] = []
        self._unmet = {task.name: sum(need in self._place for need in task.needs) for task in self._tasks}
        self._dependents: dict[RunName, list[Task]] = defaultdict(list)
        self._alike: dict[tuple[str, str, str], list[Task]] = defaultdict(list)
        # Places in the plan of the tasks that miss nothing, lowest first; by whether they want to be alone.
        self._able: dict[bool, list[int]] = {False: [], True: []}
        for task in self._tasks:
            self._alike[_variant(task.name)].append(task)
            for need in task.needs:
                self._dependents[need].append(task)
            self._offer(task)

    @property
    def unfinished(self) -> bool:
        """Tell whether something waits or runs."""
        return bool(self._waiting or self._running or self._aside)

    @property
    def idle(self) -> bool:
        """Tell whether nothing runs."""
        return not self._running

    def start(self) -> Task | None:
        """Return the task that is to start now, the first in order; None while nothing may start."""
        if len(self._running) >= self._jobs or any(task.exclusive for task in self._running.values()):
            return None
        task = self._first(exclusive=False) or (None if self._running else self._first(exclusive=True))
        if task is not None:
            heappop(self._able[task.exclusive])
            self._waiting.remove(task.name)
            self._running[task.name] = task
        return task

    def set_aside(self, task: Task) -> None:
        """Note that a task that was to start now cannot: another command has it, or wants to be alone."""
        del self._running[task.name]
        self._aside.append(task)

    def take_up(self) -> bool:
        """Let the tasks that were set aside start again; return whether there were any."""
        tasks, self._aside = self._aside, []
        for task in tasks:
            self._waiting.add(task.name)
            self._offer(task)
        return bool(tasks)

    def end(self, outcome: Outcome) -> list[Outcome]:
        """Note how a running task ended; return the outcomes of those that are given up because of it.

        Other seeds of a variant whose source is absent are skipped without a word, since one seed said why. What needs
        a run that was not measured fails, or is skipped as that one was if it is optional; so does what needs those.
        """
        del self._running[outcome.name]
        skipped = self._alike[_variant(outcome.name)] if outcome.kind == "skipped" else ()
        alike = [Outcome(task.name, "skipped") for task in skipped if task.name in self._waiting]
        self._waiting.difference_update(other.name for other in alike)
        lost: list[int] = []
        for ended in (outcome, *alike):
            self._settle(ended, lost)
        given_up = []
        while lost:
            task = self._tasks[heappop(lost)]
            if task.name in self._waiting:
                given_up.append(self._give_up(task))
                self._settle(given_up[-1], lost)
        return [*alike, *given_up]

    def _settle(self, outcome: Outcome, lost: list[int]) -> None:
        """Tell those that need a run how it ended; push the places of those that are lost by it."""
        self._kinds[outcome.name] = outcome.kind
        for task in self._dependents.pop(outcome.name, ()):
            self._unmet[task.name] -= 1
            if outcome.kind == "measured":
                self._offer(task)
            else:
                heappush(lost, self._place[task.name])

    def _give_up(self, task: Task) -> Outcome:
        self._waiting.remove(task.name)
        need = next(need for need in task.needs if self._kinds.get(need, "measured") != "measured")
        kind = "skipped" if task.optional and self._kinds[need] == "skipped" else "failed"
        return Outcome(task.name, kind, f"it needs {need}, which was not measured")

    def _offer(self, task: Task) -> None:
        """Let a task start if it misses nothing."""
        if not self._unmet[task.name] and task.name in self._waiting:
            heappush(self._able[task.exclusive], self._place[task.name])

    def _first(self, *, exclusive: bool) -> Task | None:
        """Return the first task that may start; those that were given up meanwhile are dropped."""
        able = self._able[exclusive]
        while able and self._tasks[able[0]].name not in self._waiting:
            heappop(able)
        return self._tasks[able[0]] if able else None


def _variant(name: RunName) -> tuple[str, str, str]:
    return name.experiment, name.profile, name.variant
