"""The card of a measured number opens by pointer, key and touch, and tells what the title told."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

    from tests.browser.conftest import Visit

CHAPTERS = ("zh/background.html", "en/background.html")


def number(page: Page) -> Locator:
    """Return a number in a sentence, in the middle of the window, where there is room above and below."""
    found = page.locator("p a.bf-value").nth(2)
    found.evaluate("number => number.scrollIntoView({block: 'center'})")
    return found


def card(page: Page) -> Locator:
    return page.locator("#bf-card")


def inside(page: Page) -> bool:
    box = card(page).bounding_box()
    width = page.viewport_size["width"]  # type: ignore[index]
    return box is not None and box["x"] >= 0 and box["x"] + box["width"] <= width


@pytest.mark.parametrize("path", CHAPTERS)
def test_a_pointer_opens_the_card_and_may_move_onto_it(visit: Callable[..., Visit], path: str) -> None:
    told = visit(path, script=False).page.locator("p a.bf-value").nth(2).get_attribute("title") or ""
    opened = visit(path)
    link = number(opened.page)
    link.hover()
    card(opened.page).wait_for()
    rows = card(opened.page).locator(".bf-card-name, dt, dd").all_inner_texts()
    name, *others = told.split(" · ")
    assert rows[0] == name and len(others) >= 5
    assert [f"{label}{text}" for label, text in zip(rows[1::2], rows[2::2], strict=True)] == [
        other.replace("：", "", 1).replace(": ", "", 1) for other in others
    ]
    assert link.get_attribute("title") is None and link.get_attribute("aria-describedby") == "bf-card"
    assert opened.page.locator("[role=tooltip]:visible").count() == 1  # none of the theme's beside it
    card(opened.page).hover()
    opened.page.wait_for_timeout(500)
    assert card(opened.page).is_visible()
    opened.page.mouse.move(2, 2)
    card(opened.page).wait_for(state="hidden")
    assert link.get_attribute("aria-describedby") is None
    assert opened.problems == []


def test_keys_open_and_dismiss_the_card(visit: Callable[..., Visit]) -> None:
    page = visit(CHAPTERS[0]).page
    link = number(page)
    link.focus()
    assert card(page).is_visible()
    page.keyboard.press("Escape")
    assert card(page).is_hidden() and link.evaluate("number => number === document.activeElement")
    page.keyboard.press("Tab")
    page.keyboard.press("Shift+Tab")
    assert card(page).is_visible()
    page.keyboard.press("Tab")
    assert not link.get_attribute("aria-describedby")
    link.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/evidence/**")


@pytest.mark.parametrize("path", CHAPTERS)
def test_the_first_tap_opens_the_card_and_the_second_follows(visit: Callable[..., Visit], path: str) -> None:
    page = visit(path, width=360, has_touch=True).page
    for turn in range(2):
        link = number(page)
        link.tap()
        card(page).wait_for()
        assert page.url.endswith(path) and inside(page)
        way = card(page).locator("a")
        assert (way.inner_text(), way.evaluate("link => link.href")) == (
            f"{card(page).locator('dt').last.inner_text()} →",
            link.evaluate("link => link.href"),
        )
        (link if turn else way).tap()
        page.wait_for_url("**/evidence/**")
        page.go_back()


def test_a_tap_elsewhere_closes_the_card(visit: Callable[..., Visit]) -> None:
    page = visit(CHAPTERS[1], width=360, has_touch=True).page
    number(page).tap()
    card(page).wait_for()
    page.locator("p:not(:has(a))").first.evaluate("p => p.scrollIntoView({block: 'center'})")
    page.locator("p:not(:has(a))").first.tap()
    card(page).wait_for(state="hidden")


def test_every_card_of_a_page_is_inside_a_narrow_window(visit: Callable[..., Visit]) -> None:
    page = visit("zh/practice.html", width=360).page
    numbers = page.locator("a.bf-value")
    assert numbers.count() > 20
    for place in range(numbers.count()):
        numbers.nth(place).focus()
        assert card(page).is_visible() and inside(page), numbers.nth(place).inner_text()
    assert page.evaluate("document.scrollingElement.scrollWidth") <= 360


def test_without_the_script_titles_stand_and_links_lead_to_the_evidence(visit: Callable[..., Visit]) -> None:
    page = visit(CHAPTERS[1], script=False).page
    link = number(page)
    titles = [one.get_attribute("title") or "" for one in page.locator("a.bf-value").all()]
    assert all(title.count(" · ") >= 3 for title in titles) and "95 % interval" in "".join(titles)
    link.click()
    page.wait_for_url("**/evidence/**")


def test_paper_and_readers_who_want_no_motion(visit: Callable[..., Visit]) -> None:
    page = visit(CHAPTERS[1], reduced_motion="reduce").page
    number(page).focus()
    style: Any = card(page).evaluate("card => getComputedStyle(card).animationName")
    assert style == "none"
    page.emulate_media(media="print")
    assert card(page).is_hidden()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", CHAPTERS)
def test_axe_finds_nothing_about_an_open_card(visit: Callable[..., Visit], path: str, scheme: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page = visit(path, scheme=scheme, width=360, has_touch=True, reduced_motion="reduce").page
    number(page).tap()
    card(page).wait_for()
    # The card and its number: the pages themselves are looked at elsewhere.
    found = Axe().run(page, [["#bf-card"], ["[aria-describedby=bf-card]"]]).response
    assert found["violations"] == [] and len(found["passes"]) > 5


@pytest.mark.parametrize(
    ("scheme", "width", "ending"),
    [
        ("light", 1280, "curve.svg"),
        ("dark", 1280, "curve.dark.svg"),
        ("light", 360, "curve.narrow.svg"),
        ("dark", 360, "curve.narrow.dark.svg"),
    ],
)
def test_one_drawing_of_a_figure_is_shown_in_its_size(
    visit: Callable[..., Visit], scheme: str, width: int, ending: str
) -> None:
    page = visit(CHAPTERS[0], scheme=scheme, width=width).page
    figure = page.locator("figure.bf-figure").first
    figure.scroll_into_view_if_needed()
    shown = figure.locator("img:visible")
    assert shown.count() == 1 and (shown.get_attribute("src") or "").endswith(ending)
    page.wait_for_function("image => image.complete && image.naturalWidth > 0", arg=shown.element_handle())
    box = shown.bounding_box()
    assert box is not None and box["x"] >= 0 and box["x"] + box["width"] <= width
    label = 13 * box["width"] / 350 if width == 360 else 14 * box["width"] / 640
    assert label >= 11
    page.emulate_media(media="print", color_scheme="dark")
    printed = [image.get_attribute("src") or "" for image in figure.locator("img:visible").all()]
    assert len(printed) == 1 and printed[0].endswith("curve.svg")
