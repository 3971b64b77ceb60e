"""The guard hears more than what is opened: databases, listings, programs, links, machine code, strange modules."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from bifolio.runner.measuring.view import View

if TYPE_CHECKING:
    from tests.conftest import Report


@pytest.fixture(params=["shown what is declared", "shown everything"])
def guarded(request: pytest.FixtureRequest, report: Report, anew: None) -> Report:
    """Return a report with files that a run may want to read, on a system with namespaces and on one without."""
    if request.param == "shown everything":
        request.getfixturevalue("shown_everything")
    report.write("experiments/__init__.py", "")
    report.write("data/x.csv", "1\n2\n")
    report.write("open/one.csv", "1\n")
    with sqlite3.connect(report.root / "data" / "x.db") as database:
        database.execute("create table t (v)")
    return report


def message_of(report: Report, body: str, declared: str = "seeds=1") -> str:
    report.experiment("curious", f"{body}\nrun.value('x', 1)", declared=declared)
    message = report.failure("curious").message
    assert report.results() == {}
    return message


OPENED = "a run opened a file of the project that it did not declare"
LISTED = "a run listed a folder of the project that holds what it did not declare"
CHANGED = "a run moved, linked or changed a file of the project"


@pytest.mark.parametrize(
    ("body", "problem", "found"),
    [
        ('import sqlite3; sqlite3.connect("data/x.db")', OPENED, "data/x.db"),
        ('import sqlite3; sqlite3.connect("file:data/x.db?mode=ro", uri=True)', OPENED, "data/x.db"),
        ('import os; os.listdir("data")', LISTED, None),
        ('import os; list(os.scandir("data"))', LISTED, None),
        ("import os; os.listdir()", LISTED, None),
        ('import glob; glob.glob("data/*.csv")', LISTED, None),
        ('from pathlib import Path; list(Path("data").iterdir())', LISTED, None),
        ('from pathlib import Path; list(Path(".").rglob("*.csv"))', LISTED, None),
        ('import os; list(os.walk("data"))', LISTED, None),
        ('import os; os.chdir("data")', OPENED, "data"),
        ('import os; os.link("data/x.csv", "{outside}/x.csv")', CHANGED, "data/x.csv"),
        ('import os; os.symlink("{outside}", "data/link")', CHANGED, "data/link"),
        ('import os; os.rename("data/x.csv", "{outside}/x.csv")', CHANGED, "data/x.csv"),
        ('import os; os.remove("data/x.csv")', CHANGED, "data/x.csv"),
        ('import os; os.mkdir("data/new")', CHANGED, "data/new"),
        ("import ctypes", "an experiment says what of the system its code uses", "import ctypes"),
        ('__import__("ctypes").CDLL("libm.so.6")', "a run loaded machine code without saying so", "libm.so.6"),
    ],
)
@pytest.mark.parametrize("swallowed", [False, True])
def test_it_is_heard(
    guarded: Report, tmp_path: Path, body: str, problem: str, found: str | None, swallowed: bool
) -> None:
    body = body.format(outside=tmp_path)
    message = message_of(guarded, f"try: {body}\nexcept Exception: pass" if swallowed else body)
    assert problem in message
    assert message.startswith("experiments/curious.py:1")
    assert found is None or f"found:    {found}\n" in message
    assert (guarded.root / "data" / "x.csv").read_text() == "1\n2\n"


@pytest.mark.parametrize(
    "command",
    [
        'subprocess.run(["cat", "data/x.csv"])',
        'subprocess.run("cat data/x.csv | sort", shell=True)',
        'subprocess.check_output(["sort", "--files0-from=data/x.csv"])',
        'os.system("cat data/x.csv")',
        'os.posix_spawn("/bin/cat", ["cat", "data/x.csv"], os.environ)',
    ],
)
def test_programs_are_declared_and_read_nothing_else(guarded: Report, command: str) -> None:
    body = f"import os, subprocess\n{command}"
    assert "a run started another program without saying so" in message_of(guarded, body)
    assert f"{OPENED}\n  found:    data/x.csv" in message_of(guarded, body, 'seeds=1, uses=("subprocess",)')


def test_what_is_declared_can_be_listed_queried_and_given_to_a_program(guarded: Report) -> None:
    body = """
        import glob, os, sqlite3, subprocess
        run.value("a", len(os.listdir("open")))
        run.value("b", len(glob.glob("open/*.csv")))
        run.value("c", len(subprocess.run(["cat", "open/one.csv"], capture_output=True).stdout))
        run.value("d", sqlite3.connect("data/x.db").execute("select count(*) from t").fetchone()[0])
        run.value("e", len(sqlite3.connect(":memory:").execute("select 1").fetchall()))
        """
    declared = 'seeds=1, inputs=("open/*.csv", "data/x.db"), uses=("subprocess",)'
    guarded.experiment("honest", body, declared=declared)
    assert [outcome.message for outcome in guarded.measure().values()] == [""]
    assert [value.number for value in guarded.result("honest").values.values()] == [1, 1, 2, 0, 1]


def test_a_declared_file_cannot_be_written(guarded: Report) -> None:
    message = message_of(guarded, 'open("open/one.csv", "a")', 'seeds=1, inputs=("open/*.csv",)')
    assert "a run opened a file of the project to write into it\n  found:    open/one.csv" in message


def test_a_module_from_outside_is_refused(guarded: Report, tmp_path: Path) -> None:
    (tmp_path / "strange.py").write_text("NUMBER = 1\n")
    body = f"import sys\nsys.path.append('{tmp_path}')\nimport strange"
    message = message_of(guarded, body)
    assert "a run imported a module that is neither installed nor of the report" in message
    assert f"found:    {tmp_path}/strange.py" in message


def test_a_module_from_a_folder_on_the_path_is_refused(
    guarded: Report, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "strange.py").write_text("NUMBER = 1\n")
    monkeypatch.setenv("PYTHONPATH", f"{os.environ.get('PYTHONPATH', '')}:{tmp_path}")
    monkeypatch.syspath_prepend(tmp_path)
    guarded.experiment("curious", "run.value('x', NUMBER)", imports="from strange import NUMBER")
    message = guarded.failure("curious").message
    assert "experiments/curious.py:4: a run imported a module that is neither installed nor of the report" in message


def test_what_a_forked_child_swallows_fails_the_run(guarded: Report) -> None:
    body = """
