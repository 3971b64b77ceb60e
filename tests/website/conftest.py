"""The tiny report with a site: its configurations inherit this repository's own, so that these are what is tested."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import yaml
from bifolio.project import Project, find_project

from tests.conftest import MadeOnce

REPOSITORY = Path(__file__).parents[2]


def configure(project: Project) -> None:
    """Write a MkDocs configuration for each edition."""
    for language in project.languages:
        first = language == project.languages[0]
        settings = {
            "INHERIT": str(REPOSITORY / ("mkdocs.yml" if first else "mkdocs.en.yml")),
            "site_name": project.title[language],
            "docs_dir": f"docs/{language}",
            "site_dir": f"site/{language}",
            "nav": ["index.md", *(f"{name}.md" for name in project.chapters), "references.md", "evidence/index.md"],
            "theme": {"language": language},
            "extra": {
                "alternate": [{"name": one, "link": f"../{one}/", "lang": one} for one in project.languages],
            },
        }
        file = project.root / ("mkdocs.yml" if first else f"mkdocs.{language}.yml")
        file.write_text(yaml.safe_dump(settings, allow_unicode=True), encoding="utf-8")


@pytest.fixture(scope="session")
def configured(measured_tiny: Path, made_once: MadeOnce) -> Path:
    """Return a measured report with configurations; nobody writes into it."""

    def fill(folder: Path) -> None:
        shutil.copytree(measured_tiny, folder)
        configure(find_project(folder))

    return made_once("configured/tiny", fill)


@pytest.fixture
def report_with_site(configured: Path, tmp_path: Path) -> Project:
    """Return a measured report with configurations, of the test's own."""
    shutil.copytree(configured, tmp_path / "tiny")
    return find_project(tmp_path / "tiny")
