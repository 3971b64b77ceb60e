"""On a phone nothing scrolls sideways but what has a frame of its own."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser.conftest import NARROW, Served, Visit

_STICKING_OUT = """
    [...document.querySelectorAll("article *")].filter((element) => {
        const framed = "svg, .katex, pre, table, .md-typeset__scrollwrap, .bf-formula, .bf-diagram, .bf-table";
        if (element.closest(framed)) return false;
        return element.getBoundingClientRect().right > innerWidth + 1 && element.checkVisibility();
    }).map((element) => element.outerHTML.slice(0, 100))
"""


@pytest.mark.parametrize("script", [True, False])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_page_scrolls_sideways(site: Served, visit: Callable[..., Visit], language: str, script: bool) -> None:
    opened = visit(f"{language}/index.html", width=NARROW, script=script)
    wide = {}
    for path in site.pages():
        if path.startswith(f"{language}/"):
            opened.page.goto(site.address + path)
            width = opened.page.evaluate("document.scrollingElement.scrollWidth")
            out = opened.page.evaluate(_STICKING_OUT)
            if width > NARROW or out:
                wide[path] = (width, out)
    assert wide == {}
