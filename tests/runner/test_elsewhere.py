"""A run comes home: executed under another root without access to the report's own, it gives the same bytes."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from unittest import mock

import pytest
from bifolio.project import Project
from bifolio.runner.execution import execute_plan
from bifolio.runner.executors import Executor
from bifolio.runner.executors.forks import Forks
from bifolio.runner.plan import Plan, make_plan
from bifolio.runner.task import Outcome

from tests.runner.elsewhere import Elsewhere

if TYPE_CHECKING:
    from tests.conftest import Report

MACHINE_S = re.compile(rb'"(checksum|date|duration|memory)": [^,\n]*')
"""What two runs of the same on the same machine do not share."""


@pytest.fixture
def rich(report: Report) -> Report:
    """Return a committed report with needs, weights, images, inputs, variables, and code that experiments share."""
    report.write("data/factor.txt", "3")
    report.write("experiments/shared.py", "def read():\n    return int(open('data/factor.txt').read())\n")
    report.experiment(
        "up",
        """
        import random
        with run.weights() as folder:
            (folder / "layers").mkdir()
            (folder / "layers" / "model.bin").write_bytes(random.randbytes(100_000))
        for step in run.progress(range(3)):
            pass
        run.value("loss", random.random() * read())
        run.image("square", [[run.seed, 2], [3, 4]])
        """,
        declared='seeds=2, inputs=("data/*.txt",)',
        imports="from experiments.shared import read",
    )
    report.experiment(
        "down",
        """
        import hashlib, os
        need = run.need("up")
        content = (need.weights / "layers" / "model.bin").read_bytes()
        run.sample("read", [{"sha": hashlib.sha256(content).hexdigest(), "home": os.environ["HOME_IS"]}])
        run.value("double", 2 * need.value("loss"))
        with run.weights() as folder:
            (folder / "tuned.bin").write_bytes(content[::-1])
        """,
        declared='seeds=2, needs=("up",), variables={"HOME_IS": "far"}',
    )
    for words in (("init",), ("add", "."), ("-c", "user.name=a", "-c", "user.email=a@b", "commit", "-m", "first")):
        subprocess.run(["git", "-C", report.root, *words], check=True, capture_output=True)
    return report


def measured(report: Report, executor: Callable[[Project, Plan], Executor]) -> dict[str, Outcome]:
    with mock.patch.dict(os.environ):
        ended = execute_plan(
            report.project, make_plan(report.project, profile="cpu"), 2, lambda outcome, standing: None, executor
        )
    return {str(outcome.name): outcome for outcome in ended.outcomes}


def weights(report: Report) -> dict[str, bytes]:
    folder = report.root / ".cache" / "weights"
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def test_a_run_that_was_executed_elsewhere_gives_the_same_bytes(rich: Report, tmp_path: Path) -> None:
    other = type(rich)(shutil.copytree(rich.root, tmp_path / "other"))
    outcomes = measured(rich, Forks)
    assert {outcome.kind for outcome in outcomes.values()} == {"measured"}, outcomes
    assert measured(other, partial(Elsewhere, folder=tmp_path)).keys() == outcomes.keys()
    assert rich.result("up").witness.commit != "" and not rich.result("up").witness.dirty
    ours, theirs = (
        {name: MACHINE_S.sub(b"", content) for name, content in report.results().items()} for report in (rich, other)
    )
    assert len(ours) == 6  # four results, two images
    assert theirs == ours
    assert len(weights(rich)) == 4
    assert weights(other) == weights(rich)
    assert other.states() == {"down": "fresh", "up": "fresh"}
    assert list(other.root.rglob(".*.part")) == []


def test_what_failed_elsewhere_is_told_at_home(rich: Report, tmp_path: Path) -> None:
    rich.edit("experiments/down.py", "content[::-1]", "content[::0]")
    outcomes = measured(rich, partial(Elsewhere, folder=tmp_path))
    failed = outcomes["down seed 0 (cpu)"]
    assert failed.message == "experiments/down.py:19: ValueError: slice step cannot be zero"
    assert "content[::0]" in failed.trace
    assert outcomes["up seed 1 (cpu)"].kind == "measured"
    assert len(weights(rich)) == 2


def test_the_witness_is_of_the_machine_that_executed_the_run(report: Report, tmp_path: Path) -> None:
    library = tmp_path / "library"
    library.mkdir()
    (library / "only_there.py").write_text("SIZE = 7\n")
    (library / "only_there-1.2.dist-info").mkdir()
    (library / "only_there-1.2.dist-info" / "METADATA").write_text("Name: only_there\nVersion: 1.2\n")
    report.experiment("one", 'run.value("size", SIZE)', imports="from only_there import SIZE")
    executor = partial(Elsewhere, folder=tmp_path, pythonpath=str(library))
    assert [outcome.message for outcome in measured(report, executor).values()] == [""]
    assert report.result("one").values["size"].number == 7
    assert report.result("one").witness.versions == {"only_there": "1.2"}


def test_other_libraries_elsewhere_are_refused_there(report: Report, tmp_path: Path) -> None:
    report.experiment("one", imports="import pytest")
    with open(report.root / "pyproject.toml", "a") as stream:
        stream.write('profiles.cpu.environment = { pytest = "1.0" }\n')
    (outcome,) = measured(report, partial(Elsewhere, folder=tmp_path)).values()
    assert outcome.kind == "failed"
    assert outcome.message == (
        "pyproject.toml: numbers of the profile cpu cannot be measured here: the libraries are others\n"
        f"  found:    pytest {pytest.__version__}\n  expected: pytest 1.0"
    )
    assert report.results() == {}
