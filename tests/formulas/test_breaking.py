"""Where a displayed formula is broken: its parts, the drawing inside them, and groups, which stay whole."""

from __future__ import annotations

import re

import pytest
from bifolio.formulas import render_formula
from bifolio.formulas.breaking import in_parts


def boxes(latex: str) -> int:
    return in_parts(render_formula(latex, display=True)).count('class="bf-part"')


@pytest.mark.parametrize(
    ("latex", "parts"),
    [
        (r"a = b", 0),
        (r"a = b, \quad c", 0),
        (r"a, \qquad b", 2),
        (r"a = \frac{1}{2}, \qquad b = c + d, \qquad e", 3),
        (r"\left( a \qquad b \right)", 0),
        (r"\begin{aligned} a &= b \qquad c \\ d &= e \end{aligned}", 0),
        (r"\sqrt{x \qquad y} \qquad z", 2),
    ],
)
def test_a_formula_is_cut_between_two_quads_that_stand_in_no_group(latex: str, parts: int) -> None:
    assert boxes(latex) == parts


@pytest.mark.parametrize("latex", [r"a, \qquad b", r"\mu = \frac{1}{n} \sum_k x_k, \qquad \sigma^2 = y, \qquad z"])
def test_the_drawing_stays_whole_and_every_tag_is_closed(latex: str) -> None:
    drawing = render_formula(latex, display=True)
    parts = in_parts(drawing)
    assert re.sub("<[^>]*>", "", parts) == re.sub("<[^>]*>", "", drawing)
    depth = 0
    for tag in re.findall(r"<span\b[^>]*>|</span>", parts):
        depth += -1 if tag == "</span>" else 1
        assert depth >= 0
    assert depth == 0
    for part in parts.split('<span class="bf-part">')[1:]:
        assert part.startswith('<span class="katex-base"><span class="katex-strut"'), "each has its own height"
