"""Citations become links in the edition's style, and the works cited a page of references."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from bifolio.chapters import render
from bifolio.errors import CitationError
from bifolio.markdown.escaping import escape, escape_attribute
from bifolio.project import Project, find_project

WORKS = r"""
@article{one, author = {Núñez, Ana}, title = {One}, journal = {A * Journal}, volume = 3,
  number = 2, pages = {1--9}, year = 2001, doi = {10.1/a(b)}}
@misc{two, author = {de la Cruz, Juan and {\'E}mile, {\v{C}}}, title = {Two <b>}, year = 2002,
  eprint = {2001.00001}, archiveprefix = {arXiv}}
@misc{three, author = {A, A and B, B and C, C}, title = {Three}, year = 2003, url = {https://x.example/p?q=1}}
@misc{many, author = {Z, Z and others}, title = {Many}, year = 2004}
@misc{same, author = {Núñez, Ana}, title = {Another}, year = 2001}
@techreport{firm, institution = {A Firm}, title = {Of a firm}, year = 2005, url = {javascript:alert(1)}}
"""


@pytest.fixture(scope="module")
def listed(measured_tiny: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a rendered report with a list of works, of which none is cited; nobody writes into it."""
    folder = tmp_path_factory.mktemp("listed") / "tiny"
    shutil.copytree(measured_tiny, folder)
    (folder / "references.bib").write_text(WORKS, encoding="utf-8")
    for path in (folder / "templates/pages/chance").glob("*.md"):
        path.write_text(
            re.sub(r'(statement) source="[^"]*"', r"\1", path.read_text(encoding="utf-8")), encoding="utf-8"
        )
    render(find_project(folder))
    return folder


@pytest.fixture
def cited(listed: Path, tmp_path: Path) -> Project:
    """Return such a report of the test's own."""
    shutil.copytree(listed, tmp_path / "tiny")
    return find_project(tmp_path / "tiny")


def cite(project: Project, text: str, language: str = "en") -> str:
    """Return what a paragraph of the first page becomes."""
    path = project.templates / f"pages/index/{language}.md"
    path.write_text(f"{path.read_text(encoding='utf-8')}\n{text}\n", encoding="utf-8")
    render(project)
    return (project.docs / language / "index.md").read_text(encoding="utf-8").rstrip().rpartition("\n\n")[2]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("See [@two].", "See ([de la Cruz and Émile, 2002](references.md#two))."),
        ("See [@three; @many].", "See ([A et al., 2003](references.md#three); [Z et al., 2004](references.md#many))."),
        ("See [@two, p. 3].", "See ([de la Cruz and Émile, 2002](references.md#two), p. 3)."),
        ("@three saw it.", "[A et al. (2003)](references.md#three) saw it."),
        (
            "(so [@three], and @many.)",
            "(so [A et al., 2003](references.md#three), and [Z et al. (2004)](references.md#many).)",
        ),
        ("[@one] and [@same]", "([Núñez, 2001b](references.md#one)) and ([Núñez, 2001a](references.md#same))"),
        ("By [@firm].", "By ([A Firm, 2005](references.md#firm))."),
        ('{{ constant(3, source="[@many]") }}', "3 ([Z et al., 2004](references.md#many))"),
        ('{{ constant(3, source="[@many]", shown=False) }}', "3"),
        ("`[@none]`, $a@none$, \\@none, me@none.example", "`[@none]`, $a@none$, &#64;none, me@none.example"),
        ("[x](https://a.example/@none)", "[x](https://a.example/@none)"),
    ],
)
def test_a_citation_in_a_sentence(cited: Project, text: str, shown: str) -> None:
    assert cite(cited, text) == shown


def test_the_style_is_the_languages(cited: Project) -> None:
    shown = "见（[de la Cruz 与 Émile，2002](references.md#two)）与[A 等（2003）](references.md#three)。"
    assert cite(cited, "见[@two]与@three。", "zh") == shown


def test_code_keeps_its_signs(cited: Project) -> None:
    assert cite(cited, "```python\n@none\nx = [@none]\n```") == "```python\n@none\nx = [@none]\n```"


def test_the_references_list_what_is_cited_escaped_and_sorted(cited: Project) -> None:
    cite(cited, "[@two; @one; @firm]")
    page = (cited.docs / "en" / "references.md").read_text(encoding="utf-8")
    items = [line for line in page.splitlines() if line.startswith("- ")]
    assert [item.partition("</span>")[0] for item in items] == [
        f'- <span id="{key}">' for key in ("firm", "two", "one")
    ]
    firm, two, one = items
    assert "javascript" not in firm
    assert "Two &#60;b&#62;" in two and "(https://arxiv.org/abs/2001.00001)" in two
    assert "*A &#42; Journal*, 3(2), 1–9" in one and "(https://doi.org/10.1/a%28b%29)" in one
    assert one.endswith("Cited in [A tiny report](index.md).")


def test_without_citations_there_is_no_page_of_references(cited: Project) -> None:
    cite(cited, "Nothing.")
    assert not (cited.docs / "en" / "references.md").exists()


def test_an_unknown_key_has_its_place_and_the_nearest(cited: Project) -> None:
    with pytest.raises(CitationError) as raised:
        cite(cited, "\n\n@thre saw it.")
    error = raised.value
    assert (error.file, error.line, error.found, error.nearest) == ("templates/pages/index/en.md", 9, "@thre", "three")


def test_model_output_cites_nothing() -> None:
    assert "@" not in escape("@one [@two]") and "@" not in escape_attribute("@one [@two]")
