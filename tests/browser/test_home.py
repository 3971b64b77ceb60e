"""The first page says at once what the report is, on a wide window and on a phone."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.conftest import Visit

PAGES = pytest.mark.parametrize("path", ["zh/index.html", "en/index.html"])
WINDOW, PHONE = 1280, 360
HEIGHT = 800


def edges(page: Page, name: str) -> tuple[float, float]:
    """Return where an element begins and ends, in pixels from the top of the page."""
    box = page.locator(name).first.bounding_box()
    assert box is not None and box["height"] > 0, name
    return box["y"], box["y"] + box["height"]


def count_reproduced() -> int:
    """Return how many reports of a reproduction are about the very bytes that are published, and agree."""
    experiments = Path(__file__).parents[2] / "experiments"
    found = 0
    for path in (experiments / "reproductions").glob("*/cpu/*/seed-*.json"):
        report = json.loads(path.read_text(encoding="utf-8"))
        result = experiments / "results" / path.relative_to(experiments / "reproductions")
        published = json.loads(result.read_text(encoding="utf-8")) if result.is_file() else {}
        found += published.get("checksum") == report["published"] and report["verdict"] in (
            "identical",
            "within tolerance",
        )
    return found


@PAGES
def test_one_window_holds_the_sentence_the_figure_the_counts_and_where_the_findings_begin(
    visit: Callable[..., Visit], path: str
) -> None:
    page = visit(path, width=WINDOW).page
    for name in ("h1", "h1 + blockquote", ".bf-facts", ".bf-figure img:visible"):
        assert edges(page, name)[1] <= HEIGHT, name
    assert edges(page, ".bf-findings")[0] <= HEIGHT <= edges(page, ".bf-doors")[0]
    assert page.locator(".bf-findings > ul > li .bf-claim").count() == 3  # each is tested
    assert page.locator(".bf-doors > ul > li").count() == 3
    tops = [page.locator(".bf-doors > ul > li").nth(number).bounding_box() for number in range(3)]
    assert len({box["y"] for box in tops if box}) == 1  # side by side


@PAGES
def test_two_screens_of_a_phone_hold_all_before_the_findings(visit: Callable[..., Visit], path: str) -> None:
    page = visit(path, width=PHONE).page
    assert edges(page, ".bf-facts")[1] <= HEIGHT
    assert edges(page, ".bf-figure")[1] <= 2 * HEIGHT
    assert edges(page, ".bf-findings")[0] <= 2 * HEIGHT


@PAGES
def test_the_counts_are_those_of_the_results(visit: Callable[..., Visit], path: str) -> None:
    opened = visit(path)
    stored = list((opened.page.locator(".bf-facts strong")).all_inner_texts())
    experiments, results, fresh, reproduced, elsewhere = map(int, stored)
    assert experiments >= 16 and results == fresh >= 200 and reproduced + elsewhere == count_reproduced()
    assert stored[1] in opened.page.locator(".bf-about").inner_text()
