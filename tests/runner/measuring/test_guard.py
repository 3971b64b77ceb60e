"""During a run, what was not declared cannot be read: nothing escapes the fingerprint."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from bifolio.programs import PACKAGE
from bifolio.runner.measuring.guard import Guard

if TYPE_CHECKING:
    from tests.conftest import Report

EXPECTED = '  expected: an import statement that names the module, or @experiment(inputs=("path",), ...)'


@pytest.fixture
def guarded(report: Report) -> Report:
    """Return a report with files that an experiment may want to read."""
    report.write("experiments/__init__.py", "")
    report.write("data/secret.txt", "secret")
    report.write("experiments/hidden.py", "SECRET = 1\n")
    report.write("beside.py", "SECRET = 1\n")
    return report


def caught(report: Report, body: str, **more: str) -> str:
    report.experiment("curious", f"{body}\nrun.value('x', 1)", **more)
    message = report.failure("curious").message
    assert report.results() == {}
    return message


@pytest.mark.parametrize(
    ("body", "file"),
    [
        ('open("{root}/data/secret.txt").read()', "data/secret.txt"),
        ('__import__("pathlib").Path("{root}/data/secret.txt").read_bytes()', "data/secret.txt"),
        ('import os; os.open("{root}/data/secret.txt", os.O_RDONLY)', "data/secret.txt"),
        ('import os; os.open(b"{root}/data/../data/secret.txt", os.O_RDONLY)', "data/secret.txt"),
        ('import os; os.chdir("{root}/data"); open("secret.txt")', "data"),
        ('open("{root}/new.txt", "w")', "new.txt"),
        ('import importlib; importlib.import_module("experiments.hidden")', "experiments/hidden.py"),
        ('__import__("experiments.hidden")', "experiments/hidden.py"),
        ('exec("from experiments import hidden")', "experiments/hidden.py"),
        ('import importlib; importlib.import_module("beside")', "beside.py"),
        ('import runpy; runpy.run_path("{root}/beside.py")', "beside.py"),
    ],
)
def test_what_was_not_declared_cannot_be_read(guarded: Report, body: str, file: str) -> None:
    message = caught(guarded, body.format(root=guarded.root))
    assert message == (
        "experiments/curious.py:12: a run opened a file of the project that it did not declare\n"
        f"  found:    {file}\n{EXPECTED}"
    )


def test_an_import_statement_of_a_module_outside_experiments_is_caught(
    guarded: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    # `python -m bifolio` puts the report's folder on the path, of the processes that import things early too
    monkeypatch.syspath_prepend(guarded.root)
    message = caught(guarded, "pass", imports="import beside")
    assert "found:    beside.py" in message
    assert message.startswith("experiments/curious.py:4: ")


def test_a_module_beside_the_experiments_is_not_imported_before_the_guard_watches(guarded: Report) -> None:
    guarded.experiment("curious", imports="import beside")
    process = guarded.start("run")
    out, err = process.communicate(timeout=30)
    assert process.returncode == 1, out
    assert "a run opened a file of the project that it did not declare\n  found:    beside.py" in err


@pytest.mark.parametrize(
    "swallowing",
    [
        'try: open("{root}/data/secret.txt")\nexcept Exception: pass',
        'try: import importlib; importlib.import_module("experiments.hidden")\nexcept Exception: pass',
        'import contextlib\nwith contextlib.suppress(BaseException): open("{root}/data/secret.txt")',
    ],
)
def test_an_error_that_is_swallowed_fails_the_run_at_its_end(guarded: Report, swallowing: str) -> None:
    message = caught(guarded, swallowing.format(root=guarded.root))
    assert "a run opened a file of the project that it did not declare" in message


def test_a_link_from_outside_into_the_project_is_followed(guarded: Report, tmp_path: Path) -> None:
    (tmp_path / "outside.txt").symlink_to(guarded.root / "data" / "secret.txt")
    assert "found:    data/secret.txt" in caught(guarded, f'open("{tmp_path}/outside.txt")')


@pytest.mark.parametrize("folder", [False, True])
def test_a_link_from_the_project_to_outside_is_a_file_of_the_project(
    guarded: Report, tmp_path: Path, folder: bool
) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "file.txt").write_text("far away")
    if folder:
        (guarded.root / "linked").symlink_to(tmp_path / "outside")
    else:
        (guarded.root / "linked").mkdir()
        (guarded.root / "linked" / "file.txt").symlink_to(tmp_path / "outside" / "file.txt")
    assert "found:    linked/file.txt" in caught(guarded, f'open("{guarded.root}/linked/file.txt")')


def test_what_was_declared_can_be_read(guarded: Report, tmp_path: Path) -> None:
    (tmp_path / "outside.txt").write_text("free")
    (guarded.root / "data" / "linked.txt").symlink_to(tmp_path / "outside.txt")
    guarded.experiment(
        "honest",
        f"""
        import json, sqlite3, os
        run.value("a", len(open("{guarded.root}/data/secret.txt").read()))
        run.value("b", len(open("{guarded.root}/data/linked.txt").read()))
        run.value("c", len(open("{tmp_path}/outside.txt").read()))
        run.value("d", SECRET)
        run.value("e", len(os.listdir("{guarded.root}/data")))
        """,
        declared='seeds=1, inputs=("data/*.txt",)',
        imports="from experiments.hidden import SECRET",
    )
    assert [outcome.kind for outcome in guarded.measure().values()] == ["measured"]
    assert guarded.result("honest").values["a"].number == 6


@pytest.mark.parametrize("compiled", [False, True])
def test_packages_are_declared_by_the_import_that_runs_them(
    guarded: Report, monkeypatch: pytest.MonkeyPatch, compiled: bool
) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", not compiled)
    guarded.write("experiments/deep/__init__.py", "from .leaf import X\n")
    guarded.write("experiments/deep/leaf.py", "X = 1\n")
    if compiled:
        import compileall

        assert compileall.compile_dir(guarded.root / "experiments", quiet=2)
    guarded.experiment("plain")
    guarded.experiment("deep_user", imports="from experiments.deep.leaf import X")
    assert {outcome.kind for outcome in guarded.measure().values()} == {"measured"}


def test_the_program_may_lie_inside_the_report() -> None:
    watching = Guard(PACKAGE.parent, frozenset({"beside.py"}))
    assert not watching._forbids(str(PACKAGE / "authoring" / "run.py"))
    assert not watching._forbids(str(PACKAGE.parent / "beside.py"))
    assert watching._forbids(str(PACKAGE.parent / "other.py"))
