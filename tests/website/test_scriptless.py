"""The dark style sheet holds the dark rules of the others, and only these."""

from __future__ import annotations

import pytest
from bifolio.website.scriptless import dark_style

LIGHT = '[data-md-color-scheme="default"]'


@pytest.mark.parametrize(
    ("sheet", "expected"),
    [
        ("a { b: c }", ""),
        ("[data-md-color-scheme=slate]{--x:#fff}", f"{LIGHT} {{ --x:#fff }}\n"),
        ('[data-md-color-scheme="slate"] img,\nimg.dark { b: c; }', f"{LIGHT} img {{ b: c; }}\n"),
        (
            "@media screen { a { b: c } [data-md-color-scheme=slate] { d: e } }",
            f"@media screen {{ {LIGHT} {{ d: e }} }}\n",
        ),
        ("@media screen{@supports (a:b){[data-md-color-scheme=slate]{d:e}}}", None),
        ("@import 'x.css';[data-md-color-scheme=slate]{d:e}", f"{LIGHT} {{ d:e }}\n"),
        ("/* [data-md-color-scheme=slate] { x } */ a{content:'}{'} [data-md-color-scheme=slate]{d:e}", None),
        ("a{background:url(data:image/svg+xml;{})}[data-md-color-scheme=slate]{d:e}", None),
        ("@keyframes f{from{a:b}to{a:c}}", ""),
    ],
)
def test_dark_rules_become_rules_of_the_page(sheet: str, expected: str | None) -> None:
    made = dark_style([sheet])
    if expected is None:
        assert made.count(f"{LIGHT} {{ d:e }}") == 1 and "url" not in made and made.count("{") == made.count("}")
    else:
        assert made == expected


def test_sheets_keep_their_order() -> None:
    sheets = ("[data-md-color-scheme=slate]{a:1}", "[data-md-color-scheme=slate]{a:2}")
    assert dark_style(sheets).index("a:1") < dark_style(sheets).index("a:2")
