"""Formulas are compared as they are drawn, code without its comments and strings."""

from __future__ import annotations

from pathlib import Path

import pytest
from bifolio.chapters import render
from bifolio.check.alike import same_form
from bifolio.check.code import first_difference
from bifolio.memo import Memo
from bifolio.project import Project

from tests.check.conftest import add, only


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (r"\frac12", r"\frac{1}{2}"),
        (r"x^{2}", "x ^ 2"),
        (r"a\,b", "a b"),
        (r"\log x", r"\operatorname{log} x"),
        (r"|x|", r"\lvert x \rvert"),
        (r"\left(\frac12\right)", r"(\tfrac{1}{2})"),
        (r"L_{\text{train}}", r"L_{\text{训练}}"),
        (r"y \text{ if } x", r"\text{若 } y \, x"),
        (r"a \le b", r"a \leq b"),
        (r"1{,}000", "1,000"),
        (r"f' \to 0", r"f^{\prime} \rightarrow 0"),
    ],
)
@pytest.mark.parametrize("kind", ["formula", "inline formula"])
def test_formulas_that_are_drawn_alike(tmp_path: Path, kind: str, one: str, other: str) -> None:
    memo = Memo(tmp_path / "memo", "")
    assert same_form(memo, f"{kind} ${one}$") == same_form(memo, f"{kind} ${other}$")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a + b", "a - b"),
        (r"\mathbf{x}", "x"),
        (r"\frac12", r"\binom12"),
        ("x_1", "x^1"),
        (r"L_{\text{train}}", "L"),
        (r"\hat x", "x"),
        (r"\sqrt{x}y", r"\sqrt{xy}"),
        ("{ab}^2", "ab^2"),
        (r"\log x", "logx"),
    ],
)
def test_formulas_that_are_drawn_otherwise(tmp_path: Path, one: str, other: str) -> None:
    memo = Memo(tmp_path / "memo", "")
    assert same_form(memo, f"formula ${one}$") != same_form(memo, f"formula ${other}$")


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("python", "x = 1  # one\nprint('hello')", "x = 1\n\nprint('你好')  # 打印"),
        ("python", 'def f():\n    """Say."""\n    return "a"', "def f():\n    return '一'"),
        ("python", 'print(f"{a} of {b:.2f}")', 'print(f"{b:.2f} 中的 {a}")'),
        ("python", 'log("a long sentence",\n    x)', 'log("短", x)'),
        ("python", "!pip install torch  # first\nprint('a')", "!pip install torch\nprint('一')"),
        ("python", '    "title": "a",  # in a dictionary', '    "title": "标题",'),
        ("bash", "# train\npython train.py --name 'a'", "python train.py --name '训练'  # 训练"),
        ("js", "show(`a ${x}`); // says it", "show(`说 ${x}`);"),
        ("sql", "-- all\nSELECT a FROM b;", "SELECT a FROM b;"),
        ("", "loss 0.1\n", "loss 0.1"),
        ("text", "words", "话"),
    ],
)
def test_code_that_does_the_same(tmp_path: Path, language: str, one: str, other: str) -> None:
    memo = Memo(tmp_path / "memo", "")
    entries = [f"code {language}\n{'' if language == 'text' else code}" for code in (one, other)]
    assert same_form(memo, entries[0]) == same_form(memo, entries[1])


@pytest.mark.parametrize(
    ("language", "one", "other", "lines"),
    [
        ("python", "x = 1\ny = 2\n", "x = 1  # eins\ny = 3\n", ("y = 2", "y = 3")),
        ("python", 'print(f"{a}")', 'print(f"{b}")', ('print(f"{a}")', 'print(f"{b}")')),
        ("python", "if a:\n    b\nc", "if a:\n    b\n    c", ("c", "c")),
        ("python", 'x = """a\nb"""\ny', 'x = """c"""\ny\nz', ("", "z")),
        ("c", "#include <a.h>", "#include <b.h>", ("#include <a.h>", "#include <b.h>")),
        ("yaml", "a:\n  b: 1", "a:\n  b: 2", ("b: 1", "b: 2")),
        ("", "loss 0.1 # a", "loss 0.1 # b", ("loss 0.1 # a", "loss 0.1 # b")),
        ("no-such", "a  # b", "a  # c", ("a  # b", "a  # c")),
    ],
)
def test_code_that_differs_is_told_by_its_first_line(
    tmp_path: Path, language: str, one: str, other: str, lines: tuple[str, str]
) -> None:
    memo = Memo(tmp_path / "memo", "")
    assert same_form(memo, f"code {language}\n{one}") != same_form(memo, f"code {language}\n{other}")
    assert first_difference(language, one, other) == lines


def test_editions_that_spell_differently_agree_and_a_difference_has_its_line(edited: Project) -> None:
    texts = {
        "zh": '公式 $\\frac12$。\n\n$$L_{\\text{训练}}$$\n\n```python\nx = 1  # 一\nprint("一")\n```',
        "en": 'A formula $\\frac{1}{2}$.\n\n$$L_{\\text{train}}$$\n\n```python\nx = 1\nprint("one")\n```',
        "de": 'Formel $\\frac 1 2$.\n\n$$L_{\\text{lern}}$$\n\n```python\nx = 2\nprint("eins")\n```',
    }
    for language, text in texts.items():
        add(edited.templates / f"pages/index/{language}.md", text)
    render(edited)
    (finding,) = only(edited, "reference-parity")
    lines = (edited.templates / "pages/index/de.md").read_text(encoding="utf-8").splitlines()
    assert (finding.file, finding.line) == ("templates/pages/index/de.md", lines.index("x = 2") + 1)
    assert finding.found.endswith("code python: x = 2")
    assert finding.expected.startswith("code python: x = 1")
