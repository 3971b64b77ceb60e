"""axe finds nothing, by all of its rules: a page of each kind, and each pair of edition, colours and width."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests.browser.conftest import NARROW, WIDE, Scheme, Served, Visit, search

if TYPE_CHECKING:
    from playwright.sync_api import Page

PAIRS: tuple[tuple[str, Scheme, int], ...] = (
    ("zh", "light", WIDE),
    ("zh", "dark", NARROW),
    ("en", "dark", WIDE),
    ("en", "light", NARROW),
)
PAGES = ("index.html", "background.html", "evidence/index.html", "evidence/digits_mlp.html", "404.html")


def violations(page: Page) -> list[str]:
    """Return what axe objects to, with its default rules."""
    from axe_playwright_python.sync_playwright import Axe

    # Every rule is run, but what passed is not written out: for a whole report that takes many times as long.
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [f"{rule['id']}: {node['html'][:200]}" for rule in found for node in rule["nodes"]]


@pytest.mark.parametrize(("language", "scheme", "width"), PAIRS)
def test_axe_finds_nothing(
    site: Served, visit: Callable[..., Visit], language: str, scheme: Scheme, width: int
) -> None:
    opened = visit(f"{language}/{PAGES[0]}", scheme=scheme, width=width)
    found = {}
    for path in PAGES:
        opened.page.goto(f"{site.address}{language}/{path}")
        opened.page.wait_for_load_state("networkidle")
        found[path] = violations(opened.page)
    opened.page.goto(f"{site.address}{language}/practice.html")
    assert search(opened.page, {"zh": "模型", "en": "model"}[language])
    opened.page.wait_for_timeout(500)  # the box fades in
    found["search"] = violations(opened.page)
    assert {path: objections for path, objections in found.items() if objections} == {}


def test_axe_would_find_something(visit: Callable[..., Visit]) -> None:
    opened = visit("en/index.html")
    opened.page.evaluate(
        "document.querySelector('article').insertAdjacentHTML('beforeend', '<img src=\"favicon.svg\">')"
    )
    assert any(objection.startswith("image-alt") for objection in violations(opened.page))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["index.html", "404.html"])
def test_the_door_too(visit: Callable[..., Visit], path: str, scheme: Scheme) -> None:
    assert violations(visit(path, scheme=scheme, locale="de-DE").page) == []
