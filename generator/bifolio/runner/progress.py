"""How far a plan is, and the time that is left: drawn on a terminal, and told with every run that ends."""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass

from bifolio.provenance.declaration import RunName


def is_drawn() -> bool:
    """Tell whether a line is drawn at all: on a terminal only."""
    return sys.stderr.isatty()


@dataclass(frozen=True)
class Standing:
    """How far a plan is: runs that have ended, of all, and the seconds left, None where nothing tells them yet."""

    done: int
    total: int
    left: float | None = None

    def __str__(self) -> str:
        return f"[{self.done}/{self.total}]"

    @property
    def about(self) -> str:
        """Return the time left in words, to follow others; nothing at the end."""
        return "" if self.left is None or self.done == self.total else f", about {roughly(self.left)} left"


class ProgressLine:
    """One line that is drawn over itself; drawing costs the same however many runs wait."""

    def __init__(self, expected: Mapping[RunName, float | None], jobs: int) -> None:
        """`expected` holds each planned run's last duration in seconds, None where it was never measured."""
        self._expected = dict(expected)
        self._known = sum(seconds for seconds in expected.values() if seconds is not None)
        self._unknown = sum(seconds is None for seconds in expected.values())
        self._fractions: dict[RunName, float] = {}
        self._jobs = jobs
        self._began = time.monotonic()
        self._total = len(expected)
        self._live = is_drawn()

    def report(self, name: RunName, fraction: float) -> None:
        """Draw that a run is so far."""
        self._fractions[name] = fraction
        self.draw()

    def end(self, name: RunName) -> None:
        """Count a run as ended and draw."""
        self._fractions.pop(name, None)
        seconds = self._expected.pop(name)
        self._known -= seconds or 0.0
        self._unknown -= seconds is None
        self.draw()

    @property
    def standing(self) -> Standing:
        """Return how far the plan is now."""
        return Standing(self._done, self._total, self._left() if self._expected else None)

    @property
    def _done(self) -> int:
        return self._total - len(self._expected)

    def clear(self) -> None:
        """Remove the line, so that something else can be printed."""
        if self._live:
            print("\r\033[K", end="", file=sys.stderr, flush=True)

    def draw(self) -> None:
        """Draw the line as it stands, where one is drawn."""
        if not self._live:
            return
        running = ", ".join(f"{name} {fraction:.0%}" for name, fraction in sorted(self._fractions.items(), key=str))
        left = self._left()
        text = f"{self._done} of {self._total} runs{'' if left is None else f', {duration(left)} left'}  {running}"
        width = max(20, _columns() - 1)
        print(f"\r\033[K{text[:width]}", end="", file=sys.stderr, flush=True)

    def _left(self) -> float | None:
        """Return the seconds left: by earlier durations where known, by the pace so far where not, if there is one."""
        finished = self._done + sum(self._fractions.values())
        if finished <= 0.05 and self._unknown:
            return None
        pace = (time.monotonic() - self._began) * self._jobs / max(finished, 0.05)
        waiting = self._known + pace * self._unknown
        begun = sum(
            (pace if expected is None else expected) * fraction
            for expected, fraction in ((self._expected[name], fraction) for name, fraction in self._fractions.items())
        )
        return max(0.0, waiting - begun) / max(1, min(self._jobs, len(self._expected)))


def duration(seconds: float) -> str:
    """Return a duration as people say it: 0.8 s, 12 s, 3 min 5 s."""
    if seconds < 10:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def roughly(seconds: float) -> str:
    """Return a duration as one guesses it: 20 s, 3 min, 2 h 10 min."""
    if seconds < 55:
        return f"{max(1, round(seconds)) if seconds < 10 else 5 * round(seconds / 5)} s"
    minutes = round(seconds / 60)
    hours, rest = divmod(minutes, 60)
    return f"{hours} h {rest} min" if hours else f"{max(1, minutes)} min"


def _columns() -> int:
    import shutil

    return shutil.get_terminal_size().columns
