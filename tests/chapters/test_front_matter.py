"""Front matter: valid YAML whatever a page says, the author's own kept, and no line of an error moved by it."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
import yaml
from bifolio.chapters import render
from bifolio.chapters.context.catalogue import Catalogue
from bifolio.chapters.context.page import Page
from bifolio.chapters.front_matter import with_front_matter
from bifolio.errors import ChapterError, DiagramError, FormulaError
from bifolio.formats.language import load_language
from bifolio.project import Project, find_project
from hypothesis import given
from hypothesis import strategies as st


def keys(file: Path) -> dict[str, object]:
    text = file.read_text(encoding="utf-8")
    assert text.startswith("---\n")
    found = yaml.safe_load(text.split("---\n")[1])
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize("language", ["zh", "en", "de"])
def test_every_page_has_it(rendered: Path, language: str) -> None:
    pages = sorted((rendered / "docs" / language).rglob("*.md"))
    assert len(pages) == 9
    for page in pages:
        found = keys(page)
        if page.name == "references.md":
            assert "evidence" not in found
            continue
        assert found["description"] and isinstance(found["evidence"], datetime.date)
        assert str(found["evidence"].year) in str(found["evidence_note"])
        assert "state" not in found
    question = keys(rendered / "docs" / language / "chance.md")["description"]
    assert str(question).endswith(("?", "？"))


def test_results_are_those_that_the_page_shows(rendered: Path) -> None:
    chance = keys(rendered / "docs" / "en" / "chance.md")["evidence_note"]
    index = keys(rendered / "docs" / "en" / "evidence" / "index.md")["evidence_note"]
    stored = len(list((rendered / "experiments" / "results").rglob("seed-*.json")))
    assert f"{stored} of {stored} results" in str(index)
    assert str(chance).split("; ")[1] != str(index).split("; ")[1]


def test_stale_results_are_said(tiny: Project) -> None:
    code = tiny.experiments / "dice.py"
    code.write_text(code.read_text(encoding="utf-8") + "\nEXTRA = 1\n", encoding="utf-8")
    render(tiny)
    dice = keys(tiny.docs / "en" / "evidence" / "dice.md")
    assert dice["state"] == "stale" and "; 0 of " in str(dice["evidence_note"])
    assert "state" not in keys(tiny.docs / "en" / "evidence" / "letters.md")


def empty_page(rendered: Path) -> Page:
    project = find_project(rendered)
    return Page(Catalogue(project), load_language("en", project.templates), "index")


@given(text=st.text())
def test_any_paragraph_gives_valid_yaml(rendered: Path, text: str) -> None:
    front, _ = with_front_matter(empty_page(rendered), f"# Title\n\nA {text}\n")
    assert front.startswith("---\n") and front.endswith("---\n\n")
    assert set(yaml.safe_load(front.removesuffix("---\n\n")) or {}) <= {"description"}


def test_the_author_s_own_keys_stay(rendered: Path) -> None:
    text = '---\ndescription: "Mine: all"\nhide: [toc]\n---\n\n# Title\n\nA paragraph.\n'
    front, body = with_front_matter(empty_page(rendered), text)
    assert yaml.safe_load(front.split("---\n")[1]) == {"description": "Mine: all", "hide": ["toc"]}
    assert body == "# Title\n\nA paragraph.\n"


def test_a_page_of_which_nothing_is_to_be_said_has_none(rendered: Path) -> None:
    assert with_front_matter(empty_page(rendered), "```\ncode\n\nmore\n```\n") == ("", "```\ncode\n\nmore\n```\n")


def test_a_rule_at_the_top_is_no_front_matter(rendered: Path) -> None:
    front, body = with_front_matter(empty_page(rendered), "---\n\nA paragraph.\n")
    assert body == "---\n\nA paragraph.\n" and "A paragraph." in front


@pytest.mark.parametrize(
    ("own", "line", "problem"),
    [("a: [1\nb: 2\n", 3, "not valid YAML"), ("just words\n", 2, "no table")],
)
def test_front_matter_that_cannot_be_read(tiny: Project, own: str, line: int, problem: str) -> None:
    template = tiny.templates / "pages/chance/en.md"
    template.write_text(f"---\n{own}---\n{template.read_text(encoding='utf-8')}", encoding="utf-8")
    with pytest.raises(ChapterError, match=problem) as caught:
        render(tiny)
    assert (caught.value.file, caught.value.line) == ("templates/pages/chance/en.md", line)


@pytest.mark.parametrize("own", ["", "---\nhide: [toc]\n---\n\n"])
@pytest.mark.parametrize(
    ("broken", "error"), [(r"$\nonsense$", FormulaError), ("```mermaid\nflowchart LR\n  A[ --> B\n```", DiagramError)]
)
def test_errors_keep_the_template_s_line(tiny: Project, own: str, broken: str, error: type[ChapterError]) -> None:
    template = tiny.templates / "pages/chance/en.md"
    text = own + template.read_text(encoding="utf-8")
    template.write_text(f"{text}\n{broken}\n", encoding="utf-8")
    first = text.count("\n") + 2
    with pytest.raises(error) as caught:
        render(tiny)
    assert caught.value.file == "templates/pages/chance/en.md"
    assert caught.value.line is not None and first <= caught.value.line <= first + broken.count("\n")


def test_an_error_that_a_macro_made_has_the_line_of_the_macro(tiny: Project) -> None:
    template = tiny.templates / "pages/chance/en.md"
    text = template.read_text(encoding="utf-8")
    template.write_text(text + '\n{{ "$\\\\non" ~ "sense$" }}\n\nMore words.\n', encoding="utf-8")
    with pytest.raises(FormulaError) as caught:
        render(tiny)
    assert (caught.value.file, caught.value.line) == ("templates/pages/chance/en.md", text.count("\n") + 2)
