"""The PDF: its structure, its text, its links, its bytes; and what it refuses."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from bifolio.chapters import render
from bifolio.errors import BifolioError, ChapterError
from bifolio.export.manuscript import Manuscript, read_manuscript
from bifolio.export.pdf import write_pdf
from bifolio.export.pdf.tree import FENCE, TEXT, Node, find_named, plain, read_tree, walk
from bifolio.project import Project, find_project

from tests.export.outline import outcomes_told
from tests.export.pdf_structure import Book, outline, squeezed

LANGUAGES = ("de", "en", "zh")
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


def made(project: Project, language: str) -> bytes:
    return write_pdf(project, read_manuscript(project, language), lambda _: None)


@pytest.fixture(scope="session")
def books(described: Path) -> dict[str, Book]:
    """Return the tiny report's PDFs by language."""
    project = find_project(described)
    return {language: Book(made(project, language)) for language in LANGUAGES}


@pytest.fixture(params=LANGUAGES)
def edition(request: pytest.FixtureRequest, described: Path, books: dict[str, Book]) -> tuple[Manuscript, Book]:
    """Return an edition and its PDF."""
    return read_manuscript(find_project(described), request.param), books[request.param]


def all_nodes(manuscript: Manuscript) -> Iterator[Node]:
    for page in manuscript.pages:
        yield from walk(read_tree(page))


def headings(manuscript: Manuscript) -> Iterator[str]:
    for page in manuscript.pages:
        for heading in find_named(read_tree(page), *HEADINGS):
            yield squeezed(plain(heading.children))


def test_every_heading_is_a_bookmark_in_order(edition: tuple[Manuscript, Book]) -> None:
    manuscript, book = edition
    found = [squeezed(re.sub(r"^([A-Z]|\d+)(\.\d+)* ", "", words)) for _, words in book.bookmarks()]
    assert found[0] == squeezed(manuscript.language.say("export.contents"))
    assert found[1:] == list(headings(manuscript))


def test_the_outline_is_the_golden_one(books: dict[str, Book]) -> None:
    """Write the file anew, and look at its difference, with BIFOLIO_GOLDEN=1."""
    golden = Path(__file__).with_name("tiny.en.pdf.txt")
    if os.environ.get("BIFOLIO_GOLDEN"):
        golden.write_text(outline(books["en"]), encoding="utf-8")
    assert outline(books["en"]) == golden.read_text(encoding="utf-8")


def test_bookmarks_nest_as_sections_do(books: dict[str, Book]) -> None:
    numbered = [(depth, words.split(" ")[0]) for depth, words in books["en"].bookmarks()[1:]]
    assert numbered[0] == (0, "1")
    assert (1, "1.1") in numbered
    assert (0, "A") in numbered
    assert (2, "A.2.1") in numbered
    assert all(depth == number.count(".") for depth, number in numbered)


def test_figures_tables_and_formulas_are_all_there(edition: tuple[Manuscript, Book]) -> None:
    manuscript, book = edition
    nodes = list(all_nodes(manuscript))
    diagrams = sum(node.drawn is not None and node.drawn.kind == "diagram" for node in nodes)
    formulas = sum(node.drawn is not None and node.drawn.kind != "diagram" for node in nodes)
    images = sum(node.name == "img" for node in nodes)
    tables = sum(node.name == "table" for node in nodes)
    assert (images, diagrams, formulas) > (2, 0, 0)
    assert book.counts("Figure", "Formula", "Table") == {
        "Figure": images + diagrams,
        "Formula": formulas,
        "Table": tables,
    }


@pytest.mark.parametrize(
    ("language", "figure", "table"),
    [("zh", "图1.1", "表1.1"), ("en", "Figure1.1", "Table1.1"), ("de", "Abbildung1.1", "Tabelle1.1")],
)
def test_captions_and_sentences_say_the_same_number(
    books: dict[str, Book], language: str, figure: str, table: str
) -> None:
    text = re.sub(r"\s", "", books[language].text())
    assert text.count(figure) == 2 and text.count(table) == 3


