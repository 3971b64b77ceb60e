"""The exported HTML file stands alone: its structure, its links, what it loads, and that it says what the site says."""

from __future__ import annotations

import base64
import hashlib
import html
import os
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import markdown
import pytest
import yaml
from bifolio.chapters.templates.pictures import PICTURES
from bifolio.export import export
from bifolio.export.html import write_html
from bifolio.export.manuscript import ManuscriptPage, read_manuscript
from bifolio.project import Project, find_project

from tests.export.outline import Outline, Words, article, outcomes_told
from tests.export.pdf_structure import squeezed

REPOSITORY = Path(__file__).parents[2]
LANGUAGES = pytest.mark.parametrize("language", ["zh", "en", "de"])


def written(project: Project, language: str = "en") -> str:
    return (project.root / "dist" / f"tiny-report.{language}.html").read_text(encoding="utf-8")


@LANGUAGES
def test_headings_are_those_of_the_pages_one_or_two_steps_deeper(exported: Project, language: str) -> None:
    manuscript = read_manuscript(exported, language)
    wanted = [(1, manuscript.title)]
    for page in manuscript.pages:
        text = re.sub(r"^```.*?^```", "", page.text, flags=re.MULTILINE | re.DOTALL)
        deeper = 1 if page.part != "evidence" or page.name == "evidence/index" else 2
        for marks, words in re.findall(r"^(#+) (.*?) *(?:\{[^}]*\})?$", text, re.MULTILINE):
            wanted.append((len(marks) + deeper, words.replace("`", "")))
    found = Outline(written(exported, language)).all("h1", "h2", "h3", "h4", "h5", "h6")
    assert [(int(heading.tag[1]), heading.text) for heading in found] == wanted


@LANGUAGES
def test_ids_are_unique_and_every_link_inside_leads_to_one(exported: Project, language: str) -> None:
    outline = Outline(written(exported, language))
    ids = outline.ids()
    assert sorted(ids) == sorted(set(ids))
    inside = [link.attributes["href"] for link in outline.all("a") if link.attributes.get("href", "").startswith("#")]
    assert [link for link in inside if link[1:] not in ids] == []
    assert {"#chance", "#chance-results", "#evidence-dice-fair-mean", "#chance-claim-1"} <= set(inside)


@LANGUAGES
def test_an_authors_pictures_are_in_the_file_and_only_as_images(
    report: Project, pictured: dict[str, bytes], language: str
) -> None:
    export(report, "html", [language])
    page = written(report, language)
    images = {image.attributes["alt"]: image.attributes["src"] for image in Outline(page).all("img")}
    for name, content in pictured.items():
        kind, _, held = images[f"A wheel as {name}"].partition(";base64,")
        assert kind == f"data:{PICTURES[Path(name).suffix]}" and base64.b64decode(held) == content
    assert "turn()" not in page


@LANGUAGES
def test_nothing_is_loaded_from_anywhere(exported: Project, language: str) -> None:
    page = written(exported, language)
    outline = Outline(page)
    loaded = [element.attributes["src"] for element in outline.elements if "src" in element.attributes]
    loaded += [element.attributes["href"] for element in outline.all("link", "use", "image")]
    loaded += re.findall(r"url\(([^)]*)\)", "".join(style.text for style in outline.all("style")))
    assert loaded
    assert [source[:60] for source in loaded if not source.startswith(("data:", "#"))] == []
    policy = next(meta.attributes for meta in outline.all("meta") if "http-equiv" in meta.attributes)
    assert policy["content"].startswith("default-src 'none';")


def test_the_policy_lets_the_one_script_run(exported: Project) -> None:
    page = written(exported)
    (script,) = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in html.unescape(page)


