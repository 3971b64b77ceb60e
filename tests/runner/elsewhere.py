"""An executor of its own: every task runs under another root folder, while the report's own folder is out of reach.

What a task needs is copied there and what it gave is copied back, as between machines. Run as a script it is the other
machine.
"""

from __future__ import annotations

import os
import pickle
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from bifolio.project import Project, Store, find_project
from bifolio.provenance.witness import Commit
from bifolio.results.store import result_path
from bifolio.runner.measuring.determinism import environment_of_runs
from bifolio.runner.measuring.worker import attempt
from bifolio.runner.plan import Plan
from bifolio.runner.task import Event, Measured, Outcome, Progress, Task, weights_folder


class Elsewhere:
    """One task at a time, each in a process that knows nothing of the report but what its task names."""

    def __init__(self, project: Project, plan: Plan, *, folder: Path, pythonpath: str = "") -> None:
        self._project = project
        root = folder / "there"
        self._there = replace(project, root=root, store=shipped(root))
        self._hidden = folder / "hidden"
        self._pythonpath = os.pathsep.join(filter(None, (pythonpath, os.environ.get("PYTHONPATH", ""))))
        self._started: list[tuple[Task, Commit]] = []

    def start(self, task: Task, commit: Commit) -> None:
        self._started.append((task, commit))

    def events(self) -> Iterator[Event]:
        task, commit = self._started.pop(0)
        self._send(task)
        order = pickle.dumps((task, commit, self._there.root))
        environment = {**environment_of_runs(task.declaration.variables), "PYTHONPATH": self._pythonpath}
        self._project.root.rename(self._hidden)
        try:
            ended = subprocess.run(
                [sys.executable, __file__], input=order, stdout=subprocess.PIPE, env=environment, cwd="/", check=True
            )
        finally:
            self._hidden.rename(self._project.root)
        fractions, gave, weights = pickle.loads(ended.stdout)
        yield from (Progress(task.name, fraction) for fraction in fractions)
        yield replace(gave, weights=self._brought(task, weights)) if isinstance(gave, Measured) and weights else gave

    def stop(self) -> None:
        self._started.clear()

    def _send(self, task: Task) -> None:
        """Copy what a task names into an empty folder: settings, files of the report, needed results and weights."""
        here, there = self._project, self._there
        shutil.rmtree(there.root, ignore_errors=True)
        pairs = [(here.root / file, there.root / file) for file in ("pyproject.toml", *sorted(task.readable))]
        pairs += [(result_path(here, need), result_path(there, need)) for need in task.needs]
        for source, target in pairs:
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)
        for digest in task.needs.values():
            if weights_folder(here, digest).is_dir():
                shutil.copytree(weights_folder(here, digest), weights_folder(there, digest))

    def _brought(self, task: Task, weights: Mapping[str, bytes]) -> Path:
        """Write weights beside the place where the report keeps them."""
        place = weights_folder(self._project, task.fingerprint.digest)
        folder = place.with_name(f".{place.name}.elsewhere.part")
        for name, content in weights.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(content)
        return folder


def shipped(root: Path) -> Store:
    """Return where needed results and weights lie on the other machine."""
    return Store(root / "shipped" / "results", root / "shipped" / "weights")


def main() -> None:
    """Attempt the task that is told by the standard input; tell what came of it on the standard output."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what the experiment prints is no answer
    task, commit, root = pickle.load(sys.stdin.buffer)
    project = replace(find_project(root), store=shipped(root))
    fractions: list[float] = []
    gave: Measured | Outcome = attempt(task, project, commit, 0, fractions.append)
    weights: dict[str, bytes] = {}
    if isinstance(gave, Measured) and gave.weights is not None:
        files = (path for path in gave.weights.rglob("*") if path.is_file())
        weights = {path.relative_to(gave.weights).as_posix(): path.read_bytes() for path in files}
    answers.write(pickle.dumps((fractions, gave, weights)))


if __name__ == "__main__":
    main()
