"""What is edited while a report is measured is never stored under the fingerprint of what stood there before."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conftest import Report

Waiting = Callable[[Callable[[], bool]], None]
Ending = Callable[[subprocess.Popen[str]], None]

BODY = """
    import time
    from pathlib import Path
    with Path("{outside}/begun").open("a") as begun:
        begun.write("x")
    while not Path("{outside}/go").exists():
        time.sleep(0.01)
    from experiments.late import LATE
    run.value("answer", NUMBER + LATE + len(Path("data/words.txt").read_text()))
    """
FILES = {
    "experiments/__init__.py": "",
    "experiments/helper.py": "NUMBER = 1\n",
    "experiments/late.py": "LATE = 1\n",
    "data/words.txt": "words",
}


@pytest.fixture
def waiting(report: Report, tmp_path: Path) -> Report:
    """Return a report whose seeds wait for a file before they read what is left to read."""
    for file, text in FILES.items():
        report.write(file, text)
    report.experiment(
        "some",
        BODY.format(outside=tmp_path),
        declared='seeds=3, inputs=("data/*.txt",)',
        imports="from experiments.helper import NUMBER",
    )
    return report


def edited_meanwhile(
    report: Report, tmp_path: Path, wait_for: Waiting, end_group: Ending, edit: Callable[[], object]
) -> tuple[int, str]:
    """Run one seed at a time, edit while the first waits; return the exit status and what was said."""
    process = report.start("run", "--jobs", "1")
    end_group(process)
    wait_for(lambda: (tmp_path / "begun").exists())
    edit()
    (tmp_path / "go").touch()
    _, err = process.communicate(timeout=60)
    return process.returncode, err


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("experiments/some.py", "NUMBER + LATE", "NUMBER - LATE"),
        ("experiments/helper.py", "1", "2"),
        ("experiments/late.py", "1", "2"),
        ("experiments/__init__.py", "", "import os"),
        ("data/words.txt", "words", "other"),
    ],
)
@pytest.mark.parametrize("replaced", [False, True])
def test_a_run_fails_and_names_the_file(
    waiting: Report, tmp_path: Path, wait_for: Waiting, end_group: Ending, file: str, old: str, new: str, replaced: bool
) -> None:
    path = waiting.root / file

    def edit() -> None:
        text = path.read_text().replace(old, new, 1)
        if replaced:  # as most editors do it
            (tmp_path / "new").write_text(text)
            os.replace(tmp_path / "new", path)
        else:
            path.write_text(text)

    status, err = edited_meanwhile(waiting, tmp_path, wait_for, end_group, edit)
    assert status == 1
    assert f"{file}: this file changed while it was measured" in err
    assert err.count("failed ") == 3, err
    assert waiting.results() == {}
    assert set(waiting.measure()) == {f"some seed {seed} (cpu)" for seed in range(3)}
    assert waiting.states() == {"some": "fresh"}


def test_an_input_that_is_edited_and_edited_back_is_noticed(
    waiting: Report, tmp_path: Path, wait_for: Waiting, end_group: Ending
) -> None:
    def edit() -> None:
        waiting.write("data/words.txt", "other")
        waiting.write("data/words.txt", "words")

    _, err = edited_meanwhile(waiting, tmp_path, wait_for, end_group, edit)
    assert "failed   some seed 0 (cpu)\ndata/words.txt: this file changed while it was measured" in err
    assert set(waiting.measure()) == {"some seed 0 (cpu)"}, "the seeds after it read what was hashed"


def test_a_file_that_is_deleted_is_named(waiting: Report, tmp_path: Path, wait_for: Waiting, end_group: Ending) -> None:
    status, err = edited_meanwhile(
        waiting, tmp_path, wait_for, end_group, (waiting.root / "experiments" / "late.py").unlink
    )
    assert status == 1
    assert "experiments/late.py: this file changed while it was measured" in err


def test_a_comment_may_be_written_meanwhile(
    waiting: Report, tmp_path: Path, wait_for: Waiting, end_group: Ending
) -> None:
    def edit() -> None:
        for file in ("experiments/some.py", "experiments/helper.py", "experiments/late.py"):
            path = waiting.root / file
            path.write_text("# a comment\n" + path.read_text())

    status, err = edited_meanwhile(waiting, tmp_path, wait_for, end_group, edit)
    assert (status, err) == (0, "")
    assert waiting.states() == {"some": "fresh"}
    assert [waiting.result("some", seed=seed).values["answer"].number for seed in range(3)] == [7, 7, 7]
