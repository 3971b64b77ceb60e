"""What happens inside a forked process: it attempts one run and sends what comes of it to its parent."""

from __future__ import annotations

import io
import os
import shutil
import sys
from multiprocessing.connection import Connection
from pathlib import Path

from bifolio.errors import StorageError
from bifolio.project import Project
from bifolio.provenance.witness import Commit
from bifolio.runner.executors.descendants import end_children, lead
from bifolio.runner.task import Measured, Outcome, Task

PRELOAD = "BIFOLIO_PRELOAD"
"""The environment variable that tells `preload` what to import, and whose versions to read."""


def send_attempt(
    task: Task, project: Project, commit: Commit, slot: int, log: Path, channel: Connection, owned_by: str
) -> None:
    """Attempt a run; send progress as floats and, last, what it gave. The entry point of a process."""
    from bifolio.runner.measuring.worker import attempt  # the parent, which names this function, measures nothing

    lead(channel)
    ended: Measured | Outcome | None = None
    # A parent that is gone closes the channel; there is then nobody to work for.
    try:
        ended = _cannot_print(task, log) or attempt(task, project, commit, slot, channel.send, owned_by)
        channel.send(ended)
        end_children()
    except BrokenPipeError:
        if isinstance(ended, Measured) and ended.weights:
            shutil.rmtree(ended.weights, ignore_errors=True)
        os._exit(1)


def _cannot_print(task: Task, log: Path) -> Outcome | None:
    """Send what the experiment prints, and what a crash prints, to a file: the terminal shows progress."""
    try:
        log.parent.mkdir(parents=True, exist_ok=True)
        target = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
    except OSError as error:
        return Outcome(task.name, "failed", str(StorageError(f"it has no log: {error.strerror}", file=log)))
    sys.stdout.flush()
    sys.stderr.flush()
    os.dup2(target, 1)
    os.dup2(target, 2)
    os.close(target)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(line_buffering=True)  # whoever reads along sees a line when it is printed
    return None
