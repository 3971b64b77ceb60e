"""What is printed of runs that fail: each is named, and what is wrong with several is said once."""

from __future__ import annotations

from bifolio.cli.colours import alarming, state_word
from bifolio.runner.task import Outcome


class FailedRuns:
    """Remembers what was said of runs that failed before."""

    def __init__(self, *, debug: bool = False, width: int = 8) -> None:
        """`width` is that of the word before a run."""
        self._width = width
        self._debug = debug
        self._said: set[str] = set()

    def lines(self, outcome: Outcome, standing: str = "") -> str:
        """Return what is said of a run that failed: its error, and where the report led to it unless that was said."""
        named = f"{standing}{state_word('failed', self._width)} {outcome.name}"
        trace = outcome.whole if self._debug and outcome.whole else outcome.trace
        if outcome.message in self._said:
            return f"{named}: as above"
        again = bool(trace) and trace in self._said
        self._said |= {outcome.message, trace}
        if again and "\n" not in outcome.message:
            return f"{named}: {outcome.message}"
        return "\n".join(filter(None, (named, alarming(outcome.message), "" if again else trace.rstrip())))
