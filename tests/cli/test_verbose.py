"""What an experiment prints: `run --verbose` lets it through line by line, and does no harm to the terminal."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress

import pytest

from tests.conftest import Ended, Report

Bifolio = Callable[..., Ended]
BODY = r"""
    import sys
    print("epoch 1", "loss", 0.5)
    print("\x1b[31mred\x1b]0;title\x07", file=sys.stderr)
    print("10%\r50%\r100%")
    print("no end", end="")
    run.value("answer", 42)
    """


@pytest.fixture
def talking(report: Report) -> Report:
    report.experiment("talking", BODY, declared='seeds=1, variants={"sgd": Config()}')
    return report


def test_only_a_verbose_run_prints_what_the_experiment_prints(talking: Report, bifolio: Bifolio) -> None:
    assert "epoch 1" not in bifolio("run").out
    for option in ("-v", "--verbose"):
        ended = bifolio("run", "--force", option)
        lines = [line for line in ended.out.splitlines() if "|" in line]
        assert lines == [
            "talking sgd seed 0 (cpu) | epoch 1 loss 0.5",
            "talking sgd seed 0 (cpu) | ⟨U+001B⟩[31mred⟨U+001B⟩]0;title⟨U+0007⟩",
            "talking sgd seed 0 (cpu) | 100%",
            "talking sgd seed 0 (cpu) | no end",
        ]
        assert ended.out.index("no end") < ended.out.index("measured talking"), "first what it said, then how it ended"


def test_the_log_holds_it_whether_it_was_printed_or_not(talking: Report, bifolio: Bifolio) -> None:
    bifolio("run")
    (log,) = (talking.root / ".cache" / "logs").iterdir()
    before = log.read_bytes()
    bifolio("run", "--force", "-v")
    assert log.read_bytes() == before and b"\x1b[31mred" in before


def test_a_failing_run_has_said_what_it_said(report: Report, bifolio: Bifolio) -> None:
    report.experiment("failing", 'print("so far")\nimport os\nos._exit(3)')
    ended = bifolio("run", "-v")
    assert ended.status == 1 and "failing seed 0 (cpu) | so far\n" in ended.out
    assert "the process of the run ended with status 3" in ended.err


def test_lines_are_printed_while_the_run_goes_on(report: Report, end_group: Callable[..., None]) -> None:
    report.experiment(
        "slow", 'print("begun")\nimport time\ntime.sleep(60)\nrun.value("answer", 42)', 'seeds=1, uses=("clock",)'
    )
    process = report.start("run", "-v")
    end_group(process)
    assert process.stdout is not None
    assert any("slow seed 0 (cpu) | begun" in line for line in iter(process.stdout.readline, ""))
    assert process.poll() is None


def test_on_a_terminal_the_line_of_progress_makes_room(report: Report) -> None:
    report.experiment(
        "steps", 'for step in run.progress(range(5)):\n    print("step", step, "\\x1b[2J")\nrun.value("answer", 42)'
    )
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "bifolio", "run", "-v"], cwd=report.root, stdout=theirs, stderr=theirs, close_fds=True
    ) as process:
        os.close(theirs)
        shown = b""
        with suppress(OSError):  # how Linux says that nobody is left at the other end
            while part := os.read(ours, 65536):
                shown += part
    os.close(ours)
    assert process.returncode == 0
    text = shown.decode()
    assert "\x1b[2J" not in text
    for step in range(5):
        assert f"\r\x1b[Ksteps seed 0 (cpu) | step {step} ⟨U+001B⟩[2J\r\n" in text
