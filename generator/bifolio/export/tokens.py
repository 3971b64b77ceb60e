"""A page of docs/ as an export reads it: its tokens, with the lines of the file that they stand on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markdown_it.token import Token

from bifolio.errors import ChapterError
from bifolio.export.manuscript import ManuscriptPage
from bifolio.markdown.foreign import find_foreign
from bifolio.markdown.reading import read
from bifolio.markdown.tree import Drawn, is_address, leads_elsewhere


@dataclass(frozen=True)
class Reading:
    """A page and its tokens, which are this reading's own: whoever reads the page again gets others."""

    page: ManuscriptPage
    tokens: Sequence[Token]

    def line(self, token: Token) -> int:
        """Return the line of the page's file on which a token starts."""
        return self.page.first_line + (token.map[0] if token.map else 0)

    def file_line(self, drawn: Drawn, line_in_source: int | None) -> int:
        """Return the line of the page's file for a line of what is drawn."""
        return self.page.first_line + drawn.page_line(line_in_source) - 1

    def refuse(self, token: Token, problem: str, found: str, expected: str) -> ChapterError:
        """Return the error that something on the page amounts to."""
        return ChapterError(problem, file=self.page.file, line=self.line(token), found=found, expected=expected)


def read_page(page: ManuscriptPage) -> Reading:
    """Return a page as tokens; raise ChapterError, FormulaError or DiagramError with its file and line."""
    tree = read(page.text)
    if tree.problem is not None:
        raise tree.problem.at(page.file, page.first_line + (tree.problem.line or 1) - 1)
    reading = Reading(page, _copied(tree.tokens))
    for line, found, expected in find_foreign(tree):
        problem, place = "an export cannot hold this element", page.first_line + line - 1
        raise ChapterError(problem, file=page.file, line=place, found=found, expected=expected)
    for token, outer in inline_tokens(tree.tokens):
        target = str(token.attrs.get("href") or token.attrs.get("src") or "")
        if leads_elsewhere(target) and not is_address(target):
            raise reading.refuse(outer, "a link that leads nowhere", target, "an address: https:, http: or mailto:")
    return reading


def _copied(tokens: Sequence[Token]) -> list[Token]:
    return [
        token.copy(attrs=dict(token.attrs), children=None if token.children is None else _copied(token.children))
        for token in tokens
    ]


def inline_tokens(tokens: Sequence[Token]) -> Iterator[tuple[Token, Token]]:
    """Yield each token inside a paragraph, a heading or a cell, with the token that holds it."""
    for outer in tokens:
        yield from ((token, outer) for token in outer.children or ())