def test_every_picture_and_formula_speaks(edition: tuple[Manuscript, Book]) -> None:
    manuscript, book = edition
    spoken = [tag.alt for tag in book.tags() if tag.name in ("Figure", "Formula")]
    assert all(spoken)
    nodes = list(all_nodes(manuscript))
    for node in nodes:
        if node.name == "img":
            assert node.attributes["alt"] in spoken
        elif node.drawn and node.drawn.kind != "diagram":
            assert " ".join(node.drawn.source.split()) in spoken


def test_nothing_is_left_out(edition: tuple[Manuscript, Book]) -> None:
    """Every word of the pages is in the book; characters without spaces between them are counted."""
    manuscript, book = edition
    text = book.text()
    shown = [node.text for node in all_nodes(manuscript) if node.name in (TEXT, FENCE, "code")]
    words = {squeezed(word) for one in shown for word in re.findall(r"[^\W\d_a-z]?[a-zA-ZÀ-ÿ]{2,}", one)}
    assert len(words) > 100
    assert [word for word in sorted(words) if word not in text] == []
    han = "".join(re.findall(r"[一-鿿]", "".join(node.text for node in all_nodes(manuscript) if node.name == TEXT)))
    assert [mark for mark in sorted(set(han)) if text.count(mark) < han.count(mark)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_outcome_has_the_word_and_the_interval_of_the_site(
    described: Path, books: dict[str, Book], language: str
) -> None:
    told = outcomes_told(described / "docs", language)
    assert len(told) == 3
    assert [one for one in told if squeezed("".join(one)) not in squeezed(books[language].text())] == []


def test_links_lead_somewhere(edition: tuple[Manuscript, Book]) -> None:
    manuscript, book = edition
    inside = 0
    for link in book.links():
        assert link["/Contents"], "a link says where it leads"
        if "/Dest" in link:
            assert book.page_of(link["/Dest"]) is not None, link["/Dest"]
            inside += 1
        else:
            assert str(link["/A"]["/URI"]).startswith(("http://", "https://", "mailto:"))
    written = [node for node in all_nodes(manuscript) if node.name == "a" and "://" not in node.attributes["href"]]
    beside = sum(node.attributes["href"].endswith(".csv") for node in written)
    assert inside >= len(written) - beside > 20


def test_a_number_leads_to_the_page_with_its_evidence(books: dict[str, Book]) -> None:
    book = books["en"]
    number = next(page for page in book.reader.pages if "After" in page.extract_text())
    places = [found.get_object().get("/Dest") for found in number["/Annots"]]
    led = {book.page_of(place) for place in places if place}
    shown = [book.reader.pages[one].extract_text() for one in led if one is not None]
    assert any(re.search(r"A\.\d dice", text) and "share_of_sixes" in text for text in shown)


def test_fonts_are_embedded(edition: tuple[Manuscript, Book]) -> None:
    fonts = edition[1].fonts()
    assert len(fonts) >= 4
    assert [name for name, embedded in fonts.items() if not embedded] == []
    assert any("SourceSerif4" in name for name in fonts)


def test_the_file_says_what_it_is(edition: tuple[Manuscript, Book]) -> None:
    manuscript, book = edition
    assert str(book.root["/Lang"]).split("-")[0] == manuscript.language.code
    assert book.root["/MarkInfo"]["/Marked"]
    assert book.root["/ViewerPreferences"]["/DisplayDocTitle"]
    information = book.reader.metadata
    assert information
    assert information.title == manuscript.title
    assert information.creation_date
    assert information.creation_date.date().isoformat() == manuscript.evidence_date
    assert b"<pdfuaid:part>1</pdfuaid:part>" in book.root["/Metadata"].get_data()


def test_headings_leave_out_no_level(edition: tuple[Manuscript, Book]) -> None:
    levels = [int(tag.name[1]) for tag in edition[1].tags() if re.fullmatch(r"H\d", tag.name)]
    assert levels[0] == 1
    assert all(below <= above + 1 for above, below in pairwise(levels))


def test_a_validator_finds_nothing(described: Path, tmp_path: Path) -> None:
    pdfua = pytest.importorskip("pdfua") if "CI" not in os.environ else __import__("pdfua")
    file = tmp_path / "book.pdf"
    file.write_bytes(made(find_project(described), "zh"))
    report = pdfua.validate(str(file))
    assert [f"{found.rule_id}: {found.message}" for found in report.findings] == []


def test_the_data_of_figures_are_attached(edition: tuple[Manuscript, Book]) -> None:
    manuscript, book = edition
    linked = {
        node.attributes["href"] for node in all_nodes(manuscript) if node.attributes.get("href", "").endswith(".csv")
    }
    assert len(book.reader.attachments) == len(linked) > 0
    assert all(content[0].count(b",") for content in book.reader.attachments.values())


def test_a_file_that_pages_share_is_printed_once(report: Project) -> None:
    book = Book(made(report, "en"))
    again = [page.extract_text() for page in book.reader.pages if "printed on p." in page.extract_text()]
    shown = [
        node.text.rstrip("\n")
        for page in read_manuscript(report, "en").part("evidence")
        for node in walk(read_tree(page))
        if node.name == FENCE and node.text.count("\n") > 5
    ]
    repeated = len(shown) - len(set(shown))
    assert sum(text.count("printed on p.") for text in again) == repeated


def test_the_same_pages_give_the_same_bytes(described: Path, tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from bifolio.project import find_project\n"
        "from bifolio.export.manuscript import read_manuscript; from bifolio.export.pdf import write_pdf\n"
        "project = find_project(Path(sys.argv[1]))\n"
        "Path(sys.argv[2]).write_bytes(write_pdf(project, read_manuscript(project, 'zh'), lambda _: None))\n"
    )
    files = [tmp_path / name for name in ("one.pdf", "two.pdf")]
    for seed, file in enumerate(files):
        environment = {**os.environ, "PYTHONHASHSEED": str(seed), "TZ": ("UTC", "Asia/Shanghai")[seed]}
        subprocess.run([sys.executable, "-c", script, described, file], check=True, env=environment, cwd=Path.cwd())
    assert files[0].read_bytes() == files[1].read_bytes()


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_authors_pictures_are_figures_with_their_words(
    report: Project, pictured: dict[str, bytes], books: dict[str, Book], language: str
) -> None:
    tags = Book(made(report, language)).tags()
    figures = [tag.alt for tag in tags if tag.name == "Figure"]
    assert len(figures) == books[language].counts("Figure")["Figure"] + len(pictured)
    assert [alt for alt in figures if alt.startswith("A wheel")] == [f"A wheel as {name}" for name in pictured]


# ---- What is refused, and where it says so ---------------------------------------------------------------------------

REFUSED = {
    "a broken formula": (r"$\frac{1}$", "cannot be drawn", r"\frac{1}"),
    "a formula without a counterpart": (r"$\color{red} x$", "cannot be typeset", "a colour"),
    "a missing picture": ("![a wheel](wheel.png)", "a picture is missing", "wheel.png"),
    "a picture without words": ("![](wheel.png)", "a picture without words", "wheel.png"),
    "a picture of another kind": ("![a wheel](wheel.pdf)", "no picture that a PDF can hold", "wheel.pdf"),
    "a picture elsewhere": ("![a wheel](https://a.example/b.png)", "no picture that a PDF can hold", "https://"),
    "a dead link": ("[words](letters.md#sample)", "a link leads nowhere", "letters.md#sample"),
    "a skipped level": ("##### Deep {#deep}", "cannot hold this", "a heading of level 5"),
    "an id that stands twice": ('<span id="results">x</span>', "an id stands twice", "results"),
    "a broken diagram": ("```mermaid\nflowchart LR\n  A --> --> B\n```", "diagram", ""),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_wrong_is_named_with_its_place(report: Project, name: str) -> None:
    written, problem, found = REFUSED[name]
    page = report.docs / "de" / "chance.md"
    text = page.read_text(encoding="utf-8").rstrip("\n")
    page.write_text(f"{text}\n\n{written}\n", encoding="utf-8")
    first = text.count("\n") + 3
    with pytest.raises(BifolioError) as caught:
        made(report, "de")
    assert problem in caught.value.problem
    assert "(de)" in caught.value.problem
    assert found in str(caught.value.found)
    assert caught.value.file == "docs/de/chance.md"
    assert caught.value.line in range(first, first + written.count("\n") + 1)


def test_a_dead_link_names_the_nearest_place(report: Project) -> None:
    page = report.docs / "en" / "chance.md"
    page.write_text(page.read_text(encoding="utf-8") + "\n[words](letters.md#sample)\n", encoding="utf-8")
    with pytest.raises(ChapterError) as caught:
        made(report, "en")
    assert caught.value.nearest == "samples"


def test_untrusted_text_is_no_code(report: Project) -> None:
    """What a run wrote may look like Typst; it is shown."""
    hostile = '#import "x" #panic("no") $x$ @ref <label> \\ " */ // #{1+1}'
    page = report.docs / "en" / "chance.md"
    page.write_text(page.read_text(encoding="utf-8") + f"\n```\n{hostile}\n```\n", encoding="utf-8")
    assert squeezed(hostile) in Book(made(report, "en")).text()


# ---- The style -------------------------------------------------------------------------------------------------------


def test_a_report_may_bring_its_own_style(report: Project) -> None:
    style = report.templates / "export" / "book.typ"
    style.parent.mkdir()
    package = Path(sys.modules["bifolio"].__file__ or "").parent / "assets" / "export" / "book.typ"
    style.write_text(
        package.read_text(encoding="utf-8") + '\n#let paragraph(body) = par("x" + body)\n', encoding="utf-8"
    )
    assert "xAfter" in Book(made(report, "en")).text()


def test_what_an_author_gave_a_caption_keeps_it(report: Project) -> None:
    block = '\n<div class="bf-captioned" id="figure-%s" markdown="1">\n\n%s\n\n'
    block += '<span class="bf-caption">%s</span>\n\n</div>\n'
    diagram = "```mermaid\nflowchart LR\n  accTitle: A then B\n  A --> B\n```"
    page = report.docs / "en/chance.md"
    added = block % ("loop", diagram, "Around.") + block % ("said", "A text.\n\nAnother.", "Two texts.")
    page.write_text(page.read_text(encoding="utf-8") + added + "\n[Loop](#figure-loop)\n", encoding="utf-8")
    book = Book(made(report, "en"))
    text = re.sub(r"\s", "", book.text())
    assert "Around." in text and "Atext.Another.Twotexts." in text
    assert [tag.alt for tag in book.tags() if tag.name == "Figure"].count("A then B") == 1


def test_pictures_that_push_each_other_about_are_set_as_they_are(report: Project) -> None:
    restless = (
        """#let rule() = if fitting { context for _ in range(query(<grows>).len() + 1) [#metadata(none)<grows>] }"""
    )
    style = report.templates / "export" / "book.typ"
    style.parent.mkdir()
    package = Path(sys.modules["bifolio"].__file__ or "").parent / "assets" / "export" / "book.typ"
    style.write_text(f"{package.read_text(encoding='utf-8')}{restless}\n", encoding="utf-8")
    page = report.docs / "en/chance.md"
    page.write_text(f"{page.read_text(encoding='utf-8')}\n---\n", encoding="utf-8")
    assert "Figure1.1" in re.sub(r"\s", "", Book(made(report, "en")).text())


@pytest.mark.parametrize(
    ("line", "found"),
    [("#panic(1)", "panicked with: 1"), ('#let paragraph(body) = text(font: "No Font", body)', "unknown font family")],
)
def test_a_broken_style_is_named(report: Project, line: str, found: str) -> None:
    style = report.templates / "export" / "book.typ"
    style.parent.mkdir()
    package = Path(sys.modules["bifolio"].__file__ or "").parent / "assets" / "export" / "book.typ"
    text = package.read_text(encoding="utf-8")
    style.write_text(f"{text}{line}\n", encoding="utf-8")
    with pytest.raises(ChapterError) as caught:
        made(report, "en")
    assert found in str(caught.value.found)
    assert (caught.value.file, caught.value.line) == ("templates/export/book.typ", text.count("\n") + 1)


def test_words_that_a_language_lacks_are_named(report: Project, rewrite: Callable[[str, str, str], None]) -> None:
    rewrite("templates/words.de.toml", 'attached = "{words} (angehängt als {file})"\n', "")
    render(report, ("de",))
    with pytest.raises(ChapterError) as caught:
        made(report, "de")
    assert caught.value.expected == "book.attached"
