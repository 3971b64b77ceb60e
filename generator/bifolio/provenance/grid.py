"""Reads `grid(field=(value, ...), ...)`: a variant for every combination, named after what it sets."""

from __future__ import annotations

import ast
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import product

from bifolio.errors import DeclarationError
from bifolio.project import NAME
from bifolio.provenance.declaration import Literal, VariantDeclaration
from bifolio.provenance.literals import Literals

_MOST = 1000
"""Variants of a grid: each has a row on a page and five runs or more."""
_EXPECTED = "grid(field=(value, value), ...), or grid(Config(...), field=(value, value), ...)"


def read_grid(
    node: ast.Call,
    read: Literals,
    variant: Callable[[ast.expr], VariantDeclaration],
    config: str,
) -> dict[str, VariantDeclaration]:
    """Return the variants of a grid by name, the last field varying fastest; `variant` reads `Config(...)`.

    Raises DeclarationError for what is no grid, and for two variants of one name.
    """
    if not node.keywords or len(node.args) > 1 or any(keyword.arg is None for keyword in node.keywords):
        raise read.wrong(node, "a grid", _EXPECTED)
    base = variant(node.args[0]) if node.args else VariantDeclaration({})
    axes = {
        str(keyword.arg): _values(str(keyword.arg), keyword.value, read, variant, config) for keyword in node.keywords
    }
    if math.prod(map(len, axes.values())) > _MOST:
        raise read.wrong(node, "a grid is too large", f"at most {_MOST} variants")
    found: dict[str, VariantDeclaration] = {}
    for values in product(*axes.values()):
        fields = dict(zip(axes, values, strict=True))
        name = name_of(fields)
        if name in found:
            refuse_twice(name, node, read)
        if not NAME.fullmatch(name):
            problem, expected = "a variant of a grid has no name", "short fields and values, or variants written out"
            raise DeclarationError(problem, file=read.file, line=node.lineno, found=name, expected=expected)
        found[name] = replace(base, fields={**base.fields, **fields})
    return found


def name_of(fields: Mapping[str, Literal]) -> str:
    """Return what a variant that sets these fields is called: lr_0_1_width_32."""
    return "_".join(f"{field.lower()}_{_said(value)}" for field, value in fields.items())


def refuse_twice(name: str, node: ast.expr, read: Literals) -> None:
    """Raise DeclarationError: two variants have this name."""
    expected = 'values that differ in letters or digits, or variants written out: {"name": Config(...)}'
    problem = "two variants have one name"
    raise DeclarationError(problem, file=read.file, line=node.lineno, found=name, expected=expected)


def _values(
    field: str, node: ast.expr, read: Literals, variant: Callable[[ast.expr], VariantDeclaration], config: str
) -> list[Literal]:
    """Return the values of a field, each read as if it stood in a config of its own."""
    if not isinstance(node, ast.Tuple | ast.List) or not node.elts:
        raise read.wrong(node, f"the values of {field} in a grid", f"{field}=(value, value)")
    found: list[Literal] = []
    for element in node.elts:
        call = ast.Call(ast.Name(config, ast.Load()), [], [ast.keyword(field, element)])
        found.append(variant(ast.copy_location(call, element)).fields[field])
    return found


def _said(value: Literal) -> str:
    """Return a literal in small letters, digits and underscores; a minus is a word."""
    if isinstance(value, tuple):
        return "_".join(map(_said, value)) or "empty"
    if isinstance(value, float) and "e" in repr(value):
        digits, exponent = repr(value).split("e")
        return f"{_said_number(digits)}e{_said_number(str(int(exponent)), '_')}"
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _said_number(repr(value))
    return re.sub(r"[^a-z0-9]+", "_", str(value).lower()).strip("_")


def _said_number(text: str, before: str = "") -> str:
    return text.replace("-", f"{before}minus_").replace(".", "_")
