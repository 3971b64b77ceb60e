"""What commands in one report tell each other: who measures which run, and whether anything may run beside it.

A lock is on a byte of one file (fcntl(2)): the system takes it back when the process that has it ends, however it ends,
and no child inherits it.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager

from bifolio.project import Project
from bifolio.results.store import result_path
from bifolio.runner.task import Task

_FILE = "locks"
_WITHOUT_LOCKS = {errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP, errno.EINVAL}
"""How a disk says that it knows no locks, as some of clusters do."""
_BESIDE, _WRITING, _FIRST_RUN = 0, 1, 2


class Locks:
    """The locks of one execution; a process has one at a time, for closing the file lets go of all."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._descriptor = _open(project)
        """None where the disk takes no file: then this command is alone, for it cannot keep anything either."""
        self._measuring: set[int] = set()

    def take(self, task: Task) -> bool:
        """Take a run for this command, and the machine if it is to be alone; return whether nobody else has them."""
        place = self._place(task)
        if not self._try(_BESIDE, exclusive=task.exclusive):
            return False
        if not self._try(place, exclusive=True):
            self._rest()
            return False
        self._measuring.add(place)
        return True

    def give_back(self, task: Task) -> None:
        """Let others have a run: it was kept, or it failed."""
        place = self._place(task)
        self._measuring.discard(place)
        self._free(place)
        self._rest()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Let no other command keep or clean results for a moment."""
        self._lock(_WRITING, fcntl.LOCK_EX)
        try:
            yield
        finally:
            self._free(_WRITING)

    def close(self) -> None:
        """Let go of everything."""
        if self._descriptor is not None:
            os.close(self._descriptor)

    def _try(self, place: int, *, exclusive: bool) -> bool:
        try:
            self._lock(place, (fcntl.LOCK_EX if exclusive else fcntl.LOCK_SH) | fcntl.LOCK_NB)
        except (BlockingIOError, PermissionError):  # fcntl(2): EAGAIN or EACCES
            return False
        return True

    def _lock(self, place: int, kind: int) -> None:
        """Lock or unlock a byte, on a disk that knows locks."""
        if self._descriptor is None:
            return
        try:
            fcntl.lockf(self._descriptor, kind, 1, place)
        except OSError as error:
            if error.errno not in _WITHOUT_LOCKS:
                raise

    def _rest(self) -> None:
        """Let exclusive runs of others begin, once this command measures nothing."""
        if not self._measuring:
            self._free(_BESIDE)

    def _free(self, place: int) -> None:
        self._lock(place, fcntl.LOCK_UN)

    def _place(self, task: Task) -> int:
        """Return the byte that stands for a run's result: where it is stored counts, for reproductions lie apart."""
        name = self._project.relative(result_path(self._project, task.name))
        return _FIRST_RUN + int.from_bytes(hashlib.sha256(name.encode()).digest()[:7])


@contextmanager
def writing_alone(project: Project) -> Iterator[None]:
    """Let no other command keep or clean results for a moment; not for use while runs are executed."""
    locks = Locks(project)
    try:
        with locks.writing():
            yield
    finally:
        locks.close()


def _open(project: Project) -> int | None:
    path = project.cache / _FILE
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError:
        return None
