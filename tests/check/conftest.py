"""The tiny report with enough seeds, described diagrams and a cited work, so that nothing in it is worth a warning."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from bifolio.chapters import render
from bifolio.check import Finding, check
from bifolio.check.drift import keep_agreement
from bifolio.project import Project, find_project

from tests.conftest import MadeOnce, Report

TINY = Path(__file__).parents[1] / "tiny_report"
BIBLIOGRAPHY = """@article{throw1654,
  author = {Pascal, Blaise and Fermat, Pierre de},
  title = {On the {P}roblem of {P}oints},
  year = {1654},
}
"""


@pytest.fixture(scope="session")
def trusted(made_once: MadeOnce) -> Path:
    """Return the report, measured and rendered once a session; nobody writes into it."""

    def fill(folder: Path) -> None:
        shutil.copytree(TINY, folder, ignore=shutil.ignore_patterns("__pycache__"))
        for path in (folder / "experiments").glob("*.py"):
            change(path, lambda text: re.sub(r"\bseeds=\d+", "seeds=5", text))
            if "run.split" not in path.read_text(encoding="utf-8"):
                change(path, lambda text: text.replace("    run.value(", "    run.no_data()\n    run.value(", 1))
        for path in (folder / "templates/pages/chance").glob("*.md"):
            change(path, lambda text: re.sub(r"(flowchart LR\n)", r"\1  accTitle: A\n  accDescr: B\n", text))
            edit(path, 'expected="not supported" if=dice', 'expected="holds" if=dice')  # more seeds decide it
        for path in (folder / "templates/pages/index").glob("*.md"):
            change(path, lambda text: f"{text}\n@throw1654 [@throw1654, p. 1].\n")
        change(folder / "references.bib", lambda text: f"{BIBLIOGRAPHY}{text}")
        assert {outcome.kind for outcome in Report(folder).measure().values()} == {"measured"}
        render(find_project(folder))
        keep_agreement(find_project(folder))

    return made_once("trusted/tiny", fill)


@pytest.fixture
def edited(trusted: Path, tmp_path: Path) -> Project:
    """Return a report of the test's own, in which nothing is wrong yet."""
    shutil.copytree(trusted, tmp_path / "tiny")
    return find_project(tmp_path / "tiny")


def change(path: Path, how: Callable[[str], str]) -> None:
    """Rewrite a file."""
    before = path.read_text(encoding="utf-8")
    path.write_text(how(before), encoding="utf-8")


def edit(path: Path, before: str, after: str) -> None:
    """Replace what stands in a file."""
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after), encoding="utf-8")


def add(path: Path, text: str) -> None:
    """Append a paragraph to a template."""
    path.write_text(f"{path.read_text(encoding='utf-8')}\n{text}\n", encoding="utf-8")


def only(project: Project, rule: str) -> list[Finding]:
    """Return what one rule finds."""
    return [finding for finding in check(project) if finding.rule == rule]
