"""A line of a page is traced to the line of the template that it was made from."""

from __future__ import annotations

import pytest
from bifolio.chapters.templates.lines import template_line

TEMPLATE = """# Title {#title}

One of {{ dice.mean }} words.

{{ figure(dice.rolls,
          caption="Words.") }}

The same.

{{ table(dice.rolls) }}

- a {{ dice.mean }} b
- the last
"""
PAGE = """---
description: "One"
---

# Title {#title}

One of [3.5](evidence/dice.md#mean) words.

<figure markdown="1">

![Words](figures/a.svg)

</figure>

The same.

| a | b |
|---|---|
| 1 | 2 |

- a [3.5](evidence/dice.md#mean) b
- the last
"""


@pytest.mark.parametrize(
    ("written", "line"),
    [
        ("# Title", 1),
        ("One of [3.5]", 3),
        ("The same.", 8),
        ("| 1 | 2 |", 10),
        ("- a [3.5]", 12),
        ("- the last", 13),
    ],
)
def test_a_line_of_a_page(written: str, line: int) -> None:
    (number,) = (number for number, one in enumerate(PAGE.splitlines(), start=1) if one.startswith(written))
    assert template_line(TEMPLATE, PAGE, number) == line


def test_what_a_macro_of_two_lines_made() -> None:
    assert template_line(TEMPLATE, PAGE, PAGE.splitlines().index("![Words](figures/a.svg)") + 1) in (5, 6)


@pytest.mark.parametrize(("template", "page", "line"), [("", "", 1), ("a", "a\nb\nc", 9), ("a\nb", "", 1)])
def test_whatever_is_asked_a_line_of_the_template_is_told(template: str, page: str, line: int) -> None:
    assert 1 <= template_line(template, page, line) <= max(1, len(template.splitlines()))