@LANGUAGES
def test_every_figure_is_drawn_inside_for_both_widths(exported: Project, language: str) -> None:
    pages = read_manuscript(exported, language).pages
    figures = sum(page.text.count("{.bf-drawn ") for page in pages)
    diagrams = sum(page.text.count("```mermaid") for page in pages)
    outline = Outline(written(exported, language))
    drawings = [svg for svg in outline.all("svg") if "role" in svg.attributes]  # KaTeX draws roots as SVG, too
    assert figures and diagrams
    assert len([span for span in outline.all("span") if "bf-wide" in span.classes]) == figures
    assert len([span for span in outline.all("span") if "bf-narrow" in span.classes]) == figures
    assert len(drawings) == 2 * figures + diagrams
    assert all(svg.attributes.get("aria-label") or svg.attributes.get("aria-labelledby") for svg in drawings)
    assert len(outline.all("figcaption")) == sum(page.text.count("<figcaption") for page in pages)


@pytest.mark.parametrize(("language", "words"), [("zh", "图|表"), ("en", "Figure|Table"), ("de", "Abbildung|Tabelle")])
def test_sentences_lead_to_the_figures_and_tables_whose_numbers_they_name(
    exported: Project, language: str, words: str
) -> None:
    text = written(exported, language)
    named = re.findall(rf'<a href="#([^"]+)">((?:{words})\u00a0[\d.]+)</a>', text)
    assert [number.split("\u00a0")[1] for _, number in named] == ["1.1", "1.1", "1.1", "2.1", "2.2", "2.3", "2.4"]
    for place, number in named:
        after = text[text.index(f'id="{place}"') :]
        assert re.findall(r'<span class="bf-number">([^<]*)</span>', after)[0] == number


def test_colours_of_drawings_follow_the_page(exported: Project) -> None:
    page = written(exported)
    used = set(re.findall(r"var\((--ink-\d+)\)", page))
    assert used
    style = Outline(page).all("style")[0].text
    for name in used:
        values = re.findall(rf"{name}:([^;}}]+)", style)
        assert len(values) == 3 and values[1] == values[2] != values[0]  # light, dark as the system, dark by choice


def test_the_data_of_a_figure_is_in_the_file(exported: Project) -> None:
    links = [link for link in Outline(written(exported)).all("a") if "download" in link.attributes]
    assert links
    for link in links:
        head, _, data = link.attributes["href"].partition(",")
        (file,) = (exported.docs / "en").rglob(f"figures/{'*/' * 1}**/{link.attributes['download']}")
        assert head == "data:text/csv;charset=utf-8;base64"
        assert base64.b64decode(data) == file.read_bytes()


def test_a_number_leads_to_its_evidence_and_says_what_the_card_says(exported: Project) -> None:
    numbers = [link for link in Outline(written(exported)).all("a") if "bf-value" in link.classes]
    assert numbers
    for number in numbers:
        assert number.attributes["href"].startswith("#evidence-")
        assert re.match(r"\w+(\.\w+)+ · ", number.attributes["title"])


@LANGUAGES
def test_an_outcome_has_one_word_and_one_interval_everywhere(exported: Project, language: str) -> None:
    told = outcomes_told(exported.docs, language)
    shown = squeezed("".join(Words(written(exported, language)).parts))
    listed = html.unescape((exported.docs / language / "evidence/claims.md").read_text(encoding="utf-8"))
    assert len(told) == 3
    for word, effect in told:
        assert squeezed(word + effect) in shown
        assert f">{word}</span>" in listed
        assert all(part in listed.replace("\u00a0", " ") for part in effect.split(" · "))


def test_code_of_the_evidence_folds_and_that_of_a_chapter_does_not(exported: Project) -> None:
    code = Outline(written(exported)).all("pre")
    folded = [block for block in code if "details" in block.around]
    assert len(folded) >= 3
    assert any("details" not in block.around and "def next" in block.text for block in code)


def python_markdown(language: str) -> markdown.Markdown:
    """Return the reader of the site, as mkdocs.yml sets it up."""
    settings = yaml.safe_load((REPOSITORY / "mkdocs.yml").read_text(encoding="utf-8"))["markdown_extensions"]
    return markdown.Markdown(extensions=list(settings), extension_configs=settings)


