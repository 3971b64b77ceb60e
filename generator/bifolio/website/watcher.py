"""Calls a function once after each burst of changes below some folders."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable
from fnmatch import fnmatchcase
from pathlib import Path

from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer

_SETTLED = 0.15
"""Seconds without a further change after which a burst is over: an editor saves in several steps."""
_COMPLETE = 0.02
"""The same once a file is known to be complete, because its writer closed it or moved it to its place."""
# What is merely read is reported too, and the function reads what it renders.
_KINDS = {"created", "modified", "deleted", "moved", "closed"}
_COMPLETING = {"moved", "closed"}

_PATIENCE = 2.0
"""Seconds that the end of a watch waits for what its last call is doing."""

Act = Callable[[frozenset[Path]], None]


def watch(
    places: Iterable[Path], act: Act, *, settled: float = _SETTLED, complete: float = _COMPLETE
) -> Callable[[], None]:
    """Call `act` with the files that changed, in a thread of its own, after each burst; return what ends the watch.

    A place is a folder with all below it, or the pattern of files in one: `folder / "mkdocs*.yml"`.
    """
    burst, observer = _Burst(), Observer()
    for place in places:
        if place.is_dir():
            observer.schedule(_Handler(burst, "*"), str(place), recursive=True)
        elif place.parent.is_dir():
            observer.schedule(_Handler(burst, place.name), str(place.parent), recursive=False)

    def loop() -> None:
        while (changed := burst.wait(settled, complete)) is not None:
            act(changed)

    thread = threading.Thread(target=loop, name="bifolio-watcher", daemon=True)

    def stop() -> None:
        burst.end()
        observer.stop()
        observer.join()
        thread.join(_PATIENCE)

    observer.start()
    thread.start()
    return stop


class _Burst:
    """The files that changed since somebody last waited for them."""

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self._changed: set[Path] = set()
        self._last_is_complete = False
        self._ended = False

    def add(self, path: str, *, complete: bool) -> None:
        with self._condition:
            self._changed.add(Path(path))
            self._last_is_complete = complete
            self._condition.notify()

    def end(self) -> None:
        with self._condition:
            self._ended = True
            self._condition.notify()

    def wait(self, settled: float, complete: float) -> frozenset[Path] | None:
        """Return what changed once it has settled, or None at the end."""
        with self._condition:
            self._condition.wait_for(lambda: self._changed or self._ended)
            while not self._ended and self._condition.wait(complete if self._last_is_complete else settled):
                pass  # something else changed meanwhile
            changed, self._changed = frozenset(self._changed), set()
            return None if self._ended else changed


class _Handler(FileSystemEventHandler):
    """Notes that a file changed that somebody wrote."""

    def __init__(self, burst: _Burst, pattern: str) -> None:
        self._burst, self._pattern = burst, pattern

    def on_any_event(self, event: FileSystemEvent) -> None:
        if event.event_type not in _KINDS or event.is_directory:
            return
        left, arrived = os.fsdecode(event.src_path), os.fsdecode(event.dest_path or event.src_path)
        for path in dict.fromkeys((left, arrived)):
            if fnmatchcase(os.path.basename(path), self._pattern) and not _is_scratch(path):
                self._burst.add(path, complete=event.event_type in _COMPLETING and path == arrived)


def _is_scratch(path: str) -> bool:
    """Tell an editor's swap file, a half-written file or bytecode from a file of the report."""
    folder, name = os.path.split(path)
    return name.startswith(".") or name.endswith(("~", ".pyc", ".part")) or os.path.basename(folder) == "__pycache__"
