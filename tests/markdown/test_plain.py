"""Markdown as plain text, for what shows no Markdown."""

from __future__ import annotations

import pytest
from bifolio.markdown.plain import opening, plain_text


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("**Bold**, *soft* and `code_x`", "Bold, soft and code_x"),
        ('A [97 ± 2 %](evidence/x.md#a "mean [95 %]"){.bf-value} of', "A 97 ± 2 % of"),
        ("[a [nested] *link*](x.md) and ![an image](y.png){.z}", "a [nested] link and an image"),
        ("costs \\$5 &#42;&amp; <span class='x'>more</span>", "costs $5 *& more"),
        ("snake_case stays, _emphasis_ goes", "snake_case stays, emphasis goes"),
        ("the loss $L_1$\nfalls", "the loss L_1 falls"),
        ('It is so [✓](a.md "90 %"){#claim-1 .bf-claim}. Then', "It is so. Then"),
        ("a < b, 2*3 and \\*stars\\* of `**code**`", "a < b, 2*3 and *stars* of **code**"),
        ("a [link with $x$ and `]`](<a (b).md>) ends", "a link with x and ] ends"),
    ],
)
def test_plain_text(markdown: str, text: str) -> None:
    assert plain_text(markdown, str.strip) == text


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("# A title {#a}\n\n> What of *this*?\n\nMore.", "What of this?"),
        ("# A title {#a}\nRight below.", "Right below."),
        ("# A {#a}\n\n```\ncode\n\nno paragraph\n```\n\n$$\nx\n$$\n\n- one\n\n    two\n\nAt last.", "At last."),
        ("![a picture](a.png)\n\n| a |\n|---|\n| b |\n\n1. one\n\nAt last.", "At last."),
        (
            '<figure markdown="1">\n\n![a](b.png)\n\n<figcaption markdown="span">\nA.\n</figcaption>\n\n</figure>\n',
            "",
        ),
        ("# Nothing {#a}", ""),
    ],
)
def test_the_opening_is_the_first_paragraph(markdown: str, text: str) -> None:
    assert opening(markdown, str.strip) == text
