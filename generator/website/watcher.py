"""Calls a function once after each burst of changes below some folders."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable
from pathlib import Path

from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer

_SETTLED = 0.15
"""Seconds without a further change after which a burst is over: an editor saves in several steps."""
# What is merely read is reported too, and the function reads what it renders.
_KINDS = {"created", "modified", "deleted", "moved"}


def watch(folders: Iterable[Path], act: Callable[[], None], *, settled: float = _SETTLED) -> Callable[[], None]:
    """Call `act` in a thread of its own after each burst of changes; return the function that ends the watch."""
    changed, ended = threading.Event(), threading.Event()
    observer = Observer()
    for folder in folders:
        if folder.is_dir():
            observer.schedule(_Handler(changed), str(folder), recursive=True)

    def loop() -> None:
        while changed.wait() and not ended.is_set():
            while changed.is_set():
                changed.clear()
                changed.wait(settled)
            if not ended.is_set():
                act()

    thread = threading.Thread(target=loop, name="bifolio-watcher", daemon=True)

    def stop() -> None:
        ended.set()
        changed.set()
        observer.stop()
        observer.join()
        thread.join()

    observer.start()
    thread.start()
    return stop


class _Handler(FileSystemEventHandler):
    """Sets the event when a file changed that somebody wrote."""

    def __init__(self, changed: threading.Event) -> None:
        self._changed = changed

    def on_any_event(self, event: FileSystemEvent) -> None:
        paths = (os.fsdecode(event.src_path), os.fsdecode(event.dest_path or event.src_path))
        if event.event_type in _KINDS and not event.is_directory and not all(map(_is_scratch, paths)):
            self._changed.set()


def _is_scratch(path: str) -> bool:
    """Tell an editor's swap file, a half-written file or bytecode from a file of the report."""
    name = os.path.basename(path)
    return name.startswith(".") or name.endswith(("~", ".pyc", ".part"))
