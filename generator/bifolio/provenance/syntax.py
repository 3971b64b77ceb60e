"""The normal form of a Python file: what of it can change a number, the same on every supported Python."""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterator

NORMAL_FORM = 1
"""Raise it when the normal form of an unchanged file changes; it is part of every memo and every code digest."""

_IGNORED_FIELDS = {"kind", "type_comment", "type_ignores", "ctx"}


def code_digest(tree: ast.Module) -> str:
    """Return the sha256 of a file's normal form.

    The normal form lists every node's class with its non-empty fields, depth first. Left out are positions, comments
    and formatting (not in the tree), docstrings, string prefixes, and the arguments of `@experiment(...)`.
    Empty fields are skipped because newer Pythons add new ones (`type_params`) to old nodes.
    """
    digest = hashlib.sha256(f"normal form {NORMAL_FORM}\n".encode())
    for token in _tokens(tree):
        digest.update(token.encode("utf-8", "surrogatepass"))
        digest.update(b"\0")
    return digest.hexdigest()


def _tokens(node: object) -> Iterator[str]:
    if isinstance(node, ast.AST):
        yield f"({type(node).__name__}"
        for field, child in ast.iter_fields(node):
            if field in _IGNORED_FIELDS:
                continue
            if field == "body" and isinstance(child, list):
                child = without_docstring(child)
            elif field == "decorator_list":
                child = [_bare(decorator) for decorator in child]
            elif isinstance(node, ast.JoinedStr):
                child = [value for value in node.values if not _is_empty_text(value)]
            if (child is None and not isinstance(node, ast.Constant)) or child == []:
                continue
            yield f".{field}"
            yield from _tokens(child)
        yield ")"
    elif isinstance(node, list):
        yield "["
        for item in node:
            yield from _tokens(item)
        yield "]"
    else:
        # repr of int, float, complex, str, bytes, bool, None and Ellipsis is the same on all Pythons since 3.1.
        yield f"{type(node).__name__} {node!r}"


def _is_empty_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value == ""  # Python 3.12.1 leaves some in f-strings


def without_docstring(body: list[ast.stmt]) -> list[ast.stmt]:
    """Return a body without its leading string; one that holds nothing else is a body that does nothing."""
    first = body[0] if body else None
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str):
        body = body[1:]
    return body or [ast.Pass()]


def _bare(decorator: ast.expr) -> ast.expr:
    return decorator.func if is_experiment(decorator) and isinstance(decorator, ast.Call) else decorator


def is_experiment(decorator: ast.expr) -> bool:
    """Tell whether a decorator is `@experiment(...)`, however it was imported."""
    name = decorator.func if isinstance(decorator, ast.Call) else decorator
    return (isinstance(name, ast.Name) and name.id == "experiment") or (
        isinstance(name, ast.Attribute) and name.attr == "experiment"
    )


def imported_names(tree: ast.Module) -> list[tuple[int, str, str]]:
    """Return every import of a file, also those inside functions, as (level, module, name).

    `from ..a import b` is (2, "a", "b"), `import a.b` is (0, "a.b", "").
    """
    names: set[tuple[int, str, str]] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {(0, alias.name, "") for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names |= {(node.level, node.module or "", alias.name) for alias in node.names}
    return sorted(names)
