"""The report outlives Material: Zensical makes the same pages of the same docs/ and the same configurations.

Zensical runs no plugin of MkDocs, so what is compared is what a page says: its text, its drawings, and where its
links lead. What differs around it is listed on the report's page about the site.
"""

from __future__ import annotations

import posixpath
import re
import shutil
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest
from bifolio.project import Project, find_project
from bifolio.website.build import config_file

_VOID = {*("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr")}
_UNSAID = {"script", "style", "button", "template"}
"""Elements that are no text of the page: a theme's own."""


@dataclass(frozen=True)
class Sites:
    """The real report, built by both programs from one rendering."""

    mkdocs: Path
    zensical: Path


@pytest.fixture(scope="module")
def sites(own_site: Project, tmp_path_factory: pytest.TempPathFactory) -> Sites:
    pytest.importorskip("zensical", reason="zensical is not installed: pip install 'bifolio[test]'")
    folder = tmp_path_factory.mktemp("zensical") / "report"
    shutil.copytree(own_site.root, folder, ignore=shutil.ignore_patterns("site", ".cache", "elsewhere"))
    project = find_project(folder)
    for language in project.languages:
        command = [sys.executable, "-m", "zensical", "build", "--strict", "-f", str(config_file(project, language))]
        ended = subprocess.run(command, cwd=folder, capture_output=True, text=True)
        assert ended.returncode == 0, ended.stdout + ended.stderr
    return Sites(own_site.site, project.site)


class Article(HTMLParser):
    """What a page's article says: words, ids, what is drawn, what is linked."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.ids: list[str] = []
        self.drawn: Counter[str] = Counter()
        self.leads: list[str] = []
        self.loads: list[str] = []
        self._page = page
        self._open: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attributes}
        classes = found.get("class", "").split()
        address = found.get("src") or (found.get("href", "") if tag == "link" else "")
        if address and "canonical" not in found.get("rel", "") and "alternate" not in found.get("rel", ""):
            self.loads.append(address)
        if self._inside and not found.get("id", "").startswith("__"):  # a theme's own
            self.ids += [found["id"]] if "id" in found else []
            self.drawn.update({tag, *(f".{name}" for name in classes)} & {"svg", "img", "table", "figure", ".katex"})
            self.leads += [self._resolved(found[name]) for name in ("href", "src") if name in found]
        if tag not in _VOID:
            self._open.append((tag, found.get("class", "")))

    def handle_endtag(self, tag: str) -> None:
        places = [place for place, (name, _) in enumerate(self._open) if name == tag]
        del self._open[places[-1] if places else len(self._open) :]

    def handle_data(self, data: str) -> None:
        unsaid = any(tag in _UNSAID or "headerlink" in classes for tag, classes in self._open)
        if self._inside and not unsaid:
            self.words += data.split()

    @property
    def _inside(self) -> bool:
        return any(tag == "article" for tag, _ in self._open)

    def _resolved(self, address: str) -> str:
        if re.match(r"[a-z]+:|#", address):
            return address
        return posixpath.normpath(posixpath.join(posixpath.dirname(self._page), address))


@cache
def read(site: Path, page: str) -> Article:
    article = Article(page)
    article.feed((site / page).read_text(encoding="utf-8"))
    return article


def pages(site: Path, language: str) -> list[str]:
    """Return an edition's pages; that for a wrong address belongs to the theme."""
    found = (path.relative_to(site).as_posix() for path in (site / language).rglob("*.html"))
    return sorted(page for page in found if not page.endswith("404.html"))


def read_head(page: Path) -> str:
    return page.read_text(encoding="utf-8").partition("<body")[0]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_same_pages(sites: Sites, language: str) -> None:
    assert pages(sites.zensical, language) == pages(sites.mkdocs, language)
    assert f"{language}/evidence/digits_mlp.html" in pages(sites.mkdocs, language)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_page_says_the_same(sites: Sites, language: str) -> None:
    for page in pages(sites.mkdocs, language):
        expected, found = read(sites.mkdocs, page), read(sites.zensical, page)
        assert len(expected.words) > 20, f"{page} says next to nothing"
        assert found.words == expected.words, page


@pytest.mark.parametrize("language", ["zh", "en"])
def test_formulas_diagrams_figures_and_tables_are_drawn_alike(sites: Sites, language: str) -> None:
    total: Counter[str] = Counter()
    for page in pages(sites.mkdocs, language):
        expected, found = read(sites.mkdocs, page), read(sites.zensical, page)
        assert found.drawn == expected.drawn, page
        total += found.drawn
    assert {"svg", "img", "table", "figure", ".katex"} == {*total}, "the report has some of each"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_links_and_their_targets_are_the_same(sites: Sites, language: str) -> None:
    for page in pages(sites.mkdocs, language):
        expected, found = read(sites.mkdocs, page), read(sites.zensical, page)
        assert found.ids == expected.ids, page
        assert found.leads == expected.leads, page


@pytest.mark.parametrize("language", ["zh", "en"])
def test_language_and_title_are_the_same(sites: Sites, language: str) -> None:
    for page in pages(sites.mkdocs, language):
        heads = [read_head(site / page) for site in (sites.mkdocs, sites.zensical)]
        # Zensical puts the site's name behind the home page's title too, which is the same words again.
        titles = [re.findall(r"<title>(.*?)(?: - .*)?</title>", head) for head in heads]
        assert titles[0] == titles[1] and len(titles[0]) == 1, page
        assert all(f'<html lang="{language}"' in head for head in heads), page


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_page_loads_anything_from_another_host(sites: Sites, language: str) -> None:
    for page in pages(sites.zensical, language):
        loads = read(sites.zensical, page).loads
        assert len(loads) > 3, page
        assert [address for address in loads if re.match(r"(https?:)?//", address)] == [], page
