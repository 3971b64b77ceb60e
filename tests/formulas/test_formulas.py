"""Formulas are drawn with MathML beside them, and bad ones are refused with a place."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest
from bifolio.errors import FormulaError, UnreadableError
from bifolio.formulas import render_formula
from bifolio.formulas.named import Formula, Symbol, load_formula, missing_languages


def test_formula_has_html_to_see_and_mathml_to_hear() -> None:
    drawn = render_formula(r"\mathbb{E}[x] = \text{均值}", display=True)
    assert '<span class="katex-display">' in drawn
    assert '<math xmlns="http://www.w3.org/1998/Math/MathML" display="block">' in drawn
    assert '<span class="katex-html" aria-hidden="true">' in drawn
    assert "均值" in drawn
    assert "katex-display" not in render_formula("x", display=False)


@pytest.mark.parametrize(
    ("latex", "line", "message"),
    [
        (r"\frac{1}{", 1, "Unexpected end of input in a macro argument, expected '}'"),
        ("a\n+ \\foo b", 2, "Undefined control sequence: \\foo\n  found:    a + ⟨here⟩ \\foo b (character 5)"),
        ("𝔼 + \\foo", 1, "(character 5)"),  # KaTeX counts UTF-16 units
        ("5 到 10", 1, 'Unicode text character "到" used in math mode'),
        (r"\href{javascript:alert(1)}{x}", 1, "\\href is not permitted in a formula"),
        (r"\includegraphics{x.png}", 1, "\\includegraphics is not permitted in a formula"),
        (r"\def\a{\a\a}\a", 1, "Too many expansions"),
        ("{" * 1500, 1, "it is nested too deeply"),
        (r"\sqrt{" * 60 + "x" + "}" * 60, 1, "it is nested too deeply"),
        ("x+" * 50_000 + "x", 1, "too long\n  found:    100,001 characters\n  expected: at most 2,000 characters"),
        (
            r"\def\a{" + "x" * 10 + r"}\def\b{" + r"\a" * 10 + r"}\def\c{" + r"\b" * 10 + "}" + r"\c" * 9,
            1,
            "grows too large",
        ),
    ],
)
def test_bad_formula_is_refused_with_its_place_in_a_second(latex: str, line: int, message: str) -> None:
    render_formula("x", display=True)  # KaTeX is loaded
    start = time.process_time()
    with pytest.raises(FormulaError) as caught:
        render_formula(latex, display=True)
    assert time.process_time() - start < 2
    assert message in str(caught.value)
    assert caught.value.line == line
    assert caught.value.file is None


def test_formula_after_a_refused_one_is_drawn() -> None:
    with pytest.raises(FormulaError):
        render_formula("{" * 1501, display=False)
    assert "katex" in render_formula("y^2", display=False)


def test_markup_in_a_formula_is_text() -> None:
    assert "<script" not in render_formula(r"\text{<script>alert(1)</script>}", display=False)


def test_threads_may_draw() -> None:
    drawn: list[str] = []
    threads = [
        threading.Thread(target=lambda n=n: drawn.append(render_formula(f"x_{{{n}}}", display=False))) for n in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(drawn)) == 8


SOFTMAX = r"""
latex = '''\mathrm{softmax}(z)_i = \frac{e^{z_i}}{\sum_{j} e^{z_j}}'''

[[symbols]]
latex = "z"
zh = "未归一化的得分"
en = "unnormalised scores"

[[symbols]]
latex = "i"
zh = "类别"
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "softmax.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_formula_is_loaded_with_its_symbols(tmp_path: Path) -> None:
    formula = load_formula(written(tmp_path, SOFTMAX))
    assert formula == Formula(
        "softmax",
        r"\mathrm{softmax}(z)_i = \frac{e^{z_i}}{\sum_{j} e^{z_j}}",
        (Symbol("z", {"zh": "未归一化的得分", "en": "unnormalised scores"}), Symbol("i", {"zh": "类别"})),
    )
    assert missing_languages(formula, ("zh", "en")) == ("i: en",)
    assert missing_languages(formula, ("zh",)) == ()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('latx = "x"', ":1: unknown key 'latx'\n  found:    latx\n  expected: latex or symbols\n  nearest:  latex"),
        ("latex = ", ":1: this is no valid TOML"),
        ("latex = 3", ":1: `latex` is missing or no text"),
        ('symbols = ["x"]\nlatex = "x"', ": `symbols` is no list of tables"),
        ('latex = "x"\n[[symbols]]\nzh = "甲"', ":1: `latex` is missing or no text"),
        ('latex = "x"\n[[symbols]]\nlatex = "y"\nzh = 3', ": a symbol's meaning in 'zh' is no text"),
        ("\nlatex = '''\\frac{1}{'''", ":2: the formula cannot be drawn: Unexpected end of input"),
        ("latex = 'x'\n[[symbols]]\nlatex = '\\bad'", ":3: the formula cannot be drawn: Undefined control sequence"),
    ],
)
def test_bad_file_is_refused_with_its_place(tmp_path: Path, text: str, message: str) -> None:
    path = written(tmp_path, text)
    with pytest.raises((FormulaError, UnreadableError)) as caught:
        load_formula(path)
    assert str(caught.value).startswith(f"{path}{message}")


def test_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match="cannot be read"):
        load_formula(tmp_path / "absent.toml")


def test_style_sheet_names_only_fonts_that_are_there() -> None:
    import re
    from importlib import resources

    assets = resources.files("bifolio").joinpath("assets/katex")
    fonts = re.findall(r"url\(([^)]+)\)", assets.joinpath("katex.min.css").read_text(encoding="utf-8"))
    assert len(fonts) == 20
    assert all(assets.joinpath(font).is_file() for font in fonts)
