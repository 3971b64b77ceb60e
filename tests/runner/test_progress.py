"""The progress line: on a terminal only, with the time left by earlier durations or by the pace so far."""

from __future__ import annotations

import io
import sys
from types import FrameType

import pytest
from bifolio.provenance.declaration import RunName
from bifolio.runner import progress
from bifolio.runner.progress import ProgressLine, duration, roughly

FIRST, SECOND = RunName("dice", "cpu", "default", 0), RunName("dice", "cpu", "default", 1)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True

    def line(self) -> str:
        return self.getvalue().rpartition("\r\033[K")[2]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [0.0]
    monkeypatch.setattr(progress.time, "monotonic", lambda: now[0])
    return now


def test_earlier_durations_tell_the_time_left(monkeypatch: pytest.MonkeyPatch, clock: list[float]) -> None:
    terminal = Terminal()
    monkeypatch.setattr("sys.stderr", terminal)
    line = ProgressLine({FIRST: 60.0, SECOND: 60.0}, jobs=1)
    line.report(FIRST, 0.0)
    assert terminal.line() == "0 of 2 runs, 2 min 0 s left  dice seed 0 (cpu) 0%"
    line.report(FIRST, 0.5)
    assert terminal.line() == "0 of 2 runs, 1 min 30 s left  dice seed 0 (cpu) 50%"
    line.end(FIRST)
    assert terminal.line() == "1 of 2 runs, 1 min 0 s left  "


def test_without_them_the_pace_does(monkeypatch: pytest.MonkeyPatch, clock: list[float]) -> None:
    terminal = Terminal()
    monkeypatch.setattr("sys.stderr", terminal)
    line = ProgressLine({FIRST: None, SECOND: None}, jobs=1)
    line.report(FIRST, 0.0)
    assert terminal.line() == "0 of 2 runs  dice seed 0 (cpu) 0%"
    clock[0] = 10.0
    line.report(FIRST, 0.5)
    assert terminal.line() == "0 of 2 runs, 30 s left  dice seed 0 (cpu) 50%"


def test_nothing_is_drawn_into_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    file = io.StringIO()
    monkeypatch.setattr("sys.stderr", file)
    line = ProgressLine({FIRST: 1.0}, jobs=1)
    line.report(FIRST, 0.5)
    line.end(FIRST)
    line.clear()
    assert file.getvalue() == ""


def test_drawing_costs_the_same_however_many_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    def steps(count: int) -> int:
        line = ProgressLine(
            {RunName("dice", "cpu", "default", seed): seed % 2 or None for seed in range(count)}, jobs=2
        )
        taken = [0]

        def trace(frame: FrameType, event: str, _: object) -> object:
            taken[0] += event == "line"
            return trace

        before = sys.gettrace()
        sys.settrace(trace)
        try:
            line.report(FIRST, 0.5)
            line.end(FIRST)
        finally:
            sys.settrace(before)
        return taken[0]

    monkeypatch.setattr("sys.stderr", Terminal())
    assert steps(10_000) <= steps(10) + 10


@pytest.mark.parametrize(
    ("seconds", "text"), [(0.84, "0.8 s"), (12.4, "12 s"), (59.7, "1 min 0 s"), (185, "3 min 5 s")]
)
def test_durations_are_said_as_people_say_them(seconds: float, text: str) -> None:
    assert duration(seconds) == text


def test_what_is_told_with_a_run_that_ends(clock: list[float]) -> None:
    line = ProgressLine({FIRST: 100.0, SECOND: 150.0}, jobs=1)
    line.end(FIRST)
    assert (str(line.standing), line.standing.about) == ("[1/2]", ", about 2 min left")
    line.end(SECOND)
    assert (str(line.standing), line.standing.about) == ("[2/2]", "")
    unknown = ProgressLine({FIRST: None, SECOND: None}, jobs=1).standing
    assert (str(unknown), unknown.about) == ("[0/2]", "")


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0.2, "1 s"),
        (7.4, "7 s"),
        (23.0, "25 s"),
        (54.0, "55 s"),
        (58.0, "1 min"),
        (185.0, "3 min"),
        (3600.0, "1 h 0 min"),
        (7900.0, "2 h 12 min"),
    ],
)
def test_the_time_left_is_said_roughly(seconds: float, said: str) -> None:
    assert roughly(seconds) == said
