"""The report at smoke size: run once a session by the real runner, with nothing optional at hand."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from bifolio.project import Project, find_project
from bifolio.provenance.declaration import RunName
from bifolio.results.record import Result
from bifolio.results.store import read_result

from tests.conftest import MadeOnce

REPOSITORY = Path(__file__).parents[2]


@dataclass(frozen=True)
class Smoke:
    """A copy of the report in which every experiment was run, the one that is tested, and what the runner said."""

    project: Project
    experiment: str
    said: str

    def result(self, experiment: str, variant: str = "default") -> Result:
        return read_result(self.project, RunName(experiment, "smoke", variant, 0))

    @property
    def skipped(self) -> list[str]:
        """Return what the runner said of variants whose source is not on this machine."""
        return [line for line in self.said.splitlines() if f"skipped  {self.experiment} " in line]


@pytest.fixture(scope="session")
def smoked(made_once: MadeOnce) -> Path:
    """Return a copy of the report in which every experiment was run, by one command for all the files."""

    def fill(root: Path) -> None:
        (root / "nowhere").mkdir(parents=True)
        shutil.copy(REPOSITORY / "pyproject.toml", root)
        measured = shutil.ignore_patterns("results", "reproductions", "__pycache__")
        shutil.copytree(REPOSITORY / "experiments", root / "experiments", ignore=measured)
        shutil.copytree(REPOSITORY / "templates" / "formulas", root / "templates" / "formulas")
        nowhere = {"BIFOLIO_DATA": str(root / "nowhere"), "HF_HOME": str(root / "nowhere")}
        finished = subprocess.run(
            [sys.executable, "-m", "bifolio", "run", "--profile", "smoke"],
            cwd=root,
            env={**os.environ, "PYTHONPATH": str(REPOSITORY / "generator"), **nowhere},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=900,
            check=False,
        )
        (root / "said.txt").write_text(f"{finished.stdout}\nstatus {finished.returncode}\n", encoding="utf-8")

    return made_once("smoke", fill)


@pytest.fixture
def smoke(request: pytest.FixtureRequest, smoked: Path) -> Smoke:
    """Return what the experiment that a test file is named for recorded; where it failed, the test says why."""
    experiment = request.path.stem.removeprefix("test_")
    said = (smoked / "said.txt").read_text(encoding="utf-8")
    assert f"measured {experiment}" in said and f"failed   {experiment}" not in said, said
    return Smoke(find_project(smoked), experiment, said)
