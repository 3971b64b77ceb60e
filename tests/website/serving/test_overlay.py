"""What a browser is shown: what changed since the build, to the byte as the next build makes it."""

from __future__ import annotations

import re
import shutil

from bifolio.chapters import render
from bifolio.project import Project
from bifolio.website.build import build_site
from bifolio.website.serving.overlay import Overlay

from tests.website.serving.browsing import CHANCE, LANGUAGES, add, data, html_pages


def test_a_page_made_at_once_is_the_built_one_to_the_byte(project: Project) -> None:
    pages = html_pages(project)
    assert len(pages) == 3 * 9
    shutil.rmtree(project.site / "en" / "evidence")  # what is shown below was made, not read
    overlay = Overlay(project)
    overlay.change_everything(project, LANGUAGES)
    assert {path for path, built in pages.items() if data(overlay, path) != built} == set()


def test_a_save_is_shown_as_the_next_build_will_show_it(project: Project) -> None:
    overlay = Overlay(project)
    assert b"A new sentence" not in data(overlay, "en/chance.html")
    add(project, "A new sentence, with $x^2$ and a [link](letters.md).")
    overlay.change(render(project).written)
    page = data(overlay, "en/chance.html")
    assert b"A new sentence" in page and b'href="letters.html"' in page and b'class="katex' in page
    build_site(project)
    assert (project.site / "en" / "chance.html").read_bytes() == page


def test_a_new_title_reaches_the_menus(project: Project) -> None:
    overlay = Overlay(project)
    overlay.change_everything(project, ["en"])
    data(overlay, "en/index.html")
    file = project.root / CHANCE
    text = file.read_text(encoding="utf-8")
    file.write_text(re.sub(r"^# .*?( \{)", r"# A *new* title\1", text, count=1, flags=re.MULTILINE), encoding="utf-8")
    overlay.change(render(project).written)
    index = data(overlay, "en/index.html")
    assert b"A new title" in index
    build_site(project)
    assert (project.site / "en" / "index.html").read_bytes() == index


def test_what_was_built_takes_the_place_of_what_was_made(project: Project) -> None:
    overlay = Overlay(project)
    add(project, "First.")
    overlay.change(render(project).written)
    begun = overlay.now
    add(project, "Second.", "templates/pages/letters/en.md")
    overlay.change(render(project).written)
    for name in ("chance", "letters"):
        (project.site / "en" / f"{name}.html").write_bytes(b"built")
    overlay.built(begun)
    assert data(overlay, "en/chance.html") == b"built"
    assert b"Second." in data(overlay, "en/letters.html"), "the build began before it was saved"
    overlay.built(overlay.now)
    assert data(overlay, "en/letters.html") == b"built"


def test_a_page_that_is_gone_or_new(project: Project) -> None:
    overlay = Overlay(project)
    overlay.change_everything(project, ["en"])
    data(overlay, "en/index.html")
    (project.docs / "en" / "letters.md").unlink()
    (project.docs / "en" / "fresh.md").write_text("# Fresh\n", encoding="utf-8")
    overlay.change(["en/letters.md", "en/fresh.md"])
    assert b"Fresh" in data(overlay, "en/fresh.html")


def test_a_picture_that_changed_changes_what_its_page_is_worth(project: Project) -> None:
    overlay = Overlay(project)
    picture = next((project.docs / "en" / "figures").rglob("*.svg"))
    path = picture.relative_to(project.docs).as_posix()
    pages = {page: data(overlay, page) for page in html_pages(project) if page.startswith("en/")}
    before = {page: overlay.digest(page, html) for page, html in pages.items()}
    assert before == {page: overlay.digest(page, html) for page, html in pages.items()}
    picture.write_bytes(b"<svg/>")
    overlay.change([path])
    assert data(overlay, path) == b"<svg/>"
    changed = {page for page, html in pages.items() if overlay.digest(page, html) != before[page]}
    assert changed == {page for page, html in pages.items() if picture.name.encode() in html} and changed
    (project.site / path).write_bytes(b"<svg/>")
    overlay.built(overlay.now)
    assert all(overlay.digest(page, html) != before[page] for page, html in pages.items() if page in changed)


def test_an_authors_picture_is_shown_at_once_and_again_when_it_is_another(project: Project) -> None:
    overlay, picture = Overlay(project), project.root / "templates/pages/chance/wheel.svg"
    picture.write_bytes(b"<svg>1</svg>")
    add(project, "![A wheel](wheel.svg)")
    overlay.change(render(project).written)
    page = data(overlay, "en/chance.html")
    assert b'src="pictures/chance/wheel.svg"' in page
    assert data(overlay, "en/pictures/chance/wheel.svg") == b"<svg>1</svg>"
    before = overlay.digest("en/chance.html", page)
    picture.write_bytes(b"<svg>2</svg>")
    overlay.change(render(project).written)
    assert data(overlay, "en/pictures/chance/wheel.svg") == b"<svg>2</svg>"
    assert data(overlay, "en/chance.html") == page and overlay.digest("en/chance.html", page) != before
    build_site(project)
    assert (project.site / "en" / "chance.html").read_bytes() == page


def test_a_page_that_cannot_be_made_is_shown_as_it_was_built_with_the_reason(project: Project) -> None:
    overlay = Overlay(project)
    page = project.docs / "en" / "chance.md"
    page.write_text(page.read_text(encoding="utf-8") + "\n$\\nonsense$\n", encoding="utf-8")
    line = len(page.read_text(encoding="utf-8").splitlines())
    overlay.change(["en/chance.md"])
    found = overlay.find("en/chance.html")
    assert found is not None and found.data == (project.site / "en" / "chance.html").read_bytes()
    assert found.problem.startswith(f"docs/en/chance.md:{line}: ") and "nonsense" in found.problem