import multiprocessing
def peep():
    try: open("data/x.csv")
    except Exception: pass
process = multiprocessing.get_context("fork").Process(target=peep)
process.start()
process.join()"""
    assert f"{OPENED}\n  found:    data/x.csv" in message_of(guarded, body)


def test_an_environment_variable_is_passed_or_declared(guarded: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MY_LR", "5")
    monkeypatch.setenv("HF_HOME", "/somewhere")
    body = 'import os; run.sample("seen", [{"text": str([os.environ.get(n) for n in ("MY_LR", "HF_HOME", "HOME")])}])'
    guarded.experiment("passing", body)
    guarded.experiment("declaring", body, declared='seeds=1, variables={"MY_LR": "2"}')
    assert [outcome.message for outcome in guarded.measure().values()] == ["", ""]
    home = os.environ["HOME"]
    assert guarded.result("passing").samples["seen"].rows[0]["text"] == f"[None, '/somewhere', '{home}']"
    assert guarded.result("declaring").samples["seen"].rows[0]["text"] == f"['2', '/somewhere', '{home}']"


def test_without_namespaces_everything_is_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "other")
    view = View(tmp_path)
    assert not view.narrow((), (), tmp_path / "own")
    (tmp_path / "file").touch()
    assert view.exists(str(tmp_path / "file")) and view.hidden("file") is None
    view.make(tmp_path / "a" / "b")
    assert (tmp_path / "a" / "b").is_dir()
