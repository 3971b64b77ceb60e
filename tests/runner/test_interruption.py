"""Ctrl-C and kill -9 lose the runs in flight and nothing else; running again completes what is left."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from bifolio.provenance.declaration import RunName
from bifolio.results.store import read_result

if TYPE_CHECKING:
    from tests.conftest import Report

Waiting = Callable[[Callable[[], bool]], None]
Ending = Callable[[subprocess.Popen[str]], None]


@pytest.fixture
def slow(report: Report, tmp_path: Path) -> Report:
    """Return a report of which two runs are quick and two wait while a file outside the project is there."""
    (tmp_path / "wait").touch()
    body = f"""
        import os, time
        with run.weights() as folder:
            (folder / "model.txt").write_text("x" * 1000)
        while run.seed > 1 and os.path.exists("{tmp_path}/wait"):
            time.sleep(0.02)
        run.image("square", [[run.seed, 2], [3, 4]])
        run.table("long", ["number"])
        run.value("answer", run.seed)
        """
    report.experiment("some", body, declared="seeds=4")
    return report


def finished(report: Report) -> set[int]:
    """Return the seeds that have a result; every file that is there must be whole."""
    results = report.root / "experiments" / "results" / "some" / "cpu" / "default"
    seeds = {int(path.stem.removeprefix("seed-")) for path in results.glob("seed-*.json")}
    for seed in seeds:
        result = read_result(report.project, RunName("some", "cpu", "default", seed))
        assert (results / result.images["square"].file).is_file()
    return seeds


def waiting_runs(report: Report) -> bool:
    """Tell whether the quick runs have ended and the waiting ones have begun."""
    weights = report.root / ".cache" / "weights"
    return finished(report) == {0, 1} and len(list(weights.glob(".*.part/model.txt"))) == 2


def test_ctrl_c_keeps_what_is_finished(slow: Report, tmp_path: Path, wait_for: Waiting, end_group: Ending) -> None:
    process = slow.start("run", "--jobs", "2")
    end_group(process)
    wait_for(lambda: waiting_runs(slow))
    kept = slow.results()
    os.killpg(process.pid, signal.SIGINT)  # a terminal sends it to everybody
    out, err = process.communicate(timeout=20)
    assert process.returncode == 130, err
    assert "2 measured" in out
    assert err == "interrupted: what was measured is kept, runs in flight are lost\n"
    results = slow.results()
    assert b'"default": [0, 1]' in results.pop("some/ledger.json")
    assert results == kept
    (tmp_path / "wait").unlink()
    assert set(slow.measure()) == {"some seed 2 (cpu)", "some seed 3 (cpu)"}
    assert {name: content for name, content in slow.results().items() if name in kept} == kept
    assert slow.states() == {"some": "fresh"}


def test_an_interrupt_ends_the_workers_too(slow: Report, wait_for: Waiting, end_group: Ending) -> None:
    process = slow.start("run", "--jobs", "2")
    end_group(process)
    wait_for(lambda: waiting_runs(slow))
    process.send_signal(signal.SIGINT)  # only to the one that was asked
    process.communicate(timeout=20)
    assert process.returncode == 130
    wait_for(lambda: not alive(process.pid))


def alive(session: int) -> bool:
    """Tell whether a process of the session still runs: each run leads a group of its own."""
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            state, _, _, of_session = (folder / "stat").read_text().rpartition(")")[2].split()[:4]
        except (OSError, ValueError):
            continue
        if int(of_session) == session and state != "Z":
            return True
    return False


@pytest.mark.parametrize("everybody", [True, False])
def test_kill_and_resume(slow: Report, tmp_path: Path, wait_for: Waiting, end_group: Ending, everybody: bool) -> None:
    process = slow.start("run", "--jobs", "2")
    end_group(process)
    wait_for(lambda: waiting_runs(slow))
    kept = slow.results()
    if everybody:
        os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()  # the orphans notice, or end as they would have
    process.wait(timeout=20)
    if everybody:
        assert slow.results() == kept
    (tmp_path / "wait").unlink()
    slow.measure()
    assert finished(slow) == {0, 1, 2, 3}
    assert {name: content for name, content in slow.results().items() if name in kept} == kept
    assert slow.states() == {"some": "fresh"}
    wait_for(lambda: not alive(process.pid))
    leftovers = [path for path in slow.root.rglob(".*.part") if everybody or path.parent.name != "weights"]
    assert leftovers == []


@pytest.mark.parametrize("moment", [0.05, 0.2, 0.3, 0.4, 0.5, 0.7])
def test_a_kill_at_any_moment_leaves_no_half_written_result(report: Report, end_group: Ending, moment: float) -> None:
    report.experiment("some", 'run.image("square", [[run.seed, 2], [3, 4]])', declared="seeds=30")
    process = report.start("run", "--jobs", "2")
    end_group(process)
    time.sleep(moment)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait(timeout=20)
    kept = report.results()
    before = finished(report)
    outcomes = report.measure()
    assert len(outcomes) == 30 - len(before)
    assert finished(report) == set(range(30))
    assert all(report.results()[name] == content for name, content in kept.items() if name.endswith(".json"))
    assert list(report.root.rglob(".*.part")) == []


def test_a_copy_without_history_and_cache_works(report: Report, tmp_path: Path) -> None:
    report.experiment("some")
    report.measure()
    shutil.copytree(report.root, tmp_path / "copy", ignore=shutil.ignore_patterns(".cache", ".git"))
    copy = type(report)(tmp_path / "copy")
    assert copy.states() == {"some": "fresh"}
    assert copy.measure() == {}
