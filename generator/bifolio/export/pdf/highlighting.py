"""Tells the parts of code apart: what each run of characters is, line by line."""

from __future__ import annotations

from collections.abc import Iterator

_KINDS = (
    ("Token.Comment", "comment"),
    ("Token.Literal.String.Doc", "comment"),
    ("Token.Literal", "literal"),
    ("Token.Keyword", "keyword"),
    ("Token.Operator.Word", "keyword"),
    ("Token.Name.Function", "name"),
    ("Token.Name.Class", "name"),
    ("Token.Name.Tag", "keyword"),
)
"""The beginning of what Pygments calls a token, and the kind under which the style knows it; the first counts."""

Run = tuple[str, str]
"""A kind, or nothing, and characters."""


def highlight(source: str, language: str) -> list[list[Run]]:
    """Return the runs of each line; code in a language that Pygments does not know is of one kind."""
    lines: list[list[Run]] = [[]]
    for kind, text in _tokens(source, language):
        for place, part in enumerate(text.split("\n")):
            if place:
                lines.append([])
            if part:
                _add(lines[-1], kind, part)
    return lines


def _tokens(source: str, language: str) -> Iterator[Run]:
    from pygments.lexers import get_lexer_by_name  # type: ignore[import-untyped]
    from pygments.util import ClassNotFound  # type: ignore[import-untyped]

    try:
        lexer = get_lexer_by_name(language, stripnl=False, ensurenl=False)
    except ClassNotFound:
        yield "", source
        return
    for token, text in lexer.get_tokens(source):
        yield next((kind for start, kind in _KINDS if str(token).startswith(start)), ""), text


def _add(line: list[Run], kind: str, text: str) -> None:
    """Add a run to a line; neighbours of one kind, and blanks, are one run."""
    if line and (line[-1][0] == kind or not text.strip()):
        line[-1] = (line[-1][0], line[-1][1] + text)
    else:
        line.append((kind, text))
