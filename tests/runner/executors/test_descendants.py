"""Process pools and workers of loaders work inside a run, and nothing that a run started outlives it."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conftest import Report

Waiting = Callable[[Callable[[], bool]], None]
Ending = Callable[[subprocess.Popen[str]], None]


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_a_pool_works_inside_a_run(report: Report, method: str) -> None:
    report.write("experiments/__init__.py", "")
    report.write("experiments/helper.py", "def double(number):\n    return 2 * number\n")
    body = f"""
        import multiprocessing
        with multiprocessing.get_context("{method}").Pool(2) as pool:
            run.value("total", sum(pool.map(double, range(4))))
        """
    report.experiment("pool", body, imports="from experiments.helper import double")
    assert [outcome.message for outcome in report.measure().values()] == [""]
    assert report.result("pool").values["total"].number == 12


@pytest.mark.usefixtures("anew")
def test_workers_of_a_loader_give_what_the_run_would_read_itself(report: Report) -> None:
    body = """
        import torch
        from torch.utils.data import DataLoader
        torch.manual_seed(run.seed)
        loader = DataLoader(range(64), batch_size=4, shuffle=True, num_workers=config.workers)
        run.value("total", sum(place * int(batch.sum()) for place, batch in enumerate(loader)))
        """
    report.experiment(
        "loader",
        body,
        declared='seeds=1, variants={"none": Config(), "two": Config(workers=2)}',
        config="workers: int = 0",
    )
    assert [outcome.message for outcome in report.measure().values()] == ["", ""]
    assert report.result("loader", "none").values == report.result("loader", "two").values


ENDINGS = {
    "ends": "run.value('x', 1)",
    "fails": "raise ValueError('too bad')",
    "crashes": "os.abort()",
    "is_killed": "os.kill(os.getpid(), 9)",
    "waits": "time.sleep(600)",
}
BODY = """
    import multiprocessing, os, subprocess, time
    from pathlib import Path
    def sleep():
        Path("{outside}/grandchild").write_text(str(os.fork() or time.sleep(600)))
        time.sleep(600)
    process = multiprocessing.get_context("fork").Process(target=sleep)
    process.start()
    Path("{outside}/process").write_text(str(process.pid))
    Path("{outside}/program").write_text(str(subprocess.Popen(["sleep", "600"]).pid))
    while not Path("{outside}/grandchild").exists():
        time.sleep(0.01)
    {ending}
    """
STARTED = ("process", "program", "grandchild")


def started(outside: Path) -> list[int]:
    """Return the numbers of the processes that the run started, once all are known."""
    try:
        return [int((outside / name).read_text()) for name in STARTED]
    except (OSError, ValueError):
        return []


def gone(number: int) -> bool:
    try:
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


def started_by(report: Report, outside: Path, ending: str) -> None:
    report.experiment(
        "parent", BODY.format(outside=outside, ending=ENDINGS[ending]), declared='uses=("subprocess",), seeds=1'
    )


@pytest.mark.parametrize("ending", ["ends", "fails", "crashes", "is_killed"])
def test_what_a_run_started_ends_with_it(report: Report, tmp_path: Path, ending: str, wait_for: Waiting) -> None:
    started_by(report, tmp_path, ending)
    (outcome,) = report.measure().values()
    assert outcome.kind == ("measured" if ending == "ends" else "failed"), outcome
    numbers = started(tmp_path)
    assert len(numbers) == 3
    wait_for(lambda: all(map(gone, numbers)))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_what_a_run_started_ends_with_the_command(
    report: Report, tmp_path: Path, wait_for: Waiting, end_group: Ending, number: signal.Signals
) -> None:
    started_by(report, tmp_path, "waits")
    process = report.start("run")
    end_group(process)
    wait_for(lambda: bool(started(tmp_path)))
    os.killpg(process.pid, number)
    process.wait(timeout=20)
    wait_for(lambda: all(map(gone, started(tmp_path))))
