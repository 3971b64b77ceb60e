"""The site of the tiny report: three editions, joined, complete, and asking nothing of the network."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest
from bifolio.chapters import render
from bifolio.errors import BifolioError, ChapterError, ProjectError, StorageError
from bifolio.project import Project, find_project
from bifolio.website.build import Site, build_site, stale_editions

PAGES = {
    "index.html",
    "chance.html",
    "letters.html",
    "references.html",
    "evidence/index.html",
    "evidence/claims.html",
    "evidence/coins.html",
    "evidence/dice.html",
    "evidence/letters.html",
}
_LOADS = {("script", "src"), ("img", "src"), ("link", "href"), ("iframe", "src"), ("source", "src"), ("object", "data")}


class Tags(HTMLParser):
    """Collects every tag of a page with its attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def all(self, tag: str, **wanted: str) -> list[dict[str, str | None]]:
        return [found for name, found in self.tags if name == tag and wanted.items() <= found.items()]


def tags(file: Path) -> Tags:
    return Tags(file.read_text(encoding="utf-8"))


def pages(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*.html")} - {"404.html"}


@pytest.fixture(scope="module")
def built(configured: Path, tmp_path_factory: pytest.TempPathFactory) -> Site:
    """Return a site that nobody writes into."""
    folder = tmp_path_factory.mktemp("built") / "tiny"
    shutil.copytree(configured, folder)
    project = find_project(folder)
    render(project)
    return build_site(project)


@pytest.fixture
def standing(built: Site, tmp_path: Path) -> Project:
    """Return a report with a finished site, of the test's own."""
    shutil.copytree(built.folder.parent, tmp_path / "tiny")
    return find_project(tmp_path / "tiny")


def test_an_authors_picture_stands_in_every_edition_behind_an_image(standing: Project) -> None:
    picture = standing.templates / "pages" / "chance" / "wheel.svg"
    picture.write_bytes(b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>')
    for language in standing.languages:
        with open(picture.with_name(f"{language}.md"), "a", encoding="utf-8") as stream:
            stream.write("\n![A wheel](wheel.svg)\n")
    render(standing)
    build_site(standing)
    for language in standing.languages:
        page = (standing.site / language / "chance.html").read_text(encoding="utf-8")
        assert '<img alt="A wheel" src="pictures/chance/wheel.svg"' in page and "alert(1)" not in page
        assert (standing.site / language / "pictures/chance/wheel.svg").read_bytes() == picture.read_bytes()


def test_every_edition_has_every_page(built: Site) -> None:
    assert [(one.language, one.state, one.pages) for one in built.editions] == [
        (language, "built", len(PAGES)) for language in ("zh", "en", "de")
    ]
    for one in built.editions:
        assert pages(built.folder / one.language) == PAGES
        assert tags(built.folder / one.language / "index.html").all("html", lang=one.language)


def test_the_switcher_stays_on_the_page(built: Site) -> None:
    for language in ("zh", "en", "de"):
        for page in PAGES:
            file = built.folder / language / page
            found = tags(file)
            switcher = {link["hreflang"]: link["href"] for link in found.all("a", **{"class": "md-select__link"})}
            heads = {link["hreflang"]: link["href"] for link in found.all("link", rel="alternate ")}
            assert set(switcher) == set(heads) == {"zh", "en", "de"}
            for other in switcher:
                for address in (switcher[other], heads[other]):
                    assert (file.parent / str(address)).resolve() == built.folder / str(other) / page


def test_no_page_asks_another_host(built: Site) -> None:
    loaded = 0
    for file in built.folder.rglob("*.html"):
        for tag, attributes in tags(file).tags:
            for name, value in attributes.items():
                if (tag, name) in _LOADS:
                    loaded += 1
                    assert not re.match(r"(https?:)?//", value or ""), f"{file}: <{tag} {name}={value!r}>"
    for file in built.folder.rglob("*.css"):
        assert not re.search(r"url\(['\"]?(https?:)?//|@import", file.read_text(encoding="utf-8")), file
    assert loaded > 100


def test_what_a_page_loads_is_there(built: Site) -> None:
    for file in built.folder.rglob("*.html"):
        if file.name == "404.html":
            continue  # its addresses start from the top of the site
        for tag, attributes in tags(file).tags:
            for name, value in attributes.items():
                if (tag, name) in _LOADS and value:
                    assert (file.parent / value).exists(), f"{file}: <{tag} {name}={value!r}>"


def test_drawings_and_values_reach_the_page(built: Site) -> None:
    text = (built.folder / "en" / "chance.html").read_text(encoding="utf-8")
    assert 'class="katex' in text and "bf-diagram" in text and "<svg" in text
    assert "language-mermaid" not in text and "$$" not in text
    (value,) = tags(built.folder / "en" / "index.html").all("a", **{"class": "bf-value"})
    assert value["href"] == "evidence/dice.html#fair-mean" and "95 % interval" in str(value["title"])


def test_search_knows_chinese_words(built: Site) -> None:
    index = (built.folder / "zh" / "search" / "search_index.json").read_text(encoding="utf-8")
    assert "\\u200b" in index or "\u200b" in index  # what Material puts between the words that jieba finds


def test_the_dialog_of_the_search_has_a_name(built: Site) -> None:
    (dialog,) = tags(built.folder / "zh" / "index.html").all("div", role="dialog")
    assert dialog["aria-label"]


def test_every_page_has_a_policy(built: Site) -> None:
    for file in built.folder.rglob("*.html"):
        found = tags(file)
        (policy,) = found.all("meta", **{"http-equiv": "Content-Security-Policy"})
        assert str(policy["content"]).startswith("default-src 'self'; script-src 'self'")
        order = [
            tag for tag, attributes in found.tags if tag in ("script", "link", "style") or "http-equiv" in attributes
        ]
        assert order[0] == "meta", file


def test_every_page_says_what_it_is(built: Site) -> None:
    for language, locale in (("zh", "zh_CN"), ("en", "en_US"), ("de", "de_DE")):
        for page in PAGES:
            found = tags(built.folder / language / page)
            (description,) = found.all("meta", name="description")
            facts = {str(one["property"]): one["content"] for one in found.all("meta") if "property" in one}
            assert facts["og:description"] == description["content"] != ""
            assert facts["og:locale"] == locale and facts["og:title"] and facts["og:site_name"]
            assert facts["og:type"] == ("website" if page == "index.html" else "article")
            assert len([one for one in found.all("meta") if one.get("property") == "og:locale:alternate"]) == 2


def test_a_description_cannot_leave_its_attribute(standing: Project) -> None:
    template = standing.templates / "pages/chance/en.md"
    said = 'Is "5 > 3 & 2" <b>bold</b>?'
    front = f"---\ndescription: '{said}'\n---\n\n"
    template.write_text(front + template.read_text(encoding="utf-8"), encoding="utf-8")
    render(standing)
    build_site(standing)
    found = tags(standing.site / "en" / "chance.html")
    assert [one["content"] for one in found.all("meta", name="description")] == [said]
    assert [one["content"] for one in found.all("meta", property="og:description")] == [said]


def test_the_last_line_says_what_the_evidence_is(built: Site) -> None:
    text = (built.folder / "en" / "chance.html").read_text(encoding="utf-8")
    (line,) = re.findall(r'<div class="md-copyright__highlight">(.*?)</div>', text, re.DOTALL)
    assert re.search(r"evidence measured on \w+ \d+, \d{4}; (\d+) of \1 results fresh", line)
    assert "version" not in line, "this report has none"


def test_evidence_is_marked_in_the_menu_and_read_in_a_row(built: Site) -> None:
    for page, before, after in (("dice", "coins.html", "letters.html"), ("letters", "dice.html", None)):
        text = (built.folder / "en" / "evidence" / f"{page}.html").read_text(encoding="utf-8")
        (active,) = re.findall(r'<li class="md-nav__item md-nav__item--active">\s*<a href="([^"]*)"', text)
        assert active == "index.html"
        found = Tags(text)
        assert [link["href"] for link in found.all("link", rel="prev")] == [before]
        assert [link["href"] for link in found.all("link", rel="next")] == ([after] if after else [])
    chapter = (built.folder / "en" / "chance.html").read_text(encoding="utf-8")
    assert chapter.count("md-nav__item--active") == 1, "the mark is taken off again"


def test_a_lost_reader_of_an_edition_is_told_in_its_language(built: Site) -> None:
    words = {"zh": "没有这个页面", "en": "There is no such page", "de": "Diese Seite gibt es nicht"}
    for language, title in words.items():
        file = built.folder / language / "404.html"
        found = tags(file)
        assert f">{title}</h1>" in file.read_text(encoding="utf-8") and found.all("html", lang=language)
        for tag, attributes in found.tags:
            for name, value in attributes.items():
                if (
                    (tag, name) in _LOADS | {("a", "href")}
                    and value
                    and not value.startswith(("#", "https://squidfunk"))
                ):
                    target = built.folder / value.removeprefix("/")
                    assert value.startswith("/") and (target.exists() or (target / "index.html").exists()), value


def test_readers_without_scripts_have_their_dark_style(built: Site) -> None:
    text = (built.folder / "en" / "evidence" / "dice.html").read_text(encoding="utf-8")
    (address,) = re.findall(r'<noscript>\s*<link rel="stylesheet" href="([^"]*)" media="[^"]*dark[^"]*">', text)
    style = (built.folder / "en" / "evidence" / address).read_text(encoding="utf-8")
    assert "--bf-paper: #15181c" in style and "slate" not in style


def test_the_root_page_leads_to_every_edition(built: Site) -> None:
    assert built.index == built.folder / "index.html"
    found = tags(built.index)
    assert [link["href"] for link in found.all("a")] == [f"{one}/index.html" for one in ("zh", "en", "de")]
    assert [item["lang"] for item in found.all("li")] == ["zh", "en", "de"]
    assert "navigator.languages" in built.index.read_text(encoding="utf-8")
    assert not [script for script in found.all("script") if "src" in script]
    assert (built.folder / "favicon.svg").is_file()


def test_a_lost_reader_finds_the_editions_from_any_depth(built: Site) -> None:
    found = tags(built.folder / "404.html")
    assert [link["href"] for link in found.all("a")] == [f"/{one}/index.html" for one in ("zh", "en", "de")]
    assert not found.all("script")


def test_the_same_pages_give_the_same_bytes(standing: Project) -> None:
    before = {file: file.read_bytes() for file in standing.site.rglob("*") if file.is_file()}
    site = build_site(standing, force=True)
    assert {one.state for one in site.editions} == {"built"}
    after = {file: file.read_bytes() for file in standing.site.rglob("*") if file.is_file()}
    assert [str(file) for file in before if after.get(file) != before[file]] == []
    assert set(after) == set(before)


def test_only_a_changed_edition_is_built(standing: Project) -> None:
    assert {one.state for one in build_site(standing).editions} == {"unchanged"}
    page = standing.docs / "en" / "chance.md"
    page.write_text(page.read_text(encoding="utf-8") + "\nOne more sentence.\n", encoding="utf-8")
    site = build_site(standing)
    assert {one.language: one.state for one in site.editions} == {"zh": "unchanged", "en": "built", "de": "unchanged"}
    assert site.lines[1] == "site/en: 9 pages, built"


@pytest.mark.parametrize("library", ["mkdocs", "jinja2", "babel", "mkdocs_material", "merman"])
def test_another_version_of_a_library_builds_every_edition(
    standing: Project, install: Callable[..., None], library: str
) -> None:
    assert stale_editions(standing) == []
    install(**{library: "99"})
    assert stale_editions(standing) == ["zh", "en", "de"]
    install()
    assert stale_editions(standing) == []


def test_a_memo_that_is_damaged_builds_again(standing: Project) -> None:
    memo = standing.cache / "site.json"
    memo.write_bytes(memo.read_bytes().replace(b"zh", b"en"))
    assert stale_editions(standing) == ["zh", "en", "de"]


def test_a_page_written_by_somebody_else_is_built_again(standing: Project) -> None:
    page = standing.site / "zh" / "index.html"
    page.write_text("half a page", encoding="utf-8")
    assert [one.state for one in build_site(standing).editions] == ["built", "unchanged", "unchanged"]
    assert "half a page" not in page.read_text(encoding="utf-8")


def break_link(project: Project) -> None:
    # A template, because the plugin writes docs/ again.
    template = project.templates / "pages/letters/en.md"
    template.write_text(template.read_text(encoding="utf-8") + "\n[nowhere](absent.md#x)\n", encoding="utf-8")


def break_name(project: Project) -> None:
    template = project.templates / "pages/letters/en.md"
    template.write_text(template.read_text(encoding="utf-8") + "\n{{ letters.seen_pear }}\n", encoding="utf-8")


@pytest.mark.parametrize(
    ("damage", "expected"),
    [
        (break_link, "mkdocs.en.yml: MkDocs cannot build the edition en\n  found:    Doc file 'letters.md' contains"),
        (break_name, "templates/pages/letters/en.md:"),
    ],
)
def test_a_page_that_fails_leaves_the_old_site(standing: Project, damage: object, expected: str) -> None:
    assert callable(damage)
    before = {file: file.read_bytes() for file in standing.site.rglob("*") if file.is_file()}
    damage(standing)
    with pytest.raises(ChapterError) as caught:
        build_site(standing, force=True)
    assert str(caught.value).startswith(expected)
    assert {file: file.read_bytes() for file in standing.site.rglob("*") if file.is_file()} == before
    assert not list(standing.cache.glob("site-*"))


def test_an_edition_without_a_configuration(standing: Project) -> None:
    (standing.root / "mkdocs.de.yml").unlink()
    with pytest.raises(ProjectError) as caught:
        build_site(standing)
    assert str(caught.value) == (
        "the edition de has no configuration\n  found:    no such file\n  expected: mkdocs.de.yml"
    )


def test_a_full_disk_leaves_the_old_site(standing: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    before = {file: file.read_bytes() for file in standing.site.rglob("*") if file.is_file()}
    real = os.replace

    def replace(source: Path, target: Path) -> None:
        if target == standing.site / "zh" and source.name == "zh":  # not when the old one is put back
            raise OSError(28, "No space left on device")
        real(source, target)

    monkeypatch.setattr("os.replace", replace)
    with pytest.raises(StorageError, match="No space left on device"):
        build_site(standing, force=True)
    assert {file: file.read_bytes() for file in standing.site.rglob("*") if file.is_file()} == before


def test_every_error_is_ours(standing: Project) -> None:
    (standing.root / "mkdocs.yml").write_text("site_name: [\n", encoding="utf-8")
    with pytest.raises(BifolioError, match=r"^mkdocs\.yml: "):
        build_site(standing, force=True)


def test_a_site_offers_no_file_that_it_does_not_have(built: Site) -> None:
    assert not list(built.folder.glob("*/downloads"))
    assert all("downloads/" not in file.read_text(encoding="utf-8") for file in built.folder.rglob("*.html"))


def test_the_files_of_an_edition_stand_in_its_site_and_every_page_leads_to_them(
    standing: Project, tmp_path: Path
) -> None:
    book = tmp_path / "tiny-report.de.pdf"
    book.write_bytes(b"%PDF")
    site = build_site(standing, downloads={"de": (book,)})
    assert {one.language: (one.state, one.pages) for one in site.editions} == {
        "zh": ("unchanged", len(PAGES)),
        "en": ("unchanged", len(PAGES)),
        "de": ("built", len(PAGES)),
    }
    assert (site.folder / "de" / "downloads" / book.name).read_bytes() == b"%PDF"
    for page, address in (("chance.html", "downloads"), ("evidence/dice.html", "../downloads")):
        links = [link["href"] for link in tags(site.folder / "de" / page).all("a")]
        assert f"{address}/{book.name}" in links
    assert {one.state for one in build_site(standing, downloads={"de": (book,)}).editions} == {"unchanged"}
    assert stale_editions(standing) == []  # whoever shows the site while it is written builds nothing for this
    site = build_site(standing)
    assert [one.state for one in site.editions] == ["unchanged", "unchanged", "built"]
    assert not (site.folder / "de" / "downloads").exists()
