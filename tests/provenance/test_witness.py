"""The witness says what a run ran on, and `dirty` only where code or settings differ from the commit."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from bifolio.provenance.witness import Commit, peak_memory, read_commit, read_machine, read_versions


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    (tmp_path / "experiments" / "results").mkdir(parents=True)
    (tmp_path / "experiments" / "a.py").write_text("x = 1\n")
    (tmp_path / "pyproject.toml").write_text("")
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "add", ".")
    git(tmp_path, "-c", "user.name=a", "-c", "user.email=a@b", "commit", "--quiet", "--message", "first")
    return tmp_path


def git(folder: Path, *arguments: str) -> str:
    return subprocess.run(["git", "-C", folder, *arguments], check=True, capture_output=True, text=True).stdout.strip()


def test_the_commit_is_that_of_the_report(repository: Path) -> None:
    assert read_commit(repository) == Commit(git(repository, "rev-parse", "HEAD"), dirty=False)


@pytest.mark.parametrize(
    ("file", "dirty"),
    [
        ("experiments/a.py", True),
        ("experiments/new.py", True),
        ("pyproject.toml", True),
        ("experiments/results/a/cpu/default/seed-0.json", False),
        ("docs/en/index.md", False),
        ("notes.txt", False),
    ],
)
def test_only_code_and_settings_make_it_dirty(repository: Path, file: str, dirty: bool) -> None:
    (repository / file).parent.mkdir(parents=True, exist_ok=True)
    (repository / file).write_text("changed")
    assert read_commit(repository).dirty is dirty


def test_a_copy_without_history_has_no_commit(tmp_path: Path) -> None:
    assert read_commit(tmp_path) == Commit("", dirty=True)


def test_versions_leave_out_what_is_not_installed() -> None:
    assert read_versions(frozenset({"pytest", "no-such-library"})) == {
        "pytest": pytest.__version__,
        "python": read_machine()["python"],
    }


def test_the_machine_is_described_without_saying_whose_it_is() -> None:
    assert set(read_machine()) == {"cores", "model", "processor", "python", "system"}
    assert peak_memory() > 1_000_000
