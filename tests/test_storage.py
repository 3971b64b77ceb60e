"""A file is written whole or not at all, and only when its content changed."""

from __future__ import annotations

import errno
import os
import resource
import signal
from pathlib import Path

import pytest
from bifolio.errors import StorageError
from bifolio.storage import write_file


def test_a_file_is_written_with_its_folders_and_nothing_beside_it(tmp_path: Path) -> None:
    assert write_file(tmp_path / "a" / "b" / "c.txt", "对页")
    assert [path.name for path in (tmp_path / "a" / "b").iterdir()] == ["c.txt"]
    assert (tmp_path / "a" / "b" / "c.txt").read_text(encoding="utf-8") == "对页"


def test_what_has_not_changed_is_not_written(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    write_file(file, b"same")
    os.utime(file, ns=(1, 1))
    assert not write_file(file, "same")
    assert file.stat().st_mtime_ns == 1
    assert write_file(file, "other")


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS, errno.EACCES])
@pytest.mark.parametrize("step", ["fsync", "replace", "mkdir"])
def test_a_disk_that_refuses_leaves_the_good_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, step: str
) -> None:
    file = tmp_path / "a.txt"
    write_file(file, "good")

    def refuse(*arguments: object, **options: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(*((Path, "mkdir") if step == "mkdir" else (os, step)), refuse)
    with pytest.raises(StorageError) as caught:
        write_file(file, "bad")
    assert str(caught.value) == f"{file}: the file cannot be written: {os.strerror(number)}"
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]
    assert file.read_text() == "good"


def test_a_disk_that_fills_in_the_middle_of_a_file_leaves_the_good_one(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    write_file(file, "good")
    child = os.fork()
    if child == 0:  # the limit is the process's: nothing of it may stay in this one
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
        try:
            write_file(file, b"x" * 100_000)
        except StorageError as error:
            os._exit(0 if "File too large" in str(error) else 1)
        os._exit(2)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert file.read_text() == "good"
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]


def test_a_folder_where_the_file_should_be_is_said(tmp_path: Path) -> None:
    (tmp_path / "a.txt").mkdir()
    with pytest.raises(StorageError, match="Is a directory"):
        write_file(tmp_path / "a.txt", "x")
