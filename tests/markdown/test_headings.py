"""What a page is called."""

from __future__ import annotations

import pytest
from bifolio.markdown.headings import title_of


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("# One {#one}\n\n# Two {#two}\n", "One"),
        ("Words.\n\n#  A *b* {x}  {#ab .c} \n", "A *b* {x}"),
        ("## Two {#two}\n\n#three\n", ""),
        ("", ""),
    ],
)
def test_a_page_is_called_by_its_first_heading_of_the_first_level(text: str, title: str) -> None:
    assert title_of(text) == title
