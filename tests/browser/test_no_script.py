"""Without JavaScript the report is all there: text, drawings, navigation, and dark where the system is dark."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser.conftest import NARROW, Scheme, Visit

_COLOURS = "element => [getComputedStyle(element).color, getComputedStyle(element).backgroundColor]"
_LOOK = "element => [getComputedStyle(element).color, getComputedStyle(element).fontSize]"
_LOOKED_AT = (
    "body",
    "h1",
    "article p",
    ".bf-value",
    "article blockquote",
    ".md-header",
    ".md-footer-meta .md-copyright",
)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["zh/background.html", "en/evidence/digits_mlp.html"])
def test_the_colours_are_those_of_a_page_with_scripts(visit: Callable[..., Visit], path: str, scheme: Scheme) -> None:
    pages = [visit(path, scheme=scheme, script=script).page for script in (True, False)]
    for page in pages:
        page.wait_for_load_state("networkidle")
    for selector in (*_LOOKED_AT, "pre > code", "thead th"):
        if pages[0].locator(selector).count():
            with_scripts, without = (page.locator(selector).first.evaluate(_COLOURS) for page in pages)
            assert without == with_scripts, selector


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["zh/background.html", "en/background.html"])
def test_drawings_are_there_once(visit: Callable[..., Visit], path: str, scheme: Scheme) -> None:
    page = visit(path, scheme=scheme, script=False).page
    assert page.locator(".katex").first.is_visible()
    for diagram in page.locator(".bf-diagram").all():
        assert [drawing.is_visible() for drawing in diagram.locator("svg").all()].count(True) == 1
        dark = "bf-dark" if scheme == "dark" else "bf-light"
        assert diagram.locator(f".{dark} svg").first.is_visible()
    figures = page.locator(".bf-figure:has(img.bf-dark)").all()
    assert figures
    for figure in figures:
        shown = [image for image in figure.locator("img").all() if image.is_visible()]
        assert len(shown) == 1
        shown[0].scroll_into_view_if_needed()
        dark = "bf-dark" if scheme == "dark" else "bf-light"
        assert dark in (shown[0].get_attribute("class") or "")
    looks = [page.locator(one).first.evaluate(_LOOK) for one in (".bf-table .bf-caption", "figcaption", "article > p")]
    assert looks[0] == looks[1] != looks[2], "what stands below a table is set as what stands below a figure"


@pytest.mark.parametrize("width", [1280, NARROW])
def test_every_page_can_be_reached(visit: Callable[..., Visit], width: int) -> None:
    page = visit("en/index.html", width=width, script=False).page
    if width == NARROW:
        page.click(".md-header__button[for=__drawer]")
        page.locator(".md-nav--primary label.md-nav__link", has_text="Evidence").click()  # the group opens
        page.locator(".md-nav--primary a[href$='evidence/index.html']").click()
    else:  # a wide home page has its doors in place of the menu
        page.locator(".bf-doors a[href$='evidence/index.html']").click()
    page.wait_for_url("**/en/evidence/index.html")
    page.locator("article a", has_text="digits_mlp").click()
    page.wait_for_url("**/en/evidence/digits_mlp.html")
    page.hover(".md-select")
    page.click(".md-select__link[hreflang=zh]")
    page.wait_for_url("**/zh/evidence/digits_mlp.html")
    page.click(".md-footer__link--prev")
    page.wait_for_url("**/zh/evidence/bert_pretraining.html")


def test_nothing_is_offered_that_needs_a_script(visit: Callable[..., Visit]) -> None:
    page = visit("en/index.html", script=False).page
    assert not page.locator(".md-search__input").is_visible()
    assert not page.locator(".md-header__button[for=__search]").is_visible()


def test_the_door_is_a_page_of_links(visit: Callable[..., Visit]) -> None:
    page = visit("index.html", script=False).page
    page.click("main a[hreflang=en]")
    page.wait_for_url("**/en/index.html")
