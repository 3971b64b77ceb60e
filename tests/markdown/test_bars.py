"""A table whose formulas hold bars is the same table to every engine once it stands in docs/."""

from __future__ import annotations

import re

import markdown
import pypandoc
import pytest
from bifolio.formulas import render_formula
from bifolio.markdown.bars import with_named_bars
from bifolio.markdown.reading import read
from markdown_it import MarkdownIt

ROWS = [
    r"$|x|$ and $P(A|B)$",
    r"$\|x\|_2$",
    r"$\left|\frac{a|b}{2}\right|$",
    r"$\mathbb{E}[a | b]$",
    r"$$\lvert a|b \rvert$$",
    r"$\{x \mid x|n\}$",
]


def page(cell: str) -> str:
    return f"Text.\n\n| a | b |\n|---|---|\n| {cell} | seen |\n\nText $|x|$."


@pytest.mark.parametrize("cell", ROWS)
def test_every_engine_cuts_the_row_alike(cell: str) -> None:
    written = with_named_bars(page(cell))
    found = {
        "Python-Markdown": markdown.markdown(written, extensions=["tables"]),
        "markdown-it": MarkdownIt("commonmark").enable("table").render(written),
        "pandoc": str(pypandoc.convert_text(written, "html", "markdown")),
    }
    for name, html in found.items():
        cells = [" ".join(one.split()) for one in re.findall(r"<td[^>]*>(.*?)</td>", html, re.DOTALL)]
        assert len(cells) == 2 and cells[1] == "seen", (name, html)


@pytest.mark.parametrize("cell", ROWS)
def test_the_formulas_are_drawn_as_before(cell: str) -> None:
    before, after = (read(text).found for text in (page(cell), with_named_bars(page(cell))))
    drawn = [
        [re.sub(r"<annotation.*?</annotation>", "", render_formula(one.source, display=False)) for one in found]
        for found in (before, after)
    ]
    assert drawn[0] == drawn[1]
    assert after[-1].source == "|x|"  # outside of a table nothing changes


@pytest.mark.parametrize(
    "text", ["| a |\n|---|\n| b |", "$|x|$", r"| a |" "\n|---|\n" r"| $\begin{array}{c|c}1&2\end{array}$ |"]
)
def test_what_stays(text: str) -> None:
    assert with_named_bars(text) == text
