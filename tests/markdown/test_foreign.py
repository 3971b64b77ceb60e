"""HTML that no macro of bifolio writes is found in a page, and so is an element that is not closed."""

from __future__ import annotations

import pytest
from bifolio.markdown.foreign import find_foreign
from bifolio.markdown.reading import read


@pytest.mark.parametrize(
    ("text", "line", "found"),
    [
        ("# A\n\nText\nand <mark>more</mark>.", 4, "<mark>"),
        ("Text <!-- hidden -->", 1, "<!-- hidden -->"),
        ("<table>\n<tr><td>a</td></tr>\n</table>", 1, "<table>"),
        ("| a |\n|---|\n| <b>x</b> |", 3, "<b>"),
        ('<div class="bf-frame" markdown="1">\n\nText', 1, "<div"),
        ("Text\n\n</div>", 3, "</div>"),
        ('A <span class="bf-x">word', 1, "<span"),
        ("A word</span>", 1, "</span>"),
        ("!!! note\n    Text.", 1, "!!! note"),
    ],
)
def test_what_is_foreign(text: str, line: int, found: str) -> None:
    number, shown, _ = next(iter(find_foreign(read(text))))
    assert (number, shown) == (line, found)


@pytest.mark.parametrize(
    "text",
    [
        '<div class="bf-frame" markdown="1">\n\nA <span class="bf-x">word</span><br>more\n\n</div>',
        '<details markdown="1">\n<summary>Words</summary>\n\nText\n\n</details>',
        "`<mark>` and a < b > c",
        "```\n<table>\n```",
        "<https://a.example>",
    ],
)
def test_what_is_not(text: str) -> None:
    assert list(find_foreign(read(text))) == []
