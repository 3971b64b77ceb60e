"""Takes literals out of a syntax tree: what would have to be run is refused, with its place."""

from __future__ import annotations

import ast
import sys
from collections.abc import Collection

from bifolio.errors import DeclarationError, nearest_name
from bifolio.provenance.declaration import Literal

LITERAL = "a number, a string, True, False, None, or a tuple of them"


def literal(node: ast.expr, file: str, what: str) -> Literal:
    """Return the value of a literal expression; raise DeclarationError for anything that would have to be run."""
    try:
        value: Literal = ast.literal_eval(node)
    except (ValueError, TypeError):
        raise DeclarationError(
            f"{what} must be a literal, so that it can be read without running the file",
            file=file,
            line=node.lineno,
            found=ast.unparse(node),
            expected=LITERAL,
        ) from None
    if not _is_bounded(value):
        text = ast.unparse(node)
        found = text if len(text) <= 80 else f"{text[:40]}… ({len(text)} characters)"
        expected = f"finite numbers, at most {sys.float_info.max:.4g}"
        raise DeclarationError(
            f"{what} is too large a number", file=file, line=node.lineno, found=found, expected=expected
        )
    return value


def _is_bounded(value: Literal) -> bool:
    """Tell whether no number in a literal lies beyond what a float can hold."""
    if isinstance(value, (tuple, list)):
        return all(map(_is_bounded, value))
    return not isinstance(value, (int, float)) or abs(value) <= sys.float_info.max


def is_literal(value: object) -> bool:
    return (
        value is None or isinstance(value, (str, int, float)) or (type(value) is tuple and all(map(is_literal, value)))
    )


class Literals:
    """Takes literals of one kind each; it carries the file that every message names."""

    def __init__(self, file: str) -> None:
        self.file = file

    def value(self, node: ast.expr, what: str) -> Literal:
        """Return any literal."""
        return literal(node, self.file, what)

    def count(self, node: ast.expr | None, what: str, default: int) -> int:
        value = default if node is None else self.value(node, what)
        if not isinstance(value, int) or isinstance(value, bool) or value < 1:
            raise self.wrong(node, what, "a whole number from 1")
        return value

    def flag(self, node: ast.expr | None, what: str) -> bool:
        value = False if node is None else self.value(node, what)
        if not isinstance(value, bool):
            raise self.wrong(node, what, "True or False")
        return value

    def strings(self, node: ast.expr | None, what: str) -> tuple[str, ...]:
        value = () if node is None else self.value(node, what)
        if isinstance(value, (tuple, list)) and all(isinstance(item, str) for item in value):
            return tuple(str(item) for item in value)
        raise self.wrong(node, what, f'{what}=("name",)')

    def keywords(self, call: ast.Call, known: Collection[str], what: str) -> dict[str, ast.expr]:
        """Return the keywords of a call by name; raise DeclarationError for one that is none of these."""
        for keyword in call.keywords:
            if keyword.arg not in known:
                raise DeclarationError(
                    f"{what} has no such argument",
                    file=self.file,
                    line=keyword.value.lineno,
                    found=keyword.arg,
                    expected=", ".join(sorted(known)),
                    nearest=nearest_name(keyword.arg or "", known),
                )
        return {str(keyword.arg): keyword.value for keyword in call.keywords}

    def wrong(self, node: ast.expr | None, what: str, expected: str) -> DeclarationError:
        """Return the error that says what was found at a node and what was expected there."""
        return DeclarationError(
            what,
            file=self.file,
            line=None if node is None else node.lineno,
            found=None if node is None else ast.unparse(node),
            expected=expected,
        )


def calls(node: ast.expr, name: str) -> bool:
    """Tell whether an expression is `name(...)`."""
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name
