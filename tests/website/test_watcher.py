"""The watcher: one call for one save, none for what nobody wrote."""

from __future__ import annotations

import os
import queue
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from bifolio.website.watcher import watch

Stop = Callable[[], None]


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

    def act(changed: frozenset[Path]) -> None:
        assert changed
        (tmp_path / "chapter.md").read_text(encoding="utf-8")  # as rendering does
        calls.put(time.monotonic())

    stop = watch([tmp_path, tmp_path / "absent"], act, settled=0.1, complete=0.1)
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
    stop = watch([tmp_path], lambda changed: calls.append(len(changed)), settled=0.05)
    stop()
    (tmp_path / "chapter.md").write_text("late", encoding="utf-8")
    time.sleep(0.2)
    assert not calls and threading.active_count() == before


def collected(*places: Path, settled: float = 0.1, complete: float = 0.1) -> tuple[queue.Queue[frozenset[Path]], Stop]:
    found: queue.Queue[frozenset[Path]] = queue.Queue()
    return found, watch(places, found.put, settled=settled, complete=complete)


def test_what_changed_is_handed_over(tmp_path: Path) -> None:
    folder = tmp_path / "templates"
    folder.mkdir()
    found, stop = collected(folder)
    for name in ("one.md", "two.md"):
        (folder / name).write_text(name, encoding="utf-8")
    assert found.get(timeout=10) == {folder / "one.md", folder / "two.md"}
    (folder / "one.md").rename(folder / "three.md")
    assert found.get(timeout=10) == {folder / "one.md", folder / "three.md"}
    stop()


def test_a_pattern_watches_files_of_one_folder_only(tmp_path: Path) -> None:
    (tmp_path / "deeper").mkdir()
    found, stop = collected(tmp_path / "mkdocs*.yml")
    for name in ("notes.txt", "deeper/mkdocs.yml", "mkdocs.en.yml"):
        (tmp_path / name).write_text(name, encoding="utf-8")
    assert found.get(timeout=10) == {tmp_path / "mkdocs.en.yml"}
    time.sleep(0.3)
    stop()
    assert found.empty()


def test_a_file_that_its_writer_closed_is_not_waited_for(tmp_path: Path) -> None:
    found, stop = collected(tmp_path, settled=60, complete=0.05)
    (tmp_path / "chapter.md").write_text("saved", encoding="utf-8")
    assert found.get(timeout=10) == {tmp_path / "chapter.md"}, "an open file would be waited for, a minute"
    (tmp_path / ".chapter.md.part").write_text("saved", encoding="utf-8")
    os.replace(tmp_path / ".chapter.md.part", tmp_path / "chapter.md")
    assert found.get(timeout=10) == {tmp_path / "chapter.md"}
    stop()
