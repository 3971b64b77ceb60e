"""Builds the site again behind the author's back: in a process of its own, never two at once."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_ASIDE = 19
"""How much the building process yields to others, as `nice` counts: the author is looking at what it does not make."""
_CALM = 0.7
"""Seconds without a further save before a build begins, so that it does not compete with the page that reloads."""
_PATIENCE = 5.0
"""Seconds that a building process has to end in order."""


@dataclass(frozen=True)
class Rebuilt:
    """How a build ended; `number` is that of the last change it contains, `lines` tell of each edition."""

    number: int
    problem: str
    lines: tuple[str, ...]


class Rebuilder:
    """Builds when asked, once more if asked meanwhile, and hands over how it ended."""

    def __init__(self, root: Path, done: Callable[[Rebuilt], None]) -> None:
        self._root, self._done = root, done
        self._condition = threading.Condition()
        self._wanted: tuple[int, bool] | None = None
        self._process: subprocess.Popen[str] | None = None
        self._ended = False
        self._thread = threading.Thread(target=self._loop, name="bifolio-rebuilder", daemon=True)
        self._thread.start()

    def ask(self, number: int, *, render: bool = False) -> None:
        """Let the site be built; with `render` the chapters are rendered before, by the program as it is on disk."""
        with self._condition:
            self._wanted = (number, render or (self._wanted is not None and self._wanted[1]))
            self._condition.notify()

    def end(self) -> None:
        """End a build that is under way, and wait until it is gone."""
        with self._condition:
            self._ended = True
            self._condition.notify()
            process = self._process
        if process is not None:
            process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(_PATIENCE)
            process.kill()
        self._thread.join()

    def _loop(self) -> None:
        while True:
            with self._condition:
                self._condition.wait_for(lambda: self._wanted is not None or self._ended)
                while not self._ended and self._condition.wait(_CALM):
                    pass  # something else was saved meanwhile
                if self._ended or self._wanted is None:
                    return
                (number, render), self._wanted = self._wanted, None
                self._process = _start(self._root, render)
            out, err = self._process.communicate()
            with self._condition:
                self._process = None
                superseded = self._wanted is not None
            rebuilt = _read(number, out, err)
            # What a page lacked in the middle of a change is no news: the next build tells how it is.
            if not self._ended and not (superseded and rebuilt.problem):
                self._done(rebuilt)


def _start(root: Path, render: bool) -> subprocess.Popen[str]:
    """Start a process that builds; Ctrl-C in the terminal does not reach it, because we end it in order."""
    return subprocess.Popen(
        [sys.executable, "-m", __name__, str(root), *(["render"] if render else [])],
        cwd=Path(__file__).parents[3],  # where this very program is imported from
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        start_new_session=True,
    )


def _read(number: int, out: str, err: str) -> Rebuilt:
    """Return what a process said; one that said nothing was stopped by something that it could not tell of."""
    try:
        said: dict[str, Any] = json.loads(out.splitlines()[-1])
        return Rebuilt(number, said["problem"], tuple(said["lines"]))
    except (IndexError, ValueError, KeyError, TypeError):
        return Rebuilt(number, "\n".join(["the site cannot be built", *err.strip().splitlines()[-12:]]), ())


def main(arguments: list[str]) -> None:
    """Build the report in a folder, and print how it ended as a line of JSON."""
    from bifolio.chapters import render
    from bifolio.errors import BifolioError
    from bifolio.leftovers import at_work
    from bifolio.project import find_project
    from bifolio.website.build import build_site

    with suppress(OSError):
        os.nice(_ASIDE)
    signal.signal(signal.SIGTERM, _stop)
    problem = ""
    lines: tuple[str, ...] = ()
    try:
        with at_work(arguments[0]):  # whoever asked may have to kill it
            project = find_project(Path(arguments[0]))
            if "render" in arguments[1:]:
                render(project)
            lines = build_site(project, rendered=True).lines
    except BifolioError as error:  # for the process that asked: it tells the author
        problem = str(error)
    except KeyboardInterrupt:
        return
    print(json.dumps({"problem": problem, "lines": lines}))


def _stop(*_: object) -> None:
    raise KeyboardInterrupt  # so that what was begun is cleared away


if __name__ == "__main__":
    main(sys.argv[1:])
