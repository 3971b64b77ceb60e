"""Formulas in titles and contents are plain characters, or their LaTeX where characters would say less."""

from __future__ import annotations

import pytest
from bifolio.formulas.plain import plain_formula


@pytest.mark.parametrize(
    ("latex", "plain"),
    [
        (r"\lVert x\rVert_2", "‖x‖₂"),
        ("|x|", "|x|"),
        (r"P(A\mid B)", "P(A | B)"),
        (r"\mathcal{L}(\theta)", "ℒ(θ)"),
        (r"\mathbb{R}^n", "ℝⁿ"),
        (r"\mathfrak{C}", "ℭ"),
        (r"O(n \log n)", "O(n log n)"),
        (r"\max_x f(x)", "maxₓ f(x)"),
        (r"\operatorname{softmax}(z)_i", "softmax(z)ᵢ"),
        (r"\sum_{i=1}^n x_i^2", "∑ᵢ₌₁ⁿxᵢ²"),
        (r"-1 \le x < 2", "−1 ≤ x < 2"),
        ("10^{-9}", "10⁻⁹"),
        (r"\sqrt{n}", "√n"),
        (r"\text{loss}", "loss"),
    ],
)
def test_what_characters_can_say_is_said_by_them(latex: str, plain: str) -> None:
    assert plain_formula(latex) == plain


@pytest.mark.parametrize(
    "latex", [r"\frac{a}{b}", r"\sqrt{n+1}", r"\hat y", r"x^{a^b}", r"x_q", r"\undefined", r"\binom{n}{k}"]
)
def test_where_layout_is_meaning_the_latex_stays(latex: str) -> None:
    assert plain_formula(latex) == latex