def with_code(html: str, page: str) -> str:
    """Return an article with the code that stands elsewhere in the file, because several experiments share it."""
    again = re.compile(r'<p class="bf-source"><a href="#(?P<id>[\w-]+)">.*?</a></p>')
    return again.sub(lambda link: folded(page, link["id"]), html)


def folded(page: str, address: str) -> str:
    found = re.search(rf'<details class="bf-source" id="{address}">.*?</details>', page, re.DOTALL)
    assert found, address
    return found[0]


def compare(manuscript_pages: tuple[ManuscriptPage, ...], page: str, language: str) -> None:
    for one in manuscript_pages:
        site = str(Words(python_markdown(language).convert(one.text)))
        file = str(Words(with_code(article(page, one.name.replace("/", "-")), page)))
        # the file folds code behind its name, which the site shows as a paragraph
        assert re.sub(r"</?(?:details|summary)>", "", file) == re.sub(r"</?(?:details|summary)>", "", site), one.file


@LANGUAGES
def test_a_page_says_what_the_site_says(exported: Project, language: str) -> None:
    compare(read_manuscript(exported, language).pages, written(exported, language), language)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_this_repositorys_pages_say_what_the_site_says(language: str) -> None:
    from bifolio.export.html.identifiers import assign_identifiers
    from bifolio.export.html.merging import merged_pages
    from bifolio.export.html.rendering import PageRenderer
    from bifolio.export.tokens import read_page

    manuscript = read_manuscript(find_project(REPOSITORY), language)
    readings = [read_page(page) for page in manuscript.pages]
    pages = merged_pages(manuscript, assign_identifiers(readings, ()))
    articles = [
        f'<article id="{reading.page.name.replace("/", "-")}">\n{PageRenderer(pages, reading, 1).page()}</article>'
        for reading in readings
    ]
    compare(manuscript.pages, "".join(articles).replace("<article id", "<article class id"), language)


def test_the_same_inputs_give_the_same_bytes(again: Project) -> None:
    before = (again.root / "dist" / "tiny-report.de.html").read_bytes()
    program = (
        "from pathlib import Path; from bifolio.project import find_project; from bifolio.export import export;"
        "export(find_project(Path.cwd()), 'html', ['de'], force=True)"
    )
    for seed in ("1", "2"):
        (again.cache / "fonts.de.json").unlink()
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(REPOSITORY / "generator")}
        subprocess.run([sys.executable, "-c", program], cwd=again.root, env=environment, check=True)
        assert (again.root / "dist" / "tiny-report.de.html").read_bytes() == before


def test_a_report_adds_styles_of_its_own(again: Project) -> None:
    folder = again.templates / "export"
    folder.mkdir()
    (folder / "document.css").write_text("body { letter-spacing: 0.123em }", encoding="utf-8")
    (folder / "document.html").write_text(
        '{% extends "bifolio/document.html" %}{% block opening %}<p>OURS</p>{{ super() }}{% endblock %}',
        encoding="utf-8",
    )
    (one,) = export(again, "html", ["en"])
    page = written(again)
    assert one.state == "written"
    assert page.index("letter-spacing: 0.123em") > page.index(".bf-opening")
    assert "<p>OURS</p>" in page and "<h1>A Tiny Report</h1>" in page


@pytest.mark.parametrize("style", ["@import 'a.css';", "a { background: url(https://a.example/b.png) }"])
def test_styles_that_ask_for_another_file_are_refused(again: Project, style: str) -> None:
    from bifolio.errors import ChapterError

    folder = again.templates / "export"
    folder.mkdir()
    (folder / "document.css").write_text(f"/* url(https://a.example) */\n\n{style}", encoding="utf-8")
    with pytest.raises(ChapterError) as told:
        export(again, "html", ["en"])
    assert str(told.value).startswith("templates/export/document.css:3: an exported file asks for no other file")


