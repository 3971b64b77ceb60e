"""Two commands in one report share the work, wait for each other's runs, and leave exclusive ones alone."""

from __future__ import annotations

import os
import signal
import subprocess
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conftest import Report

Waiting = Callable[[Callable[[], bool]], None]
Ending = Callable[[subprocess.Popen[str]], None]

# A run notes when it began and ended, outside the project, and waits while it is told to.
NOTING = """
    import time
    with run.weights() as folder:
        (folder / "model").write_text("trained")
        began = time.monotonic()
        time.sleep({seconds})
        while run.seed == 0 and __import__("os").path.exists("{outside}/wait"):
            time.sleep(0.01)
    with open("{outside}/notes", "a") as notes:
        notes.write(f"{{run.name.experiment}}-{{run.seed}} {{began}} {{time.monotonic()}}\\n")
    run.image("square", [[run.seed, 2], [3, 4]])
    run.value("answer", run.seed)
    """


def notes(outside: Path) -> list[tuple[str, float, float]]:
    lines = (outside / "notes").read_text().splitlines()
    return [(name, float(began), float(ended)) for name, began, ended in map(str.split, lines)]


def add(report: Report, outside: Path, name: str, seeds: int, more: str = "", seconds: float = 0.1) -> None:
    body = NOTING.format(outside=outside, seconds=seconds)
    report.experiment(name, body, declared=f'seeds={seeds}, uses=("clock",){more}')


def test_two_commands_share_the_work(report: Report, tmp_path: Path, end_group: Ending) -> None:
    add(report, tmp_path, "some", 8)
    report.experiment("down", "run.value('x', run.need('some').value('answer'))", 'needs=("some",)')
    processes = [report.start("run", "--jobs", "1") for _ in range(2)]
    for process in processes:
        end_group(process)
    said = [process.communicate(timeout=120) for process in processes]
    assert [process.returncode for process in processes] == [0, 0], said
    assert Counter(name for name, _, _ in notes(tmp_path)) == {f"some-{seed}": 1 for seed in range(8)}
    assert report.states() == {"some": "fresh", "down": "fresh"}
    assert any("by another command" in out for out, _ in said)
    assert len(list((report.root / "experiments" / "results" / "some").rglob("*.png"))) == 8
    assert list(report.root.rglob("*.part")) == []


def test_a_second_command_leaves_alone_what_the_first_is_training(
    report: Report, tmp_path: Path, wait_for: Waiting, end_group: Ending
) -> None:
    (tmp_path / "wait").touch()
    add(report, tmp_path, "some", 2)
    first = report.start("run", "--jobs", "1")
    end_group(first)
    training = report.root / ".cache" / "weights"
    wait_for(lambda: bool(list(training.glob(".*.part/model"))))
    second = report.start("run", "--jobs", "1")
    end_group(second)
    wait_for(lambda: report.result_file("some", seed=1).exists())
    assert list(training.glob(".*.part/model")), "the other one's weights are there"
    (tmp_path / "wait").unlink()
    ended = [(process.communicate(timeout=60), process.returncode) for process in (first, second)]
    assert [status for _, status in ended] == [0, 0], ended
    assert len(notes(tmp_path)) == 2
    assert len(list(training.glob("*/model"))) == 2


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_what_the_first_does_not_finish_the_second_measures(
    report: Report, tmp_path: Path, wait_for: Waiting, end_group: Ending, number: signal.Signals
) -> None:
    (tmp_path / "wait").touch()
    add(report, tmp_path, "some", 1)
    first = report.start("run")
    end_group(first)
    wait_for(lambda: bool(list((report.root / ".cache" / "weights").glob(".*.part/model"))))
    second = report.start("run")
    end_group(second)
    assert second.stdout is not None and "1 runs to do" in second.stdout.readline()
    os.killpg(first.pid, number)
    first.wait(timeout=20)
    (tmp_path / "wait").unlink()
    out, err = second.communicate(timeout=60)
    assert second.returncode == 0, err
    assert "measured some seed 0 (cpu)" in out and "by another command" not in out
    assert report.states() == {"some": "fresh"}


def test_exclusive_holds_between_commands(report: Report, tmp_path: Path, end_group: Ending) -> None:
    add(report, tmp_path, "timed", 3, ", exclusive=True", seconds=0.2)
    add(report, tmp_path, "some", 5, seconds=0.2)
    processes = [report.start("run", *names, "--jobs", "2") for names in ((), ("timed",))]
    for process in processes:
        end_group(process)
    said = [process.communicate(timeout=120) for process in processes]
    assert [process.returncode for process in processes] == [0, 0], said
    spans = notes(tmp_path)
    assert len(spans) == 8
    for name, began, ended in spans:
        beside = [other for other, start, end in spans if other != name and start < ended and began < end]
        assert not name.startswith("timed") or beside == [], (name, beside)
        assert not [other for other in beside if other.startswith("timed")]


def test_forced_runs_are_measured_anew_by_whoever_comes_alone(report: Report, tmp_path: Path) -> None:
    add(report, tmp_path, "some", 1)
    report.measure()
    report.measure(force=True)
    assert len(notes(tmp_path)) == 2
