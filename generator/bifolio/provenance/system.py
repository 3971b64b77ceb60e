"""Reads what an experiment declares of the system: the environment variables it wants, and what it uses."""

from __future__ import annotations

import ast
import re

from bifolio.errors import DeclarationError, nearest_name
from bifolio.provenance.declaration import USES

_VARIABLE = re.compile(r"[A-Z_][A-Z0-9_]*")


def read_variables(node: ast.expr | None, value: object, file: str) -> dict[str, str]:
    """Return `variables={"NAME": "value"}`; raise DeclarationError for anything else."""
    if node is None:
        return {}
    if isinstance(value, dict) and all(
        isinstance(name, str) and _VARIABLE.fullmatch(name) and isinstance(text, str) for name, text in value.items()
    ):
        return dict(sorted(value.items()))
    found, expected = ast.unparse(node), 'variables={"NAME": "value"}, names in capital letters'
    raise DeclarationError("environment variables", file=file, line=node.lineno, found=found, expected=expected)


def read_uses(node: ast.expr | None, names: tuple[str, ...], file: str) -> tuple[str, ...]:
    """Return `uses=("clock",)` in alphabetical order; raise DeclarationError for a word that is none of USES."""
    for name in names:
        if name not in USES:
            raise DeclarationError(
                "an experiment cannot say that it uses this",
                file=file,
                line=None if node is None else node.lineno,
                found=name,
                expected=", ".join(USES),
                nearest=nearest_name(name, USES),
            )
    return tuple(sorted(set(names)))
