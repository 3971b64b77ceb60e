"""The package by its name: `from bifolio import Run` is light, the same in any order, and in no report's way."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import bifolio
import pytest
from bifolio import __version__, authoring

if TYPE_CHECKING:
    from tests.conftest import Report

GENERATOR = Path(bifolio.__file__).parents[1]
ALREADY = "import __future__, sys, typing; sys.path.insert(0, sys.argv[1]); before = {*sys.modules};"


def python(code: str) -> str:
    """Return what a new interpreter prints, into which nothing has been imported yet."""
    command = [sys.executable, "-I", "-c", ALREADY + code, str(GENERATOR)]
    ended = subprocess.run(command, capture_output=True, text=True)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout.strip()


def test_the_top_level_imports_nothing_but_itself() -> None:
    assert python("import bifolio; print(*{*sys.modules} - before)") == "bifolio"


@pytest.mark.parametrize("use", ["bifolio.__version__", "dir(bifolio)", "hasattr(bifolio, 'no_such_name')"])
def test_what_is_no_author_s_name_loads_nothing(use: str) -> None:
    assert python(f"import bifolio; {use}; print(*{{*sys.modules}} - before)") == "bifolio"


def test_what_an_author_imports_brings_no_heavy_library() -> None:
    heavy = "{'torch', 'numpy', 'cattrs', 'jinja2', 'mkdocs'}"
    assert python(f"from bifolio import Column, Run, Variant, experiment; print({heavy} & {{*sys.modules}})") == "set()"


def test_every_author_s_name_is_offered() -> None:
    assert bifolio.__all__ == authoring.__all__ == sorted(authoring.__all__)
    assert {*authoring.__all__, "__version__"} <= {*dir(bifolio)}
    assert dir(bifolio) == sorted(dir(bifolio))
    for name in authoring.__all__:
        assert getattr(bifolio, name) is getattr(authoring, name)


@pytest.mark.parametrize(
    "before",
    [
        "pass",
        "import bifolio",
        "import bifolio.authoring",
        "from bifolio import authoring",
        "import bifolio.authoring.declare, bifolio.authoring.dataset, bifolio.authoring.run",
        "import bifolio.cli, bifolio.runner.execution",
        "from bifolio import *",
    ],
)
def test_a_name_is_the_same_before_and_after_its_package_is_loaded(before: str) -> None:
    code = f"""
{before}
from bifolio import experiment, Dataset, Run
import bifolio, bifolio.authoring, bifolio.authoring.dataset, bifolio.authoring.declare, bifolio.authoring.run
assert experiment is bifolio.experiment is bifolio.authoring.experiment is bifolio.authoring.declare.experiment
assert Dataset is bifolio.Dataset is bifolio.authoring.dataset.Dataset
assert Run is bifolio.Run is bifolio.authoring.run.Run
assert bifolio.authoring is sys.modules["bifolio.authoring"]
assert callable(experiment)
"""
    assert python(f"\n{code}") == ""


def test_an_unknown_name_is_the_usual_error() -> None:
    with pytest.raises(AttributeError, match=r"^module 'bifolio' has no attribute 'experimant'$"):
        _ = bifolio.experimant
    with pytest.raises(ImportError, match=r"^cannot import name 'experimant' from 'bifolio' \("):
        from bifolio import experimant  # noqa: F401


def test_the_package_can_be_run(report: Report) -> None:
    ended = report.start("--version")
    assert ended.communicate() == (f"bifolio {__version__}\n", "")
    assert ended.returncode == 0


@pytest.mark.parametrize("verb", ["module", "script"])
def test_a_report_may_have_a_generator_of_its_own(report: Report, verb: str) -> None:
    """Modules at a report's root stand before installed ones; those of the program have one name, bifolio."""
    theirs = "class G:\n    pass\n"
    for name in ("generator", "runner", "results", "authoring", "project", "errors"):
        report.write(f"{name}.py", theirs)
    report.write("experiments/runner.py", "def half(number: int) -> float:\n    return number / 2\n")
    report.experiment(
        "generator",
        'run.value("half", half(config.size))',
        declared="seeds=2",
        imports="from experiments.runner import half",
    )
    # What the command `bifolio` is, the folder of the report on the path or not.
    call = (
        ["-m", "bifolio"] if verb == "module" else ["-c", "import sys; from bifolio.cli import main; sys.exit(main())"]
    )

    def say(*arguments: str) -> str:
        ended = subprocess.run([sys.executable, *call, *arguments], cwd=report.root, capture_output=True, text=True)
        assert ended.returncode == 0, ended.stdout + ended.stderr
        return ended.stdout

    assert "2 measured" in say("run")
    assert say("status").split() == ["generator", "cpu", "fresh", "2", "runs"]
    assert say("run").startswith("nothing to run")