@pytest.mark.parametrize(
    ("markdown", "message"),
    [
        ("[a](letters.md#nowhere)", "templates/pages/chance/en.md:{template}: a link leads to no place of its page"),
        ("[a file](figures/none.csv)", "templates/pages/chance/en.md:{template}: a file is missing"),
        ("![a picture](https://a.example/b.png)", "templates/pages/chance/en.md:{template}: a picture lies in"),
        (r"$\frac{1$", "templates/pages/chance/en.md:{template}: the formula cannot be drawn"),
        ("```mermaid\nflowchart LR\n  accTitle: A\n  accDescr: B\n  A -->\n```", "templates/pages/chance/en.md:"),
    ],
)
def test_what_cannot_be_shown_is_told_with_its_line_and_the_good_file_stays(
    again: Project, markdown: str, message: str
) -> None:
    from bifolio.errors import BifolioError

    template = again.templates / "pages/chance/en.md"
    text = template.read_text(encoding="utf-8")
    template.write_text(text.replace("## Coins", f"{markdown}\n\n## Coins"), encoding="utf-8")
    before = written(again)
    with pytest.raises(BifolioError) as told:
        export(again, "html", ["en"])
    in_template = template.read_text(encoding="utf-8").splitlines().index(markdown.splitlines()[0]) + 1
    assert str(told.value).startswith(message.format(template=in_template))
    assert written(again) == before
    assert {file.name for file in (again.root / "dist").iterdir()} == {
        f"tiny-report.{language}.html" for language in again.languages
    }


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("# A\n\nText <video> text.", 9),
        ("# A\n\n$$\nx\n$$\n\nText.\n\n- one\n- <iframe src='a'>", 16),
        ("# A\n\nText\n\n<!-- hidden -->", 11),
    ],
)
def test_an_element_that_nobody_expects_is_refused(text: str, line: int) -> None:
    from bifolio.errors import ChapterError
    from bifolio.export.tokens import read_page

    with pytest.raises(ChapterError) as told:
        read_page(ManuscriptPage("a", "chapter", "docs/en/a.md", 7, text, "A"))
    assert (told.value.file, told.value.line) == ("docs/en/a.md", line)


def test_ids_that_would_collide_are_kept_apart(report: Project, rewrite: Callable[[str, str, str], None]) -> None:
    from bifolio.export.html.identifiers import assign_identifiers
    from bifolio.export.tokens import read_page

    pages = [
        ManuscriptPage("a-b", "chapter", "a-b.md", 1, "# One {#one}\n\n## C {#c}", "One"),
        ManuscriptPage(
            "a", "chapter", "a.md", 1, "# Two {#two}\n\n## B C {#b-c}\n\n## Again {#b-c}\n\n## Top {#top}", "Two"
        ),
    ]
    names = assign_identifiers([read_page(page) for page in pages], ["top", "a-top"]).names
    assert names == {
        ("a-b", ""): "a-b",
        ("a-b", "one"): "a-b",
        ("a-b", "c"): "a-b-c",
        ("a", ""): "a",
        ("a", "two"): "a",
        ("a", "b-c"): "a-b-c-2",
        ("a", "top"): "a-top-2",
    }


def test_code_that_experiments_share_is_in_the_file_once(exported: Project) -> None:
    manuscript = read_manuscript(exported, "en")
    dice = manuscript.page("evidence/dice")
    assert dice
    both = replace(manuscript, pages=(*manuscript.pages, replace(dice, name="evidence/other")))
    page = write_html(exported, both, lambda _: None).decode()
    outline = Outline(page)
    for file in ("experiments/dice.py", "experiments/sides.py"):
        (fold,) = [summary for summary in outline.all("summary") if summary.text == file]
        (link,) = [link for link in outline.all("a") if link.text == file]
        assert f"<summary><code>{fold.text}</code>" in folded(page, link.attributes["href"][1:])
