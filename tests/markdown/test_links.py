"""The patterns that read links agree with markdown-it's own reading of them."""

from __future__ import annotations

from bifolio.markdown.links import read_address, read_title
from bifolio.markdown.reading import read
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import helpers

_WRITTEN = st.text(alphabet="ab<>()\\ \"\n'&;\t\x00\x7f你#./", max_size=14)


@given(_WRITTEN, st.integers(0, 14))
@example('"a card of a number" ', 22)
def test_a_title_is_read_as_markdown_it_reads_it(text: str, end: int) -> None:
    _compare(read_title(text, 0, min(end, len(text))), helpers.parseLinkTitle(text, 0, min(end, len(text))))


@given(_WRITTEN, st.integers(0, 14))
@example("evidence/a.md#b ", 16)
def test_an_address_is_read_as_markdown_it_reads_it(text: str, end: int) -> None:
    text += " "
    end = min(end, len(text))
    _compare(read_address(text, 0, end), helpers.parseLinkDestination(text, 0, end))


def test_an_image_has_its_title() -> None:
    image = next(child for child in read('![words](a.png "a title")').tokens[1].children or ())
    assert image.attrs["title"] == "a title"


def _compare(ours: object, theirs: object) -> None:
    names = ("ok", "pos", "str") if getattr(theirs, "ok", False) else ("ok",)
    assert [getattr(ours, name) for name in names] == [getattr(theirs, name) for name in names]
