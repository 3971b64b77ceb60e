"""Code as the editions have to share it: without comments and strings, which each language says in its own words."""

from __future__ import annotations

import ast
import textwrap
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import Any

from bifolio.provenance.syntax import without_docstring

_PYTHON = ("python", "python3", "py", "py3")
_COUNTING = ("Token.Comment.Preproc", "Token.Comment.Hashbang")
"""What Pygments takes for comments and a computer does not."""


def code_form(language: str, code: str) -> str:
    """Return what of a block of code does not depend on the reader's language; the same for what does the same.

    Of Python, where lines break does not count either, nor the order of the placeholders in one string. A block without
    a language, or in one that Pygments does not know, counts as it is.
    """
    if language in _PYTHON:
        try:
            return ast.dump(_Aside().visit(ast.parse(textwrap.dedent(code))))
        except (SyntaxError, ValueError, RecursionError):
            pass  # a fragment, or a shell's line among others
    return "\n".join(form for form, _ in _lines(language, code))


def first_difference(language: str, code: str, other: str) -> tuple[str, str]:
    """Return the first line in which two blocks differ, as each has it; nothing for one that has ended before."""
    pairs = zip_longest(_lines(language, code), _lines(language, other), fillvalue=("", ""))
    differing = ((one, another) for (form, one), (otherwise, another) in pairs if form != otherwise)
    return next(differing, (first_line(code), first_line(other)))


def first_line(code: str) -> str:
    """Return the first line of a block that is not empty."""
    return next((line.strip() for line in code.splitlines() if line.strip()), "")


class _Aside(ast.NodeTransformer):
    """Sets the words of strings aside, and docstrings whole; what a string puts in stays."""

    def generic_visit(self, node: ast.AST) -> ast.AST:
        if isinstance(getattr(node, "body", None), list):
            node.body = without_docstring(node.body)  # type: ignore[attr-defined]
        return super().generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> ast.AST:  # the name that ast calls
        return ast.Constant(type(node.value)()) if isinstance(node.value, str | bytes) else node

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.AST:
        shown = [self.visit(value) for value in node.values if isinstance(value, ast.FormattedValue)]
        return ast.JoinedStr(sorted(shown, key=ast.dump)) if shown else ast.Constant("")

    def visit_FormattedValue(self, node: ast.FormattedValue) -> ast.AST:
        return ast.FormattedValue(self.visit(node.value), node.conversion, node.format_spec)


def _lines(language: str, code: str) -> Sequence[tuple[str, str]]:
    """Return each line without comments and strings, and as it was written; lines of nothing else are left out."""
    written = code.splitlines()
    found = {number: line.rstrip() for number, line in enumerate(written)}
    lexer = _lexer(language)
    if lexer is not None:
        found = {}
        for number, sign in _signs(lexer, code):
            indent = written[number][: len(written[number]) - len(written[number].lstrip())]
            found[number] = found.get(number, indent) + sign
    return [(line, written[number].strip()) for number, line in found.items() if line.strip()]


def _signs(lexer: Any, code: str) -> Iterator[tuple[int, str]]:
    """Yield what counts, with its line; a string, however many tokens and lines it has, is one quotation mark."""
    place, in_string = 0, False
    for token, text in lexer.get_tokens(code):
        kind, number = str(token), code.count("\n", 0, place)
        place += len(text)
        is_string = kind.startswith("Token.Literal.String")
        if is_string:
            if not in_string and kind != "Token.Literal.String.Doc":
                yield number, '"'
        elif not kind.startswith("Token.Comment") or kind.startswith(_COUNTING):
            for later, part in enumerate(text.split("\n")):
                if part.strip():
                    yield number + later, " ".join(part.split())
        in_string = is_string or (in_string and not text.strip())


def _lexer(language: str) -> Any:
    from pygments.lexers import get_lexer_by_name  # type: ignore[import-untyped]
    from pygments.util import ClassNotFound  # type: ignore[import-untyped]

    try:
        return get_lexer_by_name(language, stripnl=False) if language else None
    except ClassNotFound:
        return None
