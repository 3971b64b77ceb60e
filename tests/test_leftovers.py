"""What processes that were killed left behind is removed by the next command of any kind, and nothing else is."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from bifolio.leftovers import at_work, site_prefix
from bifolio.owner import owner, part_name

if TYPE_CHECKING:
    from tests.conftest import Ended, Report

KILLED = """
import os, tempfile
from pathlib import Path
from bifolio.leftovers import at_work, site_prefix, temporary_prefix
from bifolio.owner import part_name
with at_work("."):
    for folder in ("docs/en", "experiments/results/a", ".cache/weights", "templates"):
        Path(folder).mkdir(parents=True, exist_ok=True)
        Path(folder, part_name("file.json")).write_text("half")
    Path(".cache/weights", part_name("folder")).mkdir()
    Path(tempfile.mkdtemp(prefix=site_prefix(), dir=".cache"), "index.html").touch()
    print(tempfile.mkdtemp(prefix=temporary_prefix("fonts")), flush=True)  # nothing is flushed below
    os._exit(9) if {killed} else None
"""


def left(report: Report, *, killed: bool = True) -> Path:
    """Let a process write half of everything; return its folder of fonts."""
    script = KILLED.format(killed=killed)
    ended = subprocess.run([sys.executable, "-c", script], cwd=report.root, capture_output=True, text=True, check=False)
    assert ended.returncode == (9 if killed else 0), ended.stderr
    return Path(ended.stdout.strip())


def parts(report: Report) -> list[Path]:
    return [*report.root.rglob("*.part"), *report.root.glob(".cache/site-*")]


@pytest.mark.parametrize("words", [("status",), ("run", "--dry-run"), ("pack", "results.tar")])
def test_the_next_command_removes_it(report: Report, bifolio: Callable[..., Ended], words: tuple[str, ...]) -> None:
    report.experiment("some")
    fonts = left(report)
    assert len(parts(report)) == 6 and fonts.is_dir()
    bifolio(*words)
    assert parts(report) == [] and not fonts.exists()
    assert list((report.root / ".cache" / "at-work").iterdir()) == []


def test_what_the_living_write_stays(report: Report) -> None:
    report.experiment("some")
    left(report)
    own = [report.root / "docs" / part_name("page.md"), report.root / ".cache" / f"{site_prefix()}abc"]
    other = report.root / "docs" / ".page.md.1-2-00000000.part"  # of another machine
    for path in (*own, other):
        path.touch()
    with at_work(str(report.root / "experiments")):
        assert sorted(parts(report)) == sorted([*own, other])
        with at_work(str(report.root)):
            pass


def test_it_is_looked_for_only_where_something_was_killed(report: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    report.experiment("some")
    with at_work(str(report.root)):
        assert os.listdir(report.root / ".cache" / "at-work") == [owner()]
    monkeypatch.setattr(os, "walk", None)
    monkeypatch.setattr(tempfile, "gettempdir", None)
    with at_work(str(report.root)):
        pass


def test_an_unfinished_site_is_removed_even_if_its_process_ended_well(report: Report) -> None:
    left(report, killed=False)
    assert report.root.glob(".cache/site-*")
    with at_work(str(report.root)):
        assert list(report.root.glob(".cache/site-*")) == []


def test_outside_of_reports_nothing_is_written(tmp_path: Path) -> None:
    with at_work(str(tmp_path)):
        assert list(tmp_path.iterdir()) == []
