"""A reader with a keyboard, or who wants nothing to move."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser.conftest import NARROW, Visit

_OUTLINE = "getComputedStyle(document.activeElement).outlineStyle !== 'none'"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_first_stop_leads_past_the_menu(visit: Callable[..., Visit], language: str) -> None:
    opened = visit(f"{language}/background.html")
    opened.page.wait_for_load_state("networkidle")
    skip = opened.page.locator(".md-skip")
    for _ in range(4):  # the switches for drawer and search stand before it
        opened.page.keyboard.press("Tab")
        if opened.page.evaluate("document.activeElement.classList.contains('md-skip')"):
            break
    opened.page.wait_for_timeout(400)
    assert skip.evaluate("link => link === document.activeElement && getComputedStyle(link).opacity === '1'")
    box = skip.bounding_box()
    assert box is not None and box["x"] >= 0 and box["y"] >= 0
    opened.page.keyboard.press("Enter")
    opened.page.wait_for_url("**#background")
    opened.page.keyboard.press("Tab")
    assert opened.page.evaluate("document.activeElement.closest('article') !== null")


def test_every_stop_can_be_seen(visit: Callable[..., Visit]) -> None:
    opened = visit("en/practice.html")
    opened.page.wait_for_load_state("networkidle")
    unseen, stops = [], 0
    for _ in range(40):
        opened.page.keyboard.press("Tab")
        described = opened.page.evaluate("document.activeElement.outerHTML.slice(0, 120)")
        if opened.page.evaluate("document.activeElement === document.body"):
            break
        stops += 1
        size = opened.page.evaluate("document.activeElement.getBoundingClientRect().width")
        if size > 0 and not opened.page.evaluate(_OUTLINE):
            unseen.append(described)
    assert unseen == [] and stops > 20


@pytest.mark.parametrize("width", [NARROW])
def test_what_is_wide_can_be_scrolled(visit: Callable[..., Visit], width: int) -> None:
    opened = visit("en/evidence/digits_mlp.html", width=width)
    opened.page.wait_for_load_state("networkidle")
    frames = opened.page.locator("article .md-typeset__scrollwrap, article pre > code").all()
    wide = [frame for frame in frames if frame.evaluate("frame => frame.scrollWidth > frame.clientWidth")]
    assert wide
    assert {frame.get_attribute("tabindex") for frame in wide} == {"0"}
    narrow = [frame for frame in frames if frame.evaluate("frame => frame.scrollWidth <= frame.clientWidth")]
    assert {frame.get_attribute("tabindex") for frame in narrow} <= {None}
    wide[0].focus()
    opened.page.keyboard.press("ArrowRight")
    opened.page.wait_for_function("() => document.activeElement.scrollLeft > 0")


@pytest.mark.parametrize("wanted", ["reduce", "no-preference"])
def test_nothing_moves_where_no_motion_is_wanted(visit: Callable[..., Visit], wanted: str) -> None:
    opened = visit("en/index.html", reduced_motion=wanted)
    seconds = opened.page.evaluate(
        """[...document.querySelectorAll("*")].flatMap((element) => {
            const style = getComputedStyle(element);
            return [style.transitionDuration, style.animationDuration].join(",").split(",").map(parseFloat);
        })"""
    )
    assert (max(seconds) == 0) == (wanted == "reduce")
