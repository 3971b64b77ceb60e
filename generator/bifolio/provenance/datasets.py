"""Reads the data sets that a file declares from its syntax tree."""

from __future__ import annotations

import ast

from bifolio.errors import DeclarationError
from bifolio.provenance.declaration import DatasetDeclaration
from bifolio.provenance.literals import literal


def declare_datasets(tree: ast.Module, file: str) -> tuple[DatasetDeclaration, ...]:
    """Return the data sets that a file declares at its top level as `NAME = Dataset(...)`; raise DeclarationError."""
    calls = [node.value for node in tree.body if isinstance(node, (ast.Assign, ast.AnnAssign))]
    return tuple(
        _dataset(call, file)
        for call in calls
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "Dataset"
    )


def _dataset(call: ast.Call, file: str) -> DatasetDeclaration:
    fields: dict[str, object] = {}
    for word in call.keywords:
        name = word.arg or "**"
        fields[name] = literal(word.value, file, f"{name} of a Dataset")
        expected = _unexpected(name, fields[name])
        if expected:
            found = ast.unparse(word.value)
            raise DeclarationError(
                f"{name} of a Dataset", file=file, line=word.value.lineno, found=found, expected=expected
            )
    try:
        return DatasetDeclaration(**fields)  # type: ignore[arg-type]
    except TypeError as error:
        words = ", ".join(DatasetDeclaration.__dataclass_fields__)
        raise DeclarationError(
            f"a Dataset is declared with keywords: {error}", file=file, line=call.lineno, expected=words
        ) from None


def _unexpected(name: str, value: object) -> str:
    """Return what was expected of a keyword's value, or nothing when it is that."""
    if name == "libraries":
        listed = isinstance(value, tuple) and all(isinstance(text, str) for text in value)
        return "" if listed else '("library",)'
    if name != "files":
        return "" if isinstance(value, str) else "a string"
    fine = isinstance(value, dict) and all(isinstance(text, str) for pair in value.items() for text in pair)
    return "" if fine else '{"file name": "its sha256"}'
