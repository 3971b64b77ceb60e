"""A page is read once: its spans, headings and loose marks stand where the text has them."""

from __future__ import annotations

from pathlib import Path

import pytest
from bifolio.markdown.reading import read
from bifolio.markdown.tree import is_address, leads_elsewhere
from hypothesis import given
from hypothesis import strategies as st

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("docs/*/*.md"), *ROOT.glob("docs/*/evidence/g*.md"), *ROOT.glob("templates/pages/*/*.md")])

TEXT = st.lists(
    st.sampled_from(
        [
            *(
                "# A {#a}\n",
                "\n\n",
                "- ",
                "1. ",
                "> ",
                "    ",
                "| a | b |\n|---|---|\n",
                "| $|x|$ | `c|d` |\n",
                "```\n",
            ),
            *(
                "$x$",
                "$$y$$",
                "$",
                "**",
                "*",
                "`",
                "[w](t.md)",
                "![p](q.png)",
                "<span>",
                "</span>",
                "<div>\n",
                "文字",
                "\\",
            ),
            *("```mermaid\n", "<!-- ", "-->", "{.bf-value}", "\ue002", "\t", "<https://a.b>", "|", "\n"),
        ]
    ),
    max_size=24,
).map("".join)


def shown(text: str) -> list[tuple[str, str]]:
    return [(span.kind, text[span.start : span.end]) for span in read(text).spans]


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("a `c` b", [("code", "`c`")]),
        ("``a ` b``", [("code", "``a ` b``")]),
        ("[w $x$](t.md#i \"title\")", [("formula", "$x$"), ("target", '(t.md#i "title")')]),
        ("![words](<a b.png>)", [("target", "(<a b.png>)")]),
        ("[1](t.md){.bf-value}", [("target", "(t.md)"), ("attributes", "{.bf-value}")]),
        ("# H $h$ {#id}", [("formula", "$h$"), ("attributes", "{#id}")]),
        ("> a\n> `b`\n> $c$", [("code", "`b`"), ("formula", "$c$")]),
        ("- a `b`\n\n    c `d`", [("code", "`b`"), ("code", "`d`")]),
        (
            '<div class="x" markdown="1">\n\n`a`\n\n</div>',
            [("tag", '<div class="x" markdown="1">'), ("code", "`a`"), ("tag", "</div>")],
        ),
        ("<https://example.org>", [("tag", "<https://example.org>")]),
        ("a <!-- $x$ --> b", [("comment", "<!-- $x$ -->")]),
        ("---\ntitle: `x`\n---\n\n`y`", [("code", "`y`")]),
    ],
)  # fmt: skip
def test_spans_stand_where_the_text_has_them(text: str, spans: list[tuple[str, str]]) -> None:
    assert shown(text) == spans


@pytest.mark.parametrize(
    ("row", "cells"),
    [
        ("| $|x|$ | b | seen |", ["|x|", "b", "seen"]),
        ("| `a|b` | $y$ | z |", ["a|b", "y", "z"]),
        (r"| a \| b | $\{x \mid y\}$ | z |", ["a | b", r"\{x \mid y\}", "z"]),
        (r"| $\|x\|$ | $P(a|b)$ und $c$ | z |", [r"\|x\|", "P(a|b) und c", "z"]),
        ("| 5$ | 6$ | 7 |", ["5$", "6$", "7"]),
    ],
)
def test_a_bar_inside_a_formula_or_code_cuts_no_cell(row: str, cells: list[str]) -> None:
    tokens = read(f"| a | b | c |\n|---|---|---|\n{row}\n").tokens
    body = tokens[next(i for i, t in enumerate(tokens) if t.type == "tbody_open") :]
    assert ["".join(c.content for c in token.children or ()) for token in body if token.type == "inline"] == cells


def test_a_place_in_a_cell_is_that_of_its_own_row() -> None:
    text = "| x | x |\n|---|---|\n| $x$ | $x$ |\n| b | `x` |\n"
    assert [(span.kind, span.start) for span in read(text).spans] == [("formula", 22), ("formula", 28), ("code", 40)]


@pytest.mark.parametrize(
    ("text", "marks"),
    [
        ("**a** *b* `c` $d$", []),
        ("2*3 and 2 * 3, a_b", []),
        (r"\*, \$5, \`", []),
        ("**a", [("**", 1)]),
        ("a\nb* c", [("*", 2)]),
        ("- **甲*\n- `乙", [("*", 1), ("`", 2)]),
        ("from $5 to $6", [("$", 1), ("$", 1)]),
        ("| a | b |\n|---|---|\n| **c | d** |", [("**", 3), ("**", 3)]),
        ("重要**文字", [("**", 1)]),
    ],
)
def test_marks_without_a_partner_are_told(text: str, marks: list[tuple[str, int]]) -> None:
    assert [(loose.mark, loose.line) for loose in read(text).loose] == marks


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_the_report_has_no_loose_mark_and_nothing_unclosed(page: Path) -> None:
    tree = read(page.read_text(encoding="utf-8"))
    assert (tree.loose, tree.problem) == ((), None)


@given(TEXT)
def test_whatever_is_written_is_read_and_spans_do_not_overlap(text: str) -> None:
    tree = read(text)
    ends = [0, *(span.end for span in tree.spans)]
    for span, end in zip(tree.spans, ends, strict=False):
        assert end <= span.start < span.end <= len(text)
    assert all(text[loose.start : loose.end] == loose.mark for loose in tree.loose)
    assert all("$" in text[drawn.start : drawn.end] or "mermaid" in text for drawn in tree.found)


@pytest.mark.parametrize(
    ("target", "elsewhere", "address"),
    [
        ("a.md#b", False, False),
        ("https://a.b", True, True),
        ("HTTP://a.b", True, True),
        ("//a.b/c", True, True),
        ("mailto:a@b.c", True, True),
        ("javascript:alert(1)", True, False),
        (" JavaScript:alert(1)", True, False),
        ("data:text/html,x", True, False),
        ("file:///etc/passwd", True, False),
    ],
)
def test_what_a_link_leads_to(target: str, elsewhere: bool, address: bool) -> None:
    assert (leads_elsewhere(target), is_address(target)) == (elsewhere, address)


@pytest.mark.parametrize(
    ("row", "sources"),
    [
        (r"| $\|x\|_2$ | $y$ |", [r"\|x\|_2", "y"]),
        (r"| a \| b $x$ | $y$ |", ["x", "y"]),
        (r"| a \| b \| `c` $x$ and $|y|$ | $z$ |", ["x", "|y|", "z"]),
        (r"| $\|x\|$ and $|y|$ | $$a|b$$ |", [r"\|x\|", "|y|", "a|b"]),
    ],
)
def test_escaped_bars_in_a_row_move_no_place(row: str, sources: list[str]) -> None:
    text = f"| a | b |\n|---|---|\n{row}\n"
    found = read(text).found
    assert [drawn.source for drawn in found] == sources
    assert [text[drawn.start : drawn.end].strip("$") for drawn in found] == sources
    cells = [token.content for token in read(text).tokens if token.type == "inline"][2:]
    assert len(cells) == 2
