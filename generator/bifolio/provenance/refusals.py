"""What a module of the report may not say, because moving or renaming it would then change what it computes."""

from __future__ import annotations

import ast
from collections.abc import Iterable

from bifolio.errors import DeclarationError
from bifolio.provenance.declaration import PACKAGE
from bifolio.provenance.syntax import is_own

_WHERE = {"__file__", "__name__", "__spec__", "__path__", "__package__", "__loader__", "__cached__"}
"""Names by which a module knows where it lies or what it is called."""


def refuse(nodes: Iterable[ast.AST], file: str) -> None:
    """Raise DeclarationError for the first import or name of a file's nodes that depends on where a module lies."""
    for node in nodes:
        if isinstance(node, (ast.Import, ast.ImportFrom)) and is_own(node) and not _is_plain(node):
            raise DeclarationError(
                "a module of the report is imported by the names that are used of it",
                file=file,
                line=node.lineno,
                found=ast.unparse(node),
                expected=f"from {_module(node)} import name, ...",
            )
        if isinstance(node, ast.Name) and node.id in _WHERE:
            raise DeclarationError(
                "a module of the report does not ask where it lies or what it is called",
                file=file,
                line=node.lineno,
                found=node.id,
                expected='run.input("path") for a declared input; code that does the same wherever it lies',
            )


def _is_plain(node: ast.Import | ast.ImportFrom) -> bool:
    return isinstance(node, ast.ImportFrom) and all(alias.name != "*" for alias in node.names)


def _module(node: ast.Import | ast.ImportFrom) -> str:
    if isinstance(node, ast.ImportFrom):
        return "." * node.level + (node.module or "")
    return next(alias.name for alias in node.names if alias.name.split(".")[0] == PACKAGE)
