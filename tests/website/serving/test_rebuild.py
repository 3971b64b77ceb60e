"""The build behind: a process of its own, never two at once."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from bifolio.chapters import render
from bifolio.project import Project
from bifolio.website.build import stale_editions
from bifolio.website.serving import rebuild as rebuilding
from bifolio.website.serving.rebuild import Rebuilder, Rebuilt

from tests.website.serving.browsing import CHANCE, REPOSITORY, add


def test_a_build_is_a_process_that_says_how_it_ended(project: Project) -> None:
    ended: list[Rebuilt] = []
    done = threading.Event()
    rebuilder = Rebuilder(project.root, lambda rebuilt: (ended.append(rebuilt), done.set())[0])
    add(project, "[nowhere](absent.md)")
    render(project)
    rebuilder.ask(1)
    assert done.wait(60)
    done.clear()
    assert "contains a link 'absent.md'" in ended[0].problem and ended[0].number == 1
    (project.root / CHANCE).write_text(
        (REPOSITORY / "tests/tiny_report" / CHANCE).read_text("utf-8") + "\nx\n", "utf-8"
    )
    rebuilder.ask(2, render=True)
    assert done.wait(60)
    assert (ended[1].number, ended[1].problem) == (2, "") and ended[1].lines[1] == "site/en: 9 pages, built"
    assert stale_editions(project) == []
    rebuilder.end()


@pytest.fixture
def slow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[subprocess.Popen[str]]]:
    """Let a build be a process that waits for a file, and return the processes."""
    started: list[subprocess.Popen[str]] = []
    script = (
        "import json, pathlib, sys, time\n"
        "while not pathlib.Path(sys.argv[1]).exists(): time.sleep(0.01)\n"
        "print(json.dumps({'problem': sys.argv[2], 'lines': []}))"
    )

    def start(root: Path, render: bool) -> subprocess.Popen[str]:
        command = [sys.executable, "-c", script, str(tmp_path / "go"), "broken" if len(started) % 2 == 0 else ""]
        started.append(subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True))
        return started[-1]

    monkeypatch.setattr(rebuilding, "_start", start)
    yield started
    for process in started:
        process.kill()


def test_builds_asked_for_meanwhile_become_one_and_a_superseded_error_is_not_told(
    slow: list[subprocess.Popen[str]], tmp_path: Path, wait_for: Callable[..., None]
) -> None:
    ended: list[Rebuilt] = []
    rebuilder = Rebuilder(tmp_path, ended.append)
    rebuilder.ask(1)
    wait_for(lambda: len(slow) == 1)
    for number in (2, 3, 4):
        rebuilder.ask(number)
    time.sleep(0.2)
    assert len(slow) == 1, "never two at once"
    (tmp_path / "go").touch()
    wait_for(lambda: bool(ended))
    assert ended == [Rebuilt(4, "", ())] and len(slow) == 2
    rebuilder.end()


def test_the_end_ends_a_build(slow: list[subprocess.Popen[str]], tmp_path: Path, wait_for: Callable[..., None]) -> None:
    ended: list[Rebuilt] = []
    rebuilder = Rebuilder(tmp_path, ended.append)
    rebuilder.ask(1)
    wait_for(lambda: len(slow) == 1)
    rebuilder.end()
    assert slow[0].poll() is not None and ended == []


def test_a_build_that_dies_is_told_with_its_last_words() -> None:
    rebuilt = rebuilding._read(7, "", "Traceback\nMemoryError")
    assert rebuilt == Rebuilt(7, "the site cannot be built\nTraceback\nMemoryError", ())
