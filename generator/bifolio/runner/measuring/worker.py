"""Executes one run in a process of its own and stores its result."""

from __future__ import annotations

import importlib
import os
import shutil
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from types import ModuleType

from bifolio.authoring.needs import Need
from bifolio.authoring.recording import Recorded
from bifolio.authoring.run import Run
from bifolio.errors import BifolioError, EnvironmentMismatch, RecordError, SourceAbsent, StorageError
from bifolio.provenance.declaration import PACKAGE, RunName
from bifolio.provenance.quantities import quantity_of
from bifolio.provenance.witness import Surroundings, Witness, peak_memory
from bifolio.results.freshness import consumed_digest
from bifolio.results.record import Result
from bifolio.results.store import read_result, result_path, write_result
from bifolio.runner.cure import cure
from bifolio.runner.measuring.determinism import choose_device, describe_device, seed_libraries
from bifolio.runner.measuring.guard import Guard
from bifolio.runner.measuring.importing import import_from_source
from bifolio.runner.task import Outcome, Task


def execute(task: Task, surroundings: Surroundings, slot: int, log: Path, channel: Connection) -> None:
    """Run one task; send progress as floats and, last, its Outcome. The entry point of a worker process.

    `slot` numbers the runs in flight; on a machine with several GPUs it chooses the one to use.
    """
    started = time.perf_counter()
    # A parent that is gone closes the channel; there is then nobody to work for.
    try:
        _write_output_to(log)
        os.chdir(task.project.root)  # so that a declared input is opened by the path that declares it
        outcome = _execute(task, surroundings, slot, channel.send)
    except BrokenPipeError:
        os._exit(1)
    except SourceAbsent as error:
        outcome = Outcome(task.name, "skipped" if task.optional else "failed", str(error))
    except BifolioError as error:
        outcome = Outcome(task.name, "failed", str(error), traceback.format_exc())
    except MemoryError:
        outcome = Outcome(task.name, "failed", "out of memory", traceback.format_exc())
    except Exception as error:
        outcome = _failed(error, task)
    duration = time.perf_counter() - started
    channel.send(Outcome(outcome.name, outcome.kind, outcome.message, outcome.trace, duration))


def _execute(task: Task, surroundings: Surroundings, slot: int, report: Callable[[float], None]) -> Outcome:
    """Measure under the guard, then store; weights of a run that fails are thrown away."""
    guard = Guard(task.project.root, task.readable)
    guard.install()
    consumed: dict[str, str] = {}
    kept: list[Path] = []
    began, date = time.perf_counter(), datetime.now(UTC)
    run = Run(
        task.name,
        device=task.device,
        exclusive=task.declaration.exclusive,
        reserved=tuple(task.declaration.variants),
        needs={f"{name.experiment}.{name.variant}": _handing(task, name, guard, consumed) for name in task.needs},
        weights=lambda: _fresh_folder(task, guard, kept),
        report=report,
        quantities=partial(quantity_of, task.declaration),
    )
    try:
        _measure(task, run, guard, slot)
    except BaseException:
        for folder in kept:
            shutil.rmtree(folder, ignore_errors=True)
        raise
    with guard.paused():
        witness = _witness(task, surroundings, date, time.perf_counter() - began)
        return _keep(task, _result(task, run.recorded, consumed, bool(kept), witness), run.recorded.files, kept)


def _measure(task: Task, run: Run, guard: Guard, slot: int) -> None:
    """Call the experiment; raise what the guard caught even if the experiment swallowed it."""
    function, config = _load(task)
    seed_libraries(task.name.seed, task.threads)
    choose_device(task.device, slot)
    function(config, run)
    if guard.caught is not None:
        raise guard.caught
    if not run.recorded.names and run.recorded.diverged is None:
        raise RecordError("the run recorded nothing", expected="run.value(...)").at(
            task.declaration.file, task.declaration.line
        )


def _witness(task: Task, surroundings: Surroundings, date: datetime, seconds: float) -> Witness:
    known = surroundings.versions
    return Witness(
        commit=surroundings.commit,
        dirty=surroundings.dirty,
        date=date.isoformat(timespec="seconds"),
        duration=round(seconds, 3),
        memory=peak_memory(),
        device=describe_device(task.device),
        machine=surroundings.machine,
        versions={library: known[library] for library in sorted(task.libraries & {*known})},
    )


