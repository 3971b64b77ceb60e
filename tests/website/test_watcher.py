"""The watcher: one call for one save, none for what nobody wrote."""

from __future__ import annotations

import os
import queue
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from generator.website.watcher import watch


@dataclass(frozen=True)
class Watched:
    """A folder under watch, and the calls that its changes lead to."""

    folder: Path
    calls: queue.Queue[float]

    def settle(self, expected: int) -> int:
        """Wait for the expected calls, then a while longer; return how many came."""
        for _ in range(expected):
            self.calls.get(timeout=10)
        time.sleep(0.5)
        return expected + self.calls.qsize()


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[Watched]:
    (tmp_path / "chapter.md").write_text("one", encoding="utf-8")
    calls: queue.Queue[float] = queue.Queue()

    def act() -> None:
        (tmp_path / "chapter.md").read_text(encoding="utf-8")  # as rendering does
        calls.put(time.monotonic())

    stop = watch([tmp_path, tmp_path / "absent"], act, settled=0.1)
    yield Watched(tmp_path, calls)
    stop()


def test_a_save_in_several_steps_is_one_call(watched: Watched) -> None:
    chapter = watched.folder / "chapter.md"
    chapter.write_text("two", encoding="utf-8")
    chapter.write_text("three", encoding="utf-8")
    temporary = watched.folder / ".chapter.md.swp"
    temporary.write_text("four", encoding="utf-8")
    os.replace(temporary, chapter)
    assert watched.settle(1) == 1


def test_every_save_is_a_call(watched: Watched) -> None:
    for text in ("two", "three"):
        (watched.folder / "chapter.md").write_text(text, encoding="utf-8")
        assert watched.settle(1) == 1


def test_a_new_file_in_a_new_folder_is_a_call(watched: Watched) -> None:
    (watched.folder / "results").mkdir()
    time.sleep(0.2)  # a folder is watched from a moment after it was made
    (watched.folder / "results" / "seed-0.json").write_text("{}", encoding="utf-8")
    assert watched.settle(1) == 1


def test_reading_and_scratch_files_are_no_call(watched: Watched) -> None:
    (watched.folder / "chapter.md").read_text(encoding="utf-8")
    (watched.folder / ".chapter.md.123.part").write_text("half", encoding="utf-8")
    (watched.folder / "chapter.md~").write_text("backup", encoding="utf-8")
    (watched.folder / "module.pyc").write_bytes(b"")
    assert watched.settle(0) == 0


def test_nothing_is_left_after_the_end(tmp_path: Path) -> None:
    before = threading.active_count()
    calls: list[int] = []
    stop = watch([tmp_path], lambda: calls.append(1), settled=0.05)
    stop()
    (tmp_path / "chapter.md").write_text("late", encoding="utf-8")
    time.sleep(0.2)
    assert not calls and threading.active_count() == before
