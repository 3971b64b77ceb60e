"""Markdown as plain text, for what shows no Markdown."""

from __future__ import annotations

import pytest
from bifolio.markdown.plain import plain_text


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("**Bold**, *soft* and `code_x`", "Bold, soft and code_x"),
        ('A [97 ± 2 %](evidence/x.md#a "mean [95 %]"){.bf-value} of', "A 97 ± 2 % of"),
        ("[a [nested] *link*](x.md) and ![an image](y.png){.z}", "a [nested] link and an image"),
        ("costs \\$5 &#42;&amp; <span class='x'>more</span>[^1]", "costs $5 *& more"),
        ("snake_case stays, _emphasis_ goes", "snake_case stays, emphasis goes"),
        ("the loss $L_1$\nfalls", "the loss L_1 falls"),
    ],
)
def test_plain_text(markdown: str, text: str) -> None:
    assert plain_text(markdown) == text
