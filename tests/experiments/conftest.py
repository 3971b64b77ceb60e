"""The experiment that a test file is named for: a smoke run by the real runner, with nothing optional at hand."""

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

REPOSITORY = Path(__file__).parents[2]


@dataclass(frozen=True)
class Smoke:
    """A copy of the report in which one experiment was run, with those that it needs, and what the runner said."""

    project: Project
    said: str

    def result(self, experiment: str, variant: str = "default") -> Result:
        return read_result(self.project, RunName(experiment, "smoke", variant, 0))

    @property
    def skipped(self) -> list[str]:
        """Return what the runner said of variants whose source is not on this machine."""
        return [line for line in self.said.splitlines() if line.startswith("skipped")]


@pytest.fixture(scope="module")
def smoke(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Smoke:
    """Run the experiment of a test file, once a file: files share the workers."""
    root = tmp_path_factory.mktemp("report")
    nowhere = tmp_path_factory.mktemp("nowhere")
    shutil.copy(REPOSITORY / "pyproject.toml", root)
    measured = shutil.ignore_patterns("results", "reproductions", "__pycache__")
    shutil.copytree(REPOSITORY / "experiments", root / "experiments", ignore=measured)
    shutil.copytree(REPOSITORY / "templates" / "formulas", root / "templates" / "formulas")
    experiment = request.path.stem.removeprefix("test_")
    finished = subprocess.run(
        [sys.executable, "-m", "bifolio", "run", experiment, "--profile", "smoke"],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY), "BIFOLIO_DATA": str(nowhere), "HF_HOME": str(nowhere)},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert finished.returncode == 0, finished.stdout + finished.stderr
    return Smoke(find_project(root), finished.stdout + finished.stderr)
