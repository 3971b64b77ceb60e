"""The reader changes language and colours without losing the page or the choice."""

from __future__ import annotations

import html
import re
from collections.abc import Callable

import pytest

from tests.browser.conftest import Served, Visit


@pytest.mark.parametrize("page", ["index.html", "background.html", "evidence/digits_mlp.html", "evidence/index.html"])
def test_the_switcher_stays_on_the_page(site: Served, visit: Callable[..., Visit], page: str) -> None:
    opened = visit(f"zh/{page}")
    opened.page.hover(".md-select")
    opened.page.click(".md-select__link[hreflang=en]")
    opened.page.wait_for_url(f"{site.address}en/{page}")
    assert opened.page.get_attribute("html", "lang") == "en" and opened.problems == []


def test_a_keyboard_reaches_the_other_edition(site: Served, visit: Callable[..., Visit]) -> None:
    opened = visit("en/practice.html")
    opened.page.focus(".md-select button")
    opened.page.keyboard.press("Tab")
    link = opened.page.locator(".md-select__link:focus")
    assert link.get_attribute("hreflang") == "zh" and link.is_visible()
    opened.page.keyboard.press("Enter")
    opened.page.wait_for_url(f"{site.address}zh/practice.html")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_lost_reader_is_told_so_in_the_edition_s_language(
    site: Served, visit: Callable[..., Visit], language: str
) -> None:
    opened = visit(f"{language}/no/such/page.html")
    assert opened.page.get_attribute("html", "lang") == language
    title = {"zh": "没有这个页面", "en": "There is no such page"}[language]
    assert opened.page.inner_text("h1") == title and opened.page.title().startswith(title)
    opened.page.wait_for_load_state("networkidle")
    assert [problem for problem in opened.problems if "404 (Not Found)" not in problem] == []
    other = {"zh": "en", "en": "zh"}[language]
    opened.page.hover(".md-select")
    opened.page.click(f".md-select__link[hreflang={other}]")
    opened.page.wait_for_url(f"{site.address}{other}/index.html")
    opened.page.go_back()
    opened.page.click("article a[href$='index.html']")
    opened.page.wait_for_url(f"{site.address}{language}/index.html")
    assert opened.page.locator(".bf-doors").is_visible()


def test_an_address_outside_the_editions_leads_to_both(site: Served, visit: Callable[..., Visit]) -> None:
    opened = visit("nowhere/at/all")
    assert [link.get_attribute("href") for link in opened.page.locator("main a").all()] == [
        "/zh/index.html",
        "/en/index.html",
    ]
    assert "没有这个页面" in opened.page.inner_text("main") and "There is no such page" in opened.page.inner_text(
        "main"
    )


def test_dark_pages_stay_dark_in_the_other_edition(visit: Callable[..., Visit]) -> None:
    opened = visit("zh/evidence/digits_mlp.html")
    body = opened.page.locator("body")
    assert body.get_attribute("data-md-color-scheme") == "default"
    label = ".md-header__button[for^=__palette]:not([hidden])"
    while body.get_attribute("data-md-color-scheme") != "slate":
        opened.page.click(label)
    paper = opened.page.evaluate("getComputedStyle(document.body).backgroundColor")
    opened.page.hover(".md-select")
    opened.page.click(".md-select__link[hreflang=en]")
    opened.page.wait_for_url("**/en/evidence/digits_mlp.html")
    assert opened.page.get_attribute("body", "data-md-color-scheme") == "slate"
    assert opened.page.evaluate("getComputedStyle(document.body).backgroundColor") == paper == "rgb(21, 24, 28)"


def test_the_system_s_colours_are_followed(visit: Callable[..., Visit]) -> None:
    for scheme, paper in (("light", "rgb(255, 254, 251)"), ("dark", "rgb(21, 24, 28)")):
        opened = visit("en/index.html", scheme=scheme)
        assert opened.page.evaluate("getComputedStyle(document.body).backgroundColor") == paper


@pytest.mark.parametrize(
    ("language", "measured", "cited"),
    [("zh", r"证据测于2026年\d+月\d+日", "版本"), ("en", r"evidence measured on", "version")],
)
def test_every_page_says_its_version_and_how_old_its_evidence_is(
    site: Served, visit: Callable[..., Visit], language: str, measured: str, cited: str
) -> None:
    written = {}
    for path in site.pages():
        if path.startswith(f"{language}/") and "404" not in path:
            about = re.search(
                r'<div class="[^"]*bf-about">(.*?)</div>\s*</div>', (site.folder / path).read_text("utf-8"), re.S
            )
            assert about, path
            written[path] = re.sub("<.*?>", "", about[1])
            assert f"{cited} {site.project.version}" in written[path], path
            if "\nevidence: 2" in (site.project.docs / path).with_suffix(".md").read_text("utf-8"):
                assert re.search(measured, written[path]), path
    page = f"{language}/evidence/digits_mlp.html"
    assert visit(page).page.inner_text(".bf-about").split() == html.unescape(written[page]).split()
