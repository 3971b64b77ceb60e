"""Formulas on their way to the PDF: what KaTeX draws, Typst sets, or they are refused by name."""

from __future__ import annotations

import pytest
import typst
from bifolio.errors import FormulaError
from bifolio.export.pdf.fonts import all_fonts
from bifolio.export.pdf.typst import call, literal, string
from bifolio.formulas.parts import typst_parts
from bifolio.formulas.typesetting import typst_formula
from bifolio.markdown.reading import read
from bifolio.project import find_project

SET = {
    r"a + b": "a \\+ b",
    r"x_i^2": "attach(scripts(x), b: i, t: 2)",
    r"\sum_{i=1}^n x_i": "attach(∑, b: i \\= 1, t: n) attach(scripts(x), b: i)",
    r"\lim_{x \to 0} f(x)": 'attach(op("lim", limits: #true), b: x → 0) f \\( x \\)',
    r"\frac{a}{b + 1}": "frac(a, b \\+ 1)",
    r"\tfrac12": "inline(frac(1, 2))",
    r"\sqrt[3]{x}": "root(3, x)",
    r"\hat m_t": "attach(scripts(accent(m, hat)), b: t)",
    r"\overline{xy}": "overline(x y)",
    r"\underbrace{a}_{n}": "attach(limits(underbrace(a)), b: n)",
    r"\left(\frac{a}{b}\right)": "lr(\\( frac(a, b) \\))",
    r"\bigl| G \bigr|": 'class("normal", lr(size: #1.2em, \\|)) G class("normal", lr(size: #1.2em, \\|))',
    r"\left( a \middle| b \right)": "lr(\\( a mid(\\|) b \\))",
    r"\mathrm{PPL}": "upright(P) upright(P) upright(L)",
    r"\mathbb{E}\,\mathcal{L}": "bb(E) thin cal(L)",
    r"a\!b\;c\quad d": "a #h(-0.1667em) b thick c #h(1em) d",
    r"f''": "attach(scripts(f), t: primes(#2))",
    r"\binom{n}{k}": "binom(n, k)",
    r"\begin{cases} 1 & a \\ 2 & b \end{cases}": "cases(1 #h(1em) & a, 2 #h(1em) & b)",
    r"\begin{pmatrix} a & b \\ c & d \end{pmatrix}": "lr(\\( mat(delim: #none, align: #center, a, b; c, d) \\))",
    r"\begin{array}{c|c} a & b \\ \hline c & d \end{array}": (
        "mat(delim: #none, align: #center, augment: #(hline: (1,), vline: (1,)), a, b; c, d)"
    ),
    r"\begin{aligned} a &= b, & c &= d \\ e &= f \end{aligned}": "a & \\= b \\, #h(1em) & c & \\= d \\ e & \\= f",
    r"x \text{ if } y": 'x " if " y',
    r"50\% \,\text{的字}": '50 class("normal", \\%) thin "的字"',
    r"x \ne y": "x ≠ y",
    r"\boxed{x}": "#box(stroke: 0.5pt, inset: 3pt, $x$)",
    r"\cancel{x}": "cancel(x)",
    r"\vdots": 'class("normal", ⋮)',
    r"{n \atop k}": "mat(delim: #none, n; k)",
    r"\ulcorner \surd": 'class("normal", \\⌜) class("normal", \\√)',
    r"\operatorname{}x": "x",
    r"3.5{,}1": '3.5class("normal", \\,)1',
}
REFUSED = {
    r"\color{red} x": "a colour or a size",
    r"a \tag{1}": r"\tag",
    r"\raisebox{1em}{x}": r"\raisebox",
    r"\rule{1em}{1em}": "a rule",
}


@pytest.mark.parametrize("latex", SET)
def test_a_formula_becomes_typst(latex: str) -> None:
    assert typst_formula(latex, display=True) == SET[latex]


LONG = r"y = a_1 x_1 + (b_1 - c_1) \left(\frac{x}{y}\right) + f(x, y, z, u, v, w) \le -3, \quad x := \max_{i} y_i"


def test_a_long_formula_may_break_before_relations_and_signs() -> None:
    groups = typst_parts(LONG, display=True)
    assert [group[0][:2] for group in groups] == ["y", "\\=", "≤ "]
    assert groups[1][1:3] == (
        "\\+ \\( attach(scripts(b), b: 1)",
        "− attach(scripts(c), b: 1) \\) lr(\\( frac(x, y) \\))",
    )
    assert groups[2][0] == "≤ − 3 \\,"
    parts = [part for group in groups for part in group]
    assert " ".join(parts) == typst_formula(LONG, display=True)
    assert typst_parts("x = y + z", display=True) == ()  # short
    matrix = r"\begin{pmatrix}" + "&".join(f"a_{{{place}}}" for place in range(20)) + r"\end{pmatrix}"
    assert typst_parts(matrix, display=True) == ((typst_formula(matrix, display=True),),)


@pytest.mark.parametrize("latex", REFUSED)
def test_what_has_no_counterpart_is_refused(latex: str) -> None:
    with pytest.raises(FormulaError) as caught:
        typst_formula(latex, display=True)
    assert caught.value.problem == "the formula cannot be typeset"
    assert str(caught.value.found).startswith(REFUSED[latex])


def test_a_broken_formula_does_not_pass_katex() -> None:
    with pytest.raises(FormulaError, match="cannot be drawn"):
        typst_formula(r"\frac{a}", display=True)


def test_typst_sets_what_is_written(request: pytest.FixtureRequest) -> None:
    project = find_project(request.config.rootpath)
    pages = [path.read_text(encoding="utf-8") for path in sorted(project.docs.rglob("*.md"))]
    found = {(one.source, one.kind) for page in pages for one in read(page).drawn() if one.kind != "diagram"}
    assert len(found) > 50
    written = [(latex, True) for latex in SET] + [(latex, kind == "display-formula") for latex, kind in sorted(found)]
    lines = [
        call("#math.equation", f"${typst_formula(latex, display=display)}$", block=literal(display), alt=string(latex))
        for latex, display in written
    ]
    source = '#set document(title: "Formulas")\n#set text(font: "New Computer Modern Math")\n' + "\n".join(lines)
    assert typst.compile(source.encode(), font_paths=all_fonts(), format="pdf", pdf_standards="ua-1")
