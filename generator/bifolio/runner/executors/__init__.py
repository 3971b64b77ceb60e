"""Where tasks are executed: the interface that every way of doing it has."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from bifolio.provenance.witness import Commit
from bifolio.runner.task import Event, Task


class Executor(Protocol):
    """Executes tasks somewhere. It decides no order and keeps no result; it brings home what runs gave.

    What a task needs has been kept by the project when it is started. Weights that came home lie beside their final
    place; `Measured` and `Outcome` are the last that is heard of a run.
    """

    def start(self, task: Task, commit: Commit) -> None:
        """Begin to execute a task of the report at a commit, at once."""

    def events(self) -> Iterator[Event]:
        """Wait until something is heard of the tasks in flight, and yield it."""

    def stop(self) -> None:
        """End the tasks in flight and whatever was begun for them; what they were writing stays unnamed."""
