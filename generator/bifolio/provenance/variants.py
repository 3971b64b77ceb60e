"""Reads the variants of an experiment from its syntax tree."""

from __future__ import annotations

import ast
from collections.abc import Callable

from bifolio.project import NAME, PROFILES
from bifolio.provenance.declaration import Literal, VariantDeclaration
from bifolio.provenance.grid import read_grid, refuse_twice
from bifolio.provenance.literals import Literals, calls

Fields = Callable[[ast.expr], dict[str, Literal]]
"""Reads the fields that `Config(name=literal, ...)` sets."""
_ARGUMENTS = {"optional", "needs", "seeds"}


def read_variants(node: ast.expr | None, read: Literals, fields: Fields, config: str) -> dict[str, VariantDeclaration]:
    """Return `{"name": Config(...)}`, `{"name": Variant(Config(...), optional=True, needs=("name",), seeds=8)}`.

    A grid may stand in their place, or among them: `{"name": Config(...), **grid(...)}`. Raises DeclarationError for
    anything else.
    """
    if node is None:
        return {}

    def one(node: ast.expr) -> VariantDeclaration:
        return _variant(node, read, fields, config)

    if isinstance(node, ast.Call) and calls(node, "grid"):
        return read_grid(node, read, one, config)
    if not isinstance(node, ast.Dict):
        expected = f'variants={{"name": {config}(...)}}, or variants=grid(field=(value, value))'
        raise read.wrong(node, "variants are written out", expected)
    variants: dict[str, VariantDeclaration] = {}
    for key, value in zip(node.keys, node.values, strict=True):
        if key is None and isinstance(value, ast.Call) and calls(value, "grid"):
            several = read_grid(value, read, one, config)
            for twice in several.keys() & variants.keys():
                refuse_twice(twice, value, read)
            variants |= several
            continue
        name = key.value if isinstance(key, ast.Constant) else None
        if not isinstance(name, str) or not NAME.fullmatch(name) or name in PROFILES:
            raise read.wrong(key or node, "a variant's name", "small letters, digits and underscores; no profile")
        if name in variants:
            refuse_twice(name, value, read)
        variants[name] = one(value)
    return variants


def _variant(node: ast.expr, read: Literals, fields: Fields, config: str) -> VariantDeclaration:
    if not isinstance(node, ast.Call) or not calls(node, "Variant"):
        return VariantDeclaration(fields(node))
    if len(node.args) != 1:
        raise read.wrong(node, "a variant", f"Variant({config}(...), optional=True, needs=(...), seeds=...)")
    words = read.keywords(node, _ARGUMENTS, "Variant")
    return VariantDeclaration(
        fields(node.args[0]),
        optional=read.flag(words.get("optional"), "optional"),
        needs=read.strings(words["needs"], "needs") if "needs" in words else None,
        seeds=read.count(words["seeds"], "seeds", 1) if "seeds" in words else None,
    )
