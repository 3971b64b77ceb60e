"""The order of runs: what is needed first, shared before exclusive, and as cheap to choose from 10,000 as from 50."""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator, Mapping, Sequence
from types import FrameType
from typing import Any

import pytest
from bifolio.provenance.declaration import Declaration, RunName, VariantDeclaration
from bifolio.provenance.fingerprint import Fingerprint
from bifolio.runner import schedule as module
from bifolio.runner.schedule import Schedule
from bifolio.runner.task import Outcome, Task
from hypothesis import given
from hypothesis import strategies as st

Told = list[tuple[str, RunName, str]]


def task(experiment: str, variant: str, seed: int, needs: Sequence[RunName], exclusive: bool, optional: bool) -> Task:
    """Return a task of which only what orders it is real."""
    declaration = Declaration(
        name=experiment,
        question="",
        file=f"experiments/{experiment}.py",
        line=1,
        seeds=None,
        config_class="Config",
        defaults={},
        variants={variant: VariantDeclaration({}, optional)},
        sizes={},
        needs=(),
        inputs=(),
        exclusive=exclusive,
        threads=None,
    )
    return Task(
        name=RunName(experiment, "cpu", variant, seed),
        declaration=declaration,
        fingerprint=Fingerprint("", {}),
        threads=1,
        device="cpu",
        needs=dict.fromkeys(needs, ""),
        sources=(),
        libraries=frozenset(),
        reason="",
        only_weights=False,
    )


@st.composite
def plans(draw: st.DrawFn) -> list[Task]:
    """Return tasks in an order in which what is needed comes first; some need runs that are not planned."""
    drawn = draw(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 1), st.integers(0, 3)), unique=True, max_size=20))
    exclusive = draw(st.lists(st.booleans(), min_size=4, max_size=4))
    planned: list[Task] = []
    for experiment, variant, seed in drawn:
        known = [RunName("fresh", "cpu", "v0", 0), *(other.name for other in planned)]
        needs = draw(st.lists(st.sampled_from(known), unique=True, max_size=3))
        planned.append(task(f"e{experiment}", f"v{variant}", seed, needs, exclusive[experiment], variant == 1))
    return planned


def played(steps: Iterator[Task | Outcome], running: list[Task]) -> Told:
    """Return what starts and what is given up, in order."""
    told: Told = []
    for step in steps:
        if isinstance(step, Task):
            running.append(step)
            told.append(("start", step.name, ""))
        else:
            told.append((step.kind, step.name, step.message))
    return told


def ending(running: list[Task], fate: random.Random) -> Outcome:
    """End one of the runs in flight, somehow."""
    ended = running.pop(fate.randrange(len(running)))
    kinds = ["measured", "measured", "failed", *(["skipped"] if ended.optional else [])]
    return Outcome(ended.name, fate.choice(kinds))


def by_schedule(tasks: list[Task], jobs: int, fate: random.Random) -> Told:
    schedule, running, told = Schedule(tasks, jobs), list[Task](), Told()
    while schedule.unfinished:
        told += played(iter(schedule.start, None), running)
        told += played(iter(schedule.end(ending(running, fate))), running)
    return told


def by_scanning(tasks: list[Task], jobs: int, fate: random.Random) -> Told:
    """Do it as plainly as it can be said: by looking at every task that waits, every time."""
    waiting, running, told = list(tasks), list[Task](), Told()
    kinds: dict[RunName, str] = {}
    planned = {task.name for task in tasks}

    def starting() -> Iterator[Task]:
        while len(running) < jobs and not any(task.exclusive for task in running):
            able = [task for task in waiting if all(need in kinds for need in task.needs if need in planned)]
            shared = [task for task in able if not task.exclusive]
            if not shared and (running or not able):
                return
            waiting.remove(first := (shared or able)[0])
            yield first

    def giving_up(ended: Outcome) -> Iterator[Outcome]:
        for task in [*waiting]:
            if ended.kind == "skipped" and task.name.path.rpartition("/")[0] == ended.name.path.rpartition("/")[0]:
                waiting.remove(task)
                kinds[task.name] = "skipped"
                yield Outcome(task.name, "skipped")
        while lost := [(t, n) for t in waiting for n in t.needs if kinds.get(n, "measured") != "measured"]:
            task, need = lost[0]
            waiting.remove(task)
            kinds[task.name] = "skipped" if task.optional and kinds[need] == "skipped" else "failed"
            yield Outcome(task.name, kinds[task.name], f"it needs {need}, which was not measured")

    while waiting or running:
        told += played(starting(), running)
        ended = ending(running, fate)
        kinds[ended.name] = ended.kind
        told += played(giving_up(ended), running)
    return told


@given(plans(), st.integers(1, 4), st.integers(0, 2**32))
def test_the_order_is_that_of_looking_at_everything_every_time(tasks: list[Task], jobs: int, fate: int) -> None:
    told = by_schedule(tasks, jobs, random.Random(fate))
    assert told == by_scanning(tasks, jobs, random.Random(fate))
    assert sorted(str(name) for _, name, _ in told) == sorted(str(task.name) for task in tasks)


def among_many(count: int) -> list[Task]:
    """Return five pairs of tasks of which one needs the other; half of the many others come earlier and wait."""
    many = range((count - 10) // 2)
    planned = [task("alone", "v0", seed, (), exclusive=True, optional=False) for seed in many]
    for seed in range(5):
        first = task("up", "v0", seed, (), exclusive=False, optional=True)
        planned += [first, task(f"down{seed}", "v0", seed, [first.name], exclusive=False, optional=False)]
    return [*planned, *(task("other", "v0", seed, (), exclusive=False, optional=False) for seed in many)]


def steps_of_choosing(monkeypatch: pytest.MonkeyPatch, count: int, kinds: Mapping[int, str]) -> list[int]:
    """Return how many lines of the schedule, comparisons of tasks and hashes of names each choice and ending takes."""
    steps = [0]

    def trace(frame: FrameType, event: str, _: Any) -> Any:
        steps[0] += event == "line"
        return trace if frame.f_code.co_filename == module.__file__ else None

    def counted(method: Any) -> Any:
        def counting(*arguments: Any) -> Any:
            steps[0] += 1
            return method(*arguments)

        return counting

    schedule, running, taken = Schedule(among_many(count), jobs=2), list[Task](), list[int]()
    with monkeypatch.context() as patch:
        for kind in (Task, RunName):
            patch.setattr(kind, "__eq__", counted(kind.__eq__))
        patch.setattr(RunName, "__hash__", counted(RunName.__hash__))
        before = sys.gettrace()
        sys.settrace(trace)
        try:
            for number in range(4):
                steps[0] = 0
                while chosen := schedule.start():
                    running.append(chosen)
                schedule.end(Outcome(running.pop(0).name, kinds.get(number, "measured")))
                taken.append(steps[0])
        finally:
            sys.settrace(before)
    return taken


@pytest.mark.parametrize("kinds", [{}, {2: "failed"}])
def test_choosing_from_many_costs_what_it_costs_from_few(
    monkeypatch: pytest.MonkeyPatch, kinds: Mapping[int, str]
) -> None:
    few, many = (steps_of_choosing(monkeypatch, count, kinds) for count in (50, 10_000))
    assert few == many
    assert max(few) < 200
