"""Processes that would write the same take turns."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from bifolio.turns import in_turn

TAKING = """
import sys, time
from pathlib import Path
from bifolio.turns import in_turn
for _ in range(5):
    with in_turn(Path("turn")):
        count = int(Path("count").read_text())
        time.sleep(0.02)
        Path("count").write_text(str(count + 1))
"""


def test_nobody_reads_what_another_is_about_to_change(tmp_path: Path) -> None:
    (tmp_path / "count").write_text("0")
    processes = [subprocess.Popen([sys.executable, "-c", TAKING], cwd=tmp_path) for _ in range(4)]
    assert [process.wait(timeout=60) for process in processes] == [0] * 4
    assert (tmp_path / "count").read_text() == "20"


def test_who_cannot_lock_does_not_wait(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with in_turn(tmp_path / "file" / "turn"):
        pass
