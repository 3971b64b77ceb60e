"""Formulas and diagrams are found where a reader sees them, and nowhere else."""

from __future__ import annotations

import pytest
from bifolio.errors import BifolioError, DiagramError, FormulaError
from bifolio.markdown.reading import read
from hypothesis import given
from hypothesis import strategies as st


def found(text: str) -> list[tuple[str, str, int]]:
    return [(drawn.kind.removesuffix("-formula"), drawn.source, drawn.line) for drawn in read(text).drawn()]


@pytest.mark.parametrize(
    ("text", "formulas"),
    [
        ("损失$L$下降", ["L"]),
        ("**$a$**，“$b$”、（$c$）", ["a", "b", "c"]),
        ("a $x_1\n= x_2$ b", ["x_1\n= x_2"]),
        (r"$\$5 + x$", [r"\$5 + x"]),
        ("# 标题 $h$ {#id}", ["h"]),
        ("- 甲 $a$\n- 乙 $b$", ["a", "b"]),
        ("| 符号 | 义 |\n|---|---|\n| $x$ | $y$ |", ["x", "y"]),
        ("<span title='$no$'>$ok$</span>", ["ok"]),
        ("a < b 且 $x$ > c", ["x"]),
        ("[^1]: 脚注 $z$。", ["z"]),
        ("其中 $$c$$，好", ["c"]),
        ("<div markdown>\n$k$\n</div>", ["k"]),
    ],
)
def test_formula_is_found(text: str, formulas: list[str]) -> None:
    assert [source for _, source, _ in found(text)] == formulas


@pytest.mark.parametrize(
    "text",
    [
        "from $5 to $6",
        "5$ and 6$ and 7 $",
        "每月 $5，每年 $60",
        "US$5,US$6",
        r"\$x\$ and \$y$ 5",
        "`$x$` and ``a ` $y$ ``",
        "```\n$$x$$\n```",
        "~~~~\n```mermaid\nx\n```\n$x$\n~~~~",
        "````markdown\n```mermaid\nflowchart\n```\n$$x$$\n````",
        "- 甲\n\n    ```python\n    $$x$$\n    ```",
        "> ```\n> $x$\n> ```",
        "甲\n\n    $indented$ code\n\n    $more$",
        "- 甲\n\n        $code$ in an item",
        "<!-- $x$\n\n$y$ -->",
        "<pre>\n$x$\n\n$y$\n</pre>",
        "<div>\n<div>$x$</div>\n\n$y$\n</div>",
        "[甲](https://example.org/$x$)",
        "| 甲 | 乙 |\n|---|---|\n|5$|6$|",
        "---\ntitle: $x$\n---\n",
        "$ x $ $$ $$$",
        "$a\n\nb$",
    ],
)
def test_what_is_no_formula(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "source", "line"),
    [
        ("$$\na\n= b\n$$", "a\n= b", 1),
        ("令\n$$\na\n$$\n其中", "a", 2),
        ("- 甲\n\n    $$\n    a\n    - b\n    $$", "a\n    - b", 3),
        ("> 甲\n> $$\n> a\n> $$", "a", 2),
        ("$$x$$", "x", 1),
        ("$$ \\text{若 $x$ 为真} $$", "\\text{若 $x$ 为真}", 1),
    ],
)
def test_display_formula_stands_alone(text: str, source: str, line: int) -> None:
    drawn = read(text).drawn()[0]
    assert (drawn.kind, drawn.source, drawn.line, drawn.stands_alone) == ("display-formula", source, line, True)


def test_display_formula_beside_text_does_not_stand_alone() -> None:
    assert [drawn.stands_alone for drawn in read("甲 $$a$$\n\n1. $$b$$\n\n$$c\n$$，好").drawn()] == [False] * 3


def test_diagram_loses_its_indentation_and_keeps_its_lines() -> None:
    text = "甲\n\n- 乙\n\n    ```mermaid\n    mindmap\n      甲\n\n        乙\n    ```\n\n$x$"
    diagram, formula = read(text).drawn()
    assert (diagram.kind, diagram.source) == ("diagram", "mindmap\n  甲\n\n    乙\n")
    assert (diagram.line, diagram.page_line(3), diagram.page_line(None), formula.line) == (5, 8, 5, 12)
    assert text[diagram.start : diagram.end].splitlines()[-1] == "    ```"


def test_diagram_marks_may_differ() -> None:
    assert [kind for kind, _, _ in found("~~~ mermaid\nx\n~~~\n\n``` {.mermaid}\ny\n```\n")] == ["diagram", "diagram"]


@pytest.mark.parametrize(
    ("text", "line", "error"),
    [("甲\n\n$$\nx\n\ny $$", 3, FormulaError), ("甲\n\n```mermaid\nflowchart", 3, DiagramError)],
)
def test_what_is_never_closed_is_an_error(text: str, line: int, error: type[BifolioError]) -> None:
    with pytest.raises(error, match="never closed") as caught:
        list(read(text).drawn())
    assert caught.value.line == line


@given(st.text(alphabet="$\\`<>a甲5 \n|-#:*!~\t[](){}", max_size=80))
def test_any_text_gives_ordered_places_or_an_error(text: str) -> None:
    try:
        places = list(read(text).drawn())
    except (FormulaError, DiagramError) as error:
        assert error.line is not None and 1 <= error.line <= text.count("\n") + 1
        return
    end = 0
    for drawn in places:
        assert end <= drawn.start < drawn.end <= len(text)
        assert drawn.line == text.count("\n", 0, drawn.start) + 1
        end = drawn.end


def test_long_hostile_text_is_read_in_time() -> None:
    assert found("`" * 3000 + "$" * 3001 + "<a " * 3000 + "\\" * 3001) == []
    assert len(found("$a$ `b` <i>\n" * 3000)) == 3000
