"""Measures one run, in a process that does nothing else; what it gave is returned, and kept by another."""

from __future__ import annotations

import importlib
import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from types import ModuleType

from bifolio.authoring.needs import Need
from bifolio.authoring.recording import Recording
from bifolio.authoring.run import Run
from bifolio.errors import BifolioError, RecordError, SourceAbsent, UndeclaredError
from bifolio.owner import owner
from bifolio.project import Project
from bifolio.provenance.declaration import PACKAGE, RunName
from bifolio.provenance.quantities import quantity_of
from bifolio.provenance.uses import refuse_undeclared_uses
from bifolio.provenance.witness import Commit, Witness, peak_memory
from bifolio.results.freshness import consumed_digest
from bifolio.results.record import Result
from bifolio.results.store import encode_result, read_result
from bifolio.runner.measuring import surroundings
from bifolio.runner.measuring.determinism import choose_device, describe_device, seed_libraries
from bifolio.runner.measuring.failing import failure_of, raised_at
from bifolio.runner.measuring.guard import DECLARED, UNDECLARED, Guard
from bifolio.runner.measuring.importing import import_from_source
from bifolio.runner.measuring.unchanged import Unchanged
from bifolio.runner.measuring.view import View
from bifolio.runner.measuring.watching import watch
from bifolio.runner.missing_libraries import listed_libraries
from bifolio.runner.task import Measured, Outcome, Task, weights_folder, weights_part


def attempt(
    task: Task,
    project: Project,
    commit: Commit,
    slot: int,
    report: Callable[[float], None],
    owned_by: str | None = None,
) -> Measured | Outcome:
    """Return what one run gave, or why it gave nothing; `report` is told of its progress.

    `project` is the report as it lies on this machine: its code, its declared inputs, results and weights that are
    needed. `commit` is that of the report at home, where this may be a copy. `slot` numbers the runs in flight; on a
    machine with several GPUs it chooses the one to use. `owned_by` is the process that keeps the weights, if it is not
    this one. Raises what `report` raises of a channel that is closed.
    """
    started, process = time.perf_counter(), os.getpid()
    listed = listed_libraries(project)  # the run is not shown it
    try:
        os.chdir(project.root)  # so that a declared input is opened by the path that declares it
        surroundings.refuse_other_libraries(project, task.name.profile, task.environment)
        refuse_undeclared_uses(task.sources, task.declaration.uses)
        return _measured(task, project, commit, slot, report, owned_by or owner())
    except BrokenPipeError:
        raise
    except BaseException as error:
        if os.getpid() != process:  # one that the experiment forked ends as it wants to
            raise
        failure = failure_of(error, project, task.declaration, listed)
        kind = "skipped" if isinstance(error, SourceAbsent) and task.optional else "failed"
        trace, whole = ("", "") if isinstance(error, SourceAbsent) else (failure.trace, failure.whole)
    return Outcome(task.name, kind, failure.message, trace, whole, time.perf_counter() - started)


def _measured(
    task: Task, project: Project, commit: Commit, slot: int, report: Callable[[float], None], owned_by: str
) -> Measured:
    """Measure under the guard; weights of a run that fails are thrown away."""
    unchanged = Unchanged(project.root, task)
    unchanged.check_all()
    own = weights_part(project, task.fingerprint.digest, owned_by)
    guard, view = watch(task, project, own)
    consumed: dict[str, str] = {}
    kept: list[Path] = []
    began, date = time.perf_counter(), datetime.now(UTC)
    run = Run(
        task.name,
        device=task.device,
        exclusive=task.exclusive,
        reserved=tuple(task.declaration.variants),
        needs={
            f"{name.experiment}.{name.variant}": _handing(task, project, name, guard, consumed) for name in task.needs
        },
        weights=lambda: _fresh_folder(own, guard, view, kept),
        report=_sparingly(report),
        quantities=partial(quantity_of, task.declaration),
    )
    try:
        _call(task, project, run, guard, unchanged, slot)
        with guard.paused():
            unchanged.check_all()
            duration = time.perf_counter() - began
            witness = _witness(task, commit, date, duration)
            content = encode_result(_result(task, run.recorded, consumed, bool(kept), witness))
    except BaseException as error:
        with guard.paused():
            for folder in kept:
                shutil.rmtree(folder, ignore_errors=True)
            if not isinstance(error, BrokenPipeError):
                unchanged.check_all()  # an edit explains what else went wrong
                _refuse_hidden(error, view, project)
        raise
    return Measured(task.name, content, run.recorded.files, kept[0] if kept else None, duration)


