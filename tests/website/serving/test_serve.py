"""`bifolio serve`, and MkDocs' own, as processes: from save to page, and to the end."""

from __future__ import annotations

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from bifolio.project import Project

from tests.website.serving.browsing import REPOSITORY, add


class Process:
    """A real `bifolio serve`: what it prints, line by line."""

    def __init__(self, project: Project, *arguments: str) -> None:
        self.started = subprocess.Popen(
            [sys.executable, "-m", "bifolio", "serve", *arguments],
            cwd=project.root,
            env={**os.environ, "PYTHONPATH": str(REPOSITORY / "generator"), "PYTHONUNBUFFERED": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )
        self.lines: list[str] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.started.stdout is not None
        with self.started.stdout as stream:
            for line in stream:
                self.lines.append(line.rstrip("\n"))

    def says(self, start: str) -> bool:
        return any(line.startswith(start) for line in self.lines)

    @property
    def port(self) -> int:
        return int(next(re.findall(r":(\d+)/", line)[0] for line in self.lines if line.startswith("serving ")))

    def page(self, path: str) -> str:
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)) as connection:
            connection.request("GET", path)
            return connection.getresponse().read().decode()

    def end(self, number: int = signal.SIGINT) -> int:
        self.started.send_signal(number)
        status = self.started.wait(30)
        self._reader.join(10)
        return status


@pytest.fixture
def start(project: Project) -> Iterator[Callable[..., Process]]:
    processes: list[Process] = []

    def begin(*arguments: str) -> Process:
        processes.append(Process(project, *arguments))
        return processes[-1]

    yield begin
    for process in processes:
        if process.started.poll() is None:
            os.killpg(process.started.pid, signal.SIGKILL)
            process.started.wait()


def children(pid: int) -> list[int]:
    """Return the processes that a process started and that still run."""
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()] + [
        int(child)
        for task in Path(f"/proc/{pid}/task").iterdir()
        if task.name != str(pid)
        for child in (task / "children").read_text().split()
    ]


def test_from_save_to_page_and_to_the_built_site(
    start: Callable[..., Process], project: Project, wait_for: Callable[..., None]
) -> None:
    process = start("--port", "0")
    wait_for(lambda: process.says("serving zh, en, de at http://127.0.0.1:"), 60)
    time.sleep(1.0)  # the watch begins a moment later
    add(project, "A sentence from an editor.")
    wait_for(lambda: "A sentence from an editor." in process.page("/en/chance.html"), 30)
    wait_for(lambda: process.says("site/en: 9 pages, built"), 60)
    assert "A sentence from an editor." in (project.site / "en" / "chance.html").read_text(encoding="utf-8")
    assert process.end() == 0
    assert not [line for line in process.lines if "Traceback" in line or "rror" in line], process.lines


@pytest.mark.skipif(sys.platform != "linux", reason="reads the processes of the machine from /proc")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_amid_a_build_and_starts_again_right_away(
    start: Callable[..., Process], project: Project, wait_for: Callable[..., None], number: int
) -> None:
    add(project, "Something to build.")
    first = start("--port", "0")
    wait_for(lambda: first.says("building "), 60)
    wait_for(lambda: bool(children(first.started.pid)), 30)
    building = children(first.started.pid)
    port = first.port
    assert "Something to build." in first.page("/en/chance.html"), "shown while it is built"
    assert first.end(number) == 0
    assert not [pid for pid in building if Path(f"/proc/{pid}/cmdline").exists() and b"rebuild" in cmdline(pid)]
    assert "Traceback" not in "\n".join(first.lines)
    assert not list(project.cache.glob("site-*"))
    second = start("--port", str(port))
    wait_for(lambda: second.says(f"serving zh, en, de at http://127.0.0.1:{port}/"), 60)
    third = start("--port", str(port))
    assert third.started.wait(60) == 2
    wait_for(lambda: third.says("somebody else serves there"), 10)
    assert second.end() == 0


def cmdline(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def test_mkdocs_serve_builds_once_a_save(project: Project, wait_for: Callable[..., None], tmp_path: Path) -> None:
    """Plain MkDocs with our plugin: it renders what was saved, and does not build for ever."""
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    log = tmp_path / "log"
    with log.open("w") as stream:
        process = subprocess.Popen(
            [sys.executable, "-m", "mkdocs", "serve", "--livereload", "-f", "mkdocs.en.yml", "-a", f"127.0.0.1:{port}"],
            cwd=project.root,
            env={**os.environ, "PYTHONPATH": str(REPOSITORY / "generator"), "NO_MKDOCS_2_WARNING": "1"},
            stdout=stream,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )
    try:
        wait_for(lambda: "Serving on" in log.read_text(), 60)
        built = log.read_text().count("Documentation built")
        time.sleep(1.0)
        add(project, "A sentence for MkDocs.")
        wait_for(lambda: log.read_text().count("Documentation built") == built + 1, 60)
        time.sleep(3.0)
        assert log.read_text().count("Documentation built") == built + 1, log.read_text()
        assert "Rendered: en/chance.md" in log.read_text()
    finally:
        os.killpg(process.pid, signal.SIGINT)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