def _result(task: Task, recorded: Recorded, consumed: dict[str, str], keeps_weights: bool, witness: Witness) -> Result:
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


def _keep(task: Task, result: Result, images: dict[str, bytes], weights: list[Path]) -> Outcome:
    """Store what was measured; of a run that was repeated for its weights, only those."""
    for folder in weights:
        _publish(folder, task.weights)
    if task.only_weights:
        return Outcome(task.name, "measured", _compare(task, result))
    write_result(task.project, result, images)
    return Outcome(task.name, "measured")


def _load(task: Task) -> tuple[Callable[[object, Run], None], object]:
    """Import the experiment afresh and build its config."""
    import_from_source(task.project)
    sys.path.insert(0, str(task.project.root))
    folder = task.project.experiments
    if not (folder / "__init__.py").exists():
        # Said aloud, because a package of this name with an __init__ anywhere on the path would be found instead.
        package = ModuleType(PACKAGE)
        package.__path__ = [str(folder)]
        sys.modules[PACKAGE] = package
    module = importlib.import_module(task.declaration.module)
    config = getattr(module, task.declaration.config_class)
    function: Callable[[object, Run], None] = getattr(module, task.name.experiment)
    return function, config(**task.declaration.config(task.name.variant, task.name.profile))


def _handing(task: Task, name: RunName, guard: Guard, consumed: dict[str, str]) -> Callable[[], Need]:
    """Return what hands over a needed run when the experiment asks for it."""

    def consume(reference: str, number: float | int) -> None:
        consumed[reference] = consumed_digest(number)

    def hand_over() -> Need:
        guard.allow(task.needs[name])
        with guard.paused():
            return Need(name, read_result(task.project, name), task.needs[name], consume)

    return hand_over


@contextmanager
def _fresh_folder(task: Task, guard: Guard, kept: list[Path]) -> Iterator[Path]:
    folder = task.weights.with_name(f".{task.weights.name}.{os.getpid()}.part")
    if kept:
        raise RecordError("a run keeps its weights once")
    with guard.paused():
        folder.mkdir(parents=True)
    kept.append(folder)
    guard.allow(folder)
    yield folder


def _publish(folder: Path, place: Path) -> None:
    try:
        shutil.rmtree(place, ignore_errors=True)
        folder.rename(place)
    except OSError as error:
        raise StorageError(f"the weights cannot be kept: {error.strerror}", file=place) from error


def _compare(task: Task, result: Result) -> str:
    """Say whether a run that was repeated for its weights measured what is stored."""
    stored = read_result(task.project, task.name)
    same = all(stored.values.get(name) == value or value.timing for name, value in result.values.items())
    return (
        "" if same else f"trained again for its weights; its numbers differ from {result_path(task.project, task.name)}"
    )


def _failed(error: Exception, task: Task) -> Outcome:
    """Say what the experiment raised, and at which line of its own; a library that is absent needs no trace."""
    place = _raised_at(error, task)
    if isinstance(error, ModuleNotFoundError) and error.name and error.name.partition(".")[0] != PACKAGE:
        absent = EnvironmentMismatch(
            "the experiment imports a library that is not installed",
            found=error.name,
            expected=cure(task.project, [error.name.partition(".")[0]]),
        )
        return Outcome(task.name, "failed", str(absent.at(*place) if place else absent))
    where = f"{place[0]}:{place[1]}: " if place else ""
    return Outcome(task.name, "failed", f"{where}{type(error).__name__}: {error}", traceback.format_exc())


def _raised_at(error: BaseException, task: Task) -> tuple[str, int | None] | None:
    """Return file and line of the innermost line of the report's own code that an exception passed through."""
    experiments = str(task.project.experiments)
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename.startswith(experiments)]
    return (task.project.relative(Path(frames[-1].filename)), frames[-1].lineno) if frames else None


def _write_output_to(log: Path) -> None:
    """Send what the experiment prints, and what a crash prints, to a file: the terminal shows progress."""
    log.parent.mkdir(parents=True, exist_ok=True)
    target = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
    sys.stdout.flush()
    sys.stderr.flush()
    os.dup2(target, 1)
    os.dup2(target, 2)
    os.close(target)