def _call(task: Task, project: Project, run: Run, guard: Guard, unchanged: Unchanged, slot: int) -> None:
    """Call the experiment; raise what the guard caught even if the experiment swallowed it."""
    function, config = _load(task, project, unchanged)
    seed_libraries(task.name.seed, task.threads)
    choose_device(task.device, slot)
    function(config, run)
    if guard.caught is not None:
        raise guard.caught
    if not run.recorded:
        raise RecordError("the run recorded nothing", expected="run.value(...)").at(
            task.declaration.file, task.declaration.line
        )


def _witness(task: Task, commit: Commit, date: datetime, seconds: float) -> Witness:
    return Witness(
        commit=commit.name,
        dirty=commit.dirty,
        date=date.isoformat(timespec="seconds"),
        duration=round(seconds, 3),
        memory=peak_memory(),
        device=describe_device(task.device),
        machine=surroundings.machine(),
        versions=surroundings.versions(task.libraries),
    )


def _result(task: Task, recorded: Recording, consumed: dict[str, str], keeps_weights: bool, witness: Witness) -> Result:
    return Result(
        name=task.name,
        config=task.declaration.config(task.name.variant, task.name.profile),
        split=recorded.split,
        values=recorded.values,
        choices=recorded.choices,
        tables={name: table.table for name, table in recorded.tables.items()},
        samples=recorded.samples,
        images=recorded.images,
        diverged=recorded.diverged,
        consumed=consumed,
        keeps_weights=keeps_weights,
        fingerprint=task.fingerprint,
        witness=witness,
    )


def _load(task: Task, project: Project, unchanged: Unchanged) -> tuple[Callable[[object, Run], None], object]:
    """Import the experiment afresh and build its config."""
    import_from_source(project, unchanged.check_source)
    sys.path.insert(0, str(project.root))
    folder = project.experiments
    if not (folder / "__init__.py").exists():
        # Said aloud, because a package of this name with an __init__ anywhere on the path would be found instead.
        package = ModuleType(PACKAGE)
        package.__path__ = [str(folder)]
        sys.modules[PACKAGE] = package
    module = importlib.import_module(task.declaration.module)
    config = getattr(module, task.declaration.config_class)
    function: Callable[[object, Run], None] = getattr(module, task.name.experiment)
    return function, config(**task.declaration.config(task.name.variant, task.name.profile))


def _handing(task: Task, project: Project, name: RunName, guard: Guard, consumed: dict[str, str]) -> Callable[[], Need]:
    """Return what hands over a needed run when the experiment asks for it."""
    folder = weights_folder(project, task.needs[name])

    def consume(reference: str, number: float | int) -> None:
        consumed[reference] = consumed_digest(number)

    def hand_over() -> Need:
        guard.allow(folder)
        with guard.paused():
            return Need(name, read_result(project, name), folder, consume)

    return hand_over


@contextmanager
def _fresh_folder(folder: Path, guard: Guard, view: View, kept: list[Path]) -> Iterator[Path]:
    """Hand out a folder beside the one that the weights will be kept in."""
    if kept:
        raise RecordError("a run keeps its weights once")
    with guard.paused():
        view.make(folder)
    kept.append(folder)
    guard.allow(folder)
    yield folder


def _sparingly(report: Callable[[float], None]) -> Callable[[float], None]:
    """Return what reports progress by the percent: a loop of a million steps is told of a hundred times."""
    last = -1.0

    def tell(fraction: float) -> None:
        nonlocal last
        if abs(fraction - last) >= 0.01:
            last = fraction
            report(fraction)

    return tell


def _refuse_hidden(error: BaseException, view: View, project: Project) -> None:
    """Raise UndeclaredError if what went wrong is that a file was not shown to whoever read it."""
    file = None if isinstance(error, BifolioError) else view.hidden(str(error))
    if file is not None:
        place = raised_at(error, project)
        undeclared = UndeclaredError(UNDECLARED, found=file, expected=DECLARED)
        raise undeclared.at(*place) if place else undeclared
