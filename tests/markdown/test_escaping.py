"""Untrusted text shows literally, whatever reads the Markdown."""

from __future__ import annotations

import html
import re

import markdown
from bifolio.markdown.escaping import escape, escape_attribute, fence, visible
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60)
HOSTILE = st.lists(
    st.sampled_from([*"*_`[](){}<>#|\\!&~$^=+-.:;'\"@%/? \n\t0aé汉", "{{", "{%", "    ", "1. ", "http://a.b", "&amp;"]),
    min_size=1,
    max_size=25,
).map("".join)
PYTHON_MARKDOWN = markdown.Markdown(
    extensions=[
        "attr_list",
        "md_in_html",
        "tables",
        "footnotes",
        "admonition",
        "def_list",
        "abbr",
        "pymdownx.superfences",
    ]
)
COMMONMARK = MarkdownIt("commonmark", {"html": True}).enable("table").enable("strikethrough")


def shown(page: str) -> str:
    """Return the text that a browser shows of a page with one paragraph or cell."""
    return html.unescape(re.sub(r"<[^>]*>", "", page)).strip("\n")


@given(TEXT | HOSTILE)
def test_escaped_text_is_literal_in_both_markdowns(text: str) -> None:
    for wrapped in (escape(text), f"before {escape(text)} after"):
        expected = html.unescape(wrapped)
        assert shown(PYTHON_MARKDOWN.reset().convert(wrapped)) == expected
        assert shown(COMMONMARK.render(wrapped)) == expected
    assert html.unescape(escape(text)) == visible(text)


@given(HOSTILE)
def test_escaped_text_makes_no_element(text: str) -> None:
    paragraph = f'<span class="bf-text">{escape(text)}</span>'
    boxed = f'<div class="bf-sample" markdown="1">\n\n{paragraph}\n\n</div>'
    assert re.findall(r"<(\w+)", PYTHON_MARKDOWN.reset().convert(boxed)) == ["div", "p", "span"]
    assert re.findall(r"<(\w+)", COMMONMARK.render(boxed)) == ["div", "p", "span"]
    table = f"| a | b |\n| --- | --- |\n| {escape(text)} | x |"
    for page in (PYTHON_MARKDOWN.reset().convert(table), COMMONMARK.render(table)):
        assert re.findall(r"<(\w+)", page) == ["table", "thead", "tr", "th", "th", "tbody", "tr", "td", "td"]


@given(HOSTILE)
def test_a_title_cannot_leave_its_link(text: str) -> None:
    link = f'[x](y.md "{escape_attribute(text)}")'
    for page in (PYTHON_MARKDOWN.reset().convert(link), COMMONMARK.render(link)):
        assert re.findall(r"<(\w+)", page) == ["p", "a"]


def test_nothing_hides_in_a_text() -> None:
    assert visible("a\r\nb\tc\x00d\u202ee") == "a⏎b⟨U+0009⟩c⟨U+0000⟩d⟨U+202E⟩e"


@given(TEXT | st.text("`\n a", max_size=20))
def test_a_fence_holds_any_code(code: str) -> None:
    tokens = COMMONMARK.parse(fence(visible(code).replace("⏎", "\n")))
    assert [token.type for token in tokens] == ["fence"]
