"""Puts a run under guard: what it may read is what it is shown, and what it asks for is heard."""

from __future__ import annotations

import os
from pathlib import Path

from bifolio.project import Project
from bifolio.results.store import result_path
from bifolio.runner.measuring.guard import Guard
from bifolio.runner.measuring.readers import let_readers_tell
from bifolio.runner.measuring.view import View
from bifolio.runner.task import Task, weights_folder

_PREPARED = ("BIFOLIO_DATA", "HF_HOME", "HF_HUB_CACHE", "TORCH_HOME")
"""Environment variables that name folders of prepared data sets and models, which are checked as they are read."""


def watch(task: Task, project: Project, own: Path) -> tuple[Guard, View]:
    """Begin to watch this process, until it ends; `own` is a folder that it may make for its weights."""
    guard, view = Guard(project.root, task.readable, task.declaration.uses), View(project.root)
    for variable in _PREPARED:
        if folder := os.environ.get(variable):
            guard.allow(Path(folder))
    shown = [*map(Path, guard.free), *(weights_folder(project, digest) for digest in task.needs.values())]
    results = [result_path(project, need) for need in task.needs]
    hidden = view.narrow(
        (*task.readable, *(os.path.relpath(file, project.root) for file in results if _is_inside(file, project))),
        (os.path.relpath(folder, project.root) for folder in shown if _is_inside(folder, project)),
        own,
    )
    guard.exists = view.exists
    if not hidden:
        let_readers_tell()
    guard.install()
    return guard, view


def _is_inside(path: Path, project: Project) -> bool:
    return path.is_relative_to(project.root)
