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


# Contrast takes axe four fifths of its time: a report has ten thousand pieces of text, and some hundred looks of them.
# A look is all that contrast is computed from: an element's own letters, and what lies behind it.
_ONE_OF_EACH_LOOK = """
    (() => {
        const numbers = new Map(), behind = new WeakMap();
        const number = (text) => numbers.set(text, numbers.get(text) ?? numbers.size).get(text);
        const layers = (element) => {
            if (!element) return 0;
            if (!behind.has(element)) {
                const own = getComputedStyle(element), below = layers(element.parentElement);
                const layer = [own.backgroundColor, own.backgroundImage, own.opacity, own.filter, own.mixBlendMode,
                    own.position, own.visibility].join();
                const seen = layer !== "rgba(0, 0, 0, 0),none,1,none,normal,static,visible";
                behind.set(element, seen ? number(`${below} ${layer}`) : below);
            }
            return behind.get(element);
        };
        const met = new Set();
        for (const element of document.querySelectorAll("*")) {
            element.removeAttribute("data-look");
            const text = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
            if (!(text || element.matches("input, select, textarea")) || !element.checkVisibility()) continue;
            const own = getComputedStyle(element);
            const look = [own.color, own.fontSize, own.fontWeight, own.textShadow, layers(element)].join();
            if (!met.has(look)) element.setAttribute("data-look", met.size);
            met.add(look);
        }
        axe.configure({rules: [{id: "color-contrast", selector: "[data-look]"}]});
        return met.size;
    })();
"""


def violations(page: Page) -> list[str]:
    """Return what axe objects to, with its default rules."""
    from axe_playwright_python.sync_playwright import Axe

    axe = Axe()
    axe.axe_script += _ONE_OF_EACH_LOOK
    # Every rule is run, but what passed is not written out: for a whole report that takes many times as long.
    found = axe.run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [f"{rule['id']}: {node['html'][:200]}" for rule in found for node in rule["nodes"]]


@pytest.mark.parametrize(("language", "scheme", "width"), PAIRS)
def test_axe_finds_nothing(
    site: Served, visit: Callable[..., Visit], language: str, scheme: Scheme, width: int
) -> None:
    opened = visit(f"{language}/{PAGES[0]}", scheme=scheme, width=width, searching=True)
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
    # Once more after all others of its look, on paper that only it has; and a picture without words.
    added = '<img src="favicon.svg"><div style="background: #777"><p>pale</p></div>'
    opened.page.evaluate(f"document.querySelector('article').insertAdjacentHTML('beforeend', '{added}')")
    found = violations(opened.page)
    assert any(objection.startswith("image-alt") for objection in found)
    assert any(objection.startswith("color-contrast") and "pale" in objection for objection in found)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["index.html", "404.html"])
def test_the_door_too(visit: Callable[..., Visit], path: str, scheme: Scheme) -> None:
    assert violations(visit(path, scheme=scheme, locale="de-DE").page) == []
