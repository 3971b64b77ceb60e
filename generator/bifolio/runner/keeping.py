"""Keeps what runs measured: the one place that writes results, images and weights, in the process that was asked."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from bifolio.errors import BifolioError, StorageError
from bifolio.owner import is_left_behind, owner
from bifolio.project import Project
from bifolio.results.store import check_content, read_checked, remove_unused_images, result_path, write_content
from bifolio.runner.task import Measured, Outcome, Task, weights_folder, weights_part


def keep(project: Project, task: Task, measured: Measured) -> Outcome:
    """Store what a run gave; of a run that was repeated for its weights, only those."""
    message = ""
    try:
        if measured.weights is not None:
            _publish(measured.weights, weights_folder(project, task.fingerprint.digest))
        if task.only_weights:
            message = _compare(project, task, measured)
        else:
            write_content(project, task.name, measured.result, measured.images)
    except BifolioError as error:
        if measured.weights is not None:
            shutil.rmtree(measured.weights, ignore_errors=True)
        return Outcome(task.name, "failed", str(error), duration=measured.duration)
    return Outcome(task.name, "measured", message, duration=measured.duration)


def discard_weights(project: Project, task: Task) -> None:
    """Delete what a run of this process wrote of its weights before it failed."""
    shutil.rmtree(weights_part(project, task.fingerprint.digest, owner()), ignore_errors=True)


def remove_leftovers(project: Project, tasks: Iterable[Task]) -> None:
    """Delete what a command that was killed was about to write; what others are writing stays."""
    for folder in {result_path(project, task.name).parent for task in tasks} | {project.weights, project.cache}:
        for part in folder.glob(".*.part") if folder.is_dir() else ():
            if not is_left_behind(part.name):
                continue
            if part.is_dir():
                shutil.rmtree(part, ignore_errors=True)
            else:
                part.unlink(missing_ok=True)


def remove_unused(project: Project, tasks: Iterable[Task]) -> None:
    """Delete images that no result of these experiments names any more."""
    for experiment, profile in sorted({(task.name.experiment, task.name.profile) for task in tasks}):
        with suppress(BifolioError):  # a bad neighbour is `status`'s business
            remove_unused_images(project, experiment, profile)


def _publish(folder: Path, place: Path) -> None:
    try:
        shutil.rmtree(place, ignore_errors=True)
        folder.rename(place)
    except OSError as error:
        raise StorageError(f"the weights cannot be kept: {error.strerror}", file=place) from error


def _compare(project: Project, task: Task, measured: Measured) -> str:
    """Say whether a run that was repeated for its weights measured what is stored."""
    path = result_path(project, task.name)
    file = project.relative(path)
    stored, again = read_checked(path, file)["values"], check_content(measured.result, file)["values"]
    same = all(value["timing"] or stored.get(name) == value for name, value in again.items())
    return "" if same else f"trained again for its weights; its numbers differ from {path}"
