"""What a run starts ends with it: pools of processes, workers of loaders, programs."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from contextlib import suppress
from functools import partial
from multiprocessing.connection import Connection

_WHEN_PARENT_DIES = 1  # PR_SET_PDEATHSIG of prctl(2)


def lead(channel: Connection) -> None:
    """Make this process the first of a group, which ends when whoever started it is gone.

    `channel` leads to the parent; forked children do without it, or it would stay open for as long as they live.
    """
    os.setpgid(0, 0)
    signal.signal(signal.SIGHUP, _end_own)
    _end_with_parent(signal.SIGHUP)
    forked_by: list[threading.Thread] = []
    os.register_at_fork(
        before=lambda: forked_by.append(threading.current_thread()),
        after_in_parent=forked_by.clear,
        after_in_child=partial(_follow, channel, threading.main_thread(), forked_by),
    )


def end_children() -> None:
    """End the processes that this one started through multiprocessing: at its end Python would wait for them."""
    for child in multiprocessing.active_children():
        child.kill()


def end_group(leader: int) -> None:
    """End all that is left of a run's group, by the number of its first process."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGKILL)


def _end_own(number: int, frame: object) -> None:
    os.killpg(0, signal.SIGKILL)


def _follow(channel: Connection, main: threading.Thread, forked_by: list[threading.Thread]) -> None:
    """Arrange what a forked child of a run needs."""
    channel.close()
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    if forked_by[-1:] == [main]:  # to the kernel the parent is a thread, and others than the first may end before
        _end_with_parent(signal.SIGKILL)


def _end_with_parent(number: int) -> None:
    """Have the system send this process a signal when its parent is gone; systems other than Linux cannot."""
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(_WHEN_PARENT_DIES, int(number), 0, 0, 0)
