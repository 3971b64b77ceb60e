"""One template rendered as the only page of a report."""

from __future__ import annotations

import re

import pytest
from bifolio.chapters import render
from bifolio.errors import BifolioError
from bifolio.project import Project


def rendered(project: Project, template: str) -> str:
    """Return what a template writes on the English home page of a report that has no other page."""
    settings = project.root / "pyproject.toml"
    settings.write_text('[tool.bifolio]\nlanguages = ["en"]\npages = ["index"]\n')
    page = project.templates / "pages/index/en.md"
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text(template, encoding="utf-8")
    render(Project(**{**vars(project), "languages": ("en",), "chapters": ()}))
    text = (project.docs / "en" / "index.md").read_text(encoding="utf-8").replace("\u00a0", " ")
    return re.sub(r"\A---\n.*?\n---\n+", "", text, flags=re.DOTALL)


def refused(project: Project, template: str) -> str:
    with pytest.raises(BifolioError) as error:
        rendered(project, template)
    return str(error.value)
