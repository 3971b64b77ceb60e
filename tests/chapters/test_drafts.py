"""A draft appears nowhere in what is published, and a chapter that names it is told so."""

from __future__ import annotations

from pathlib import Path

import pytest
from bifolio.chapters import render
from bifolio.chapters.context.catalogue import Catalogue
from bifolio.errors import BifolioError
from bifolio.project import Project, find_project

DRAFT = '''"""Is this {word} yet?"""
from dataclasses import dataclass
from bifolio import Run, experiment

@dataclass(frozen=True)
class Config:
    size: int = 1

@experiment(seeds=5, {declared})
def sketch(config: Config, run: Run) -> None:
    run.no_data()
    run.value("answer", config.size)
'''


@pytest.fixture
def project(tiny: Project) -> Project:
    """Return a rendered tiny report with a draft that nothing names."""
    write(tiny, "draft=True")
    render(tiny)
    return tiny


def write(project: Project, declared: str, word: str = "unheard-of") -> None:
    path = project.experiments / "sketch.py"
    path.write_text(DRAFT.format(declared=declared, word=word), encoding="utf-8")


def docs(project: Project) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in sorted(project.docs.rglob("*")) if path.is_file()}


def test_nothing_that_is_published_knows_of_a_draft(project: Project, tiny: Project) -> None:
    with_draft = docs(project)
    assert not any("sketch" in path or b"sketch" in content for path, content in with_draft.items())
    assert not any(b"unheard-of" in content for content in with_draft.values())
    (project.experiments / "sketch.py").unlink()
    render(project, force=True)
    assert docs(project) == with_draft, "not a number of the home page counts it"


def test_it_is_published_and_taken_back_by_one_word(project: Project) -> None:
    page, index = project.docs / "en/evidence/sketch.md", project.docs / "en/evidence/index.md"
    write(project, "")
    render(project)
    assert page.is_file() and "[sketch](sketch.md)" in index.read_text(encoding="utf-8")
    write(project, "draft=True")
    render(project)
    assert not page.exists() and "sketch" not in index.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "named",
    [
        "{{ sketch.answer }}",
        "{{ sketch.config.size }}",
        "{% claim sketch.answer > 0 %}So it is.{% endclaim %}",
        '{{ source("sketch") }}',
    ],
)
def test_a_chapter_that_names_it_is_told_how_to_publish_it(project: Project, named: str) -> None:
    template = project.templates / "pages/index/en.md"
    before, text = docs(project), template.read_text(encoding="utf-8")
    template.write_text(f"{text}\nIt is\n{named}\n", encoding="utf-8")
    line = text.count("\n") + 3
    with pytest.raises(BifolioError) as error:
        render(find_project(project.root))
    assert str(error.value) == (
        f"templates/pages/index/en.md:{line}: the experiment sketch is a draft\n"
        "  found:    draft=True\n"
        "  expected: experiments/sketch.py without draft=True, which publishes it and makes no result stale"
    )
    assert docs(project) == before


def test_a_draft_that_is_broken_is_no_page_either(project: Project) -> None:
    write(project, 'draft=True, needs=("nothing",)')
    catalogue = Catalogue(project)
    assert "sketch" not in {*catalogue.declarations, *catalogue.broken, *(name for name, _ in catalogue.states)}
    before = docs(project)
    render(project)
    assert docs(project) == before


def test_checks_ask_nothing_of_a_draft(project: Project, tmp_path: Path) -> None:
    from bifolio.check import check

    found = [finding for finding in check(project) if "sketch" in str(finding)]
    assert found == []
