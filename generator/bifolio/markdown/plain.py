"""Markdown as plain text, for places that show no markup: the descriptions that search engines and previews read."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable

from markdown_it.token import Token

from bifolio.markdown.escaping import visible

_MARKUP = re.compile(
    r"""
    \\(?P<escaped>[!-/:-@\[-`{-~])
    | \[\^[^\]]+\]                                            # a footnote's mark
    | \s*\[[^\[\]]*\]\([^()]*(?:\([^()]*\)[^()]*)*\)\{\.bf-(?:claim|outcome)[^{}]*\}  # what the build found
    | !?\[(?P<text>(?:\\.|[^\[\]\\]|\[[^\[\]]*\])*)\]\([^()]*(?:\([^()]*\)[^()]*)*\)
    | `+\s?(?P<code>[^`]+?)\s?`+
    | \{:?\s*[.\#][^{}]*\}                                    # attributes
    | </?[A-Za-z][^<>]*> | <!--.*?-->
    | \*+ | (?<!\w)_+(?=\w) | (?<=\w)_+(?!\w) | \$
    """,
    re.VERBOSE | re.DOTALL,
)


def plain_text(markdown: str) -> str:
    """Return what a reader sees of a paragraph's Markdown, on one line and with every character visible."""
    return visible(" ".join(html.unescape(_MARKUP.sub(_shown, markdown)).split()))


def words_of(tokens: Iterable[Token]) -> str:
    """Return the words of a line's tokens for places that hold no markup, code and formulas as they were written."""
    parts = []
    for token in tokens:
        if token.type == "image":
            parts.append(words_of(token.children or ()))
        elif token.type in ("softbreak", "hardbreak"):
            parts.append(" ")
        else:
            parts += [token.content, token.meta.get("marks", "")]
    return "".join(parts)


def _shown(match: re.Match[str]) -> str:
    if match["text"] is not None:
        return _MARKUP.sub(_shown, match["text"])
    return match["escaped"] or match["code"] or ""
