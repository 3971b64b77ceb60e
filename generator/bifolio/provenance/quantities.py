"""What an author says of a quantity in `quantities=`: read from the syntax tree, and found by a recorded name."""

from __future__ import annotations

import ast
import math
import re
from fnmatch import fnmatchcase
from typing import TypeGuard

from bifolio.errors import DeclarationError
from bifolio.provenance.declaration import Declaration, Literal, QuantityDeclaration, Range
from bifolio.provenance.literals import Literals, calls

_ARGUMENTS = ("range", "matters", "reason", "exact")
_PART = "[a-z*?][a-z0-9_*?]*"
_PATTERN = re.compile(rf"{_PART}(\.{_PART})?")
_WRITTEN = 'Quantity(range=(0, 100), matters=1.0, reason="...", exact=False), at least one of these'


def read_quantities(node: ast.expr | None, read: Literals) -> dict[str, QuantityDeclaration]:
    """Return `{"name or pattern": Quantity(...)}`; raise DeclarationError."""
    if node is None:
        return {}
    if not isinstance(node, ast.Dict):
        raise read.wrong(node, "quantities are written out", 'quantities={"name": Quantity(...)}')
    quantities: dict[str, QuantityDeclaration] = {}
    for key, value in zip(node.keys, node.values, strict=True):
        pattern = key.value if isinstance(key, ast.Constant) else None
        if not isinstance(pattern, str) or not _PATTERN.fullmatch(pattern):
            expected = 'a value, or "table.column"; * stands for any letters, ? for one'
            raise read.wrong(key or node, "the name or pattern of a quantity", expected)
        if pattern in quantities:
            raise read.wrong(key, "this name or pattern has a quantity already", "every one once")
        quantities[pattern] = _quantity(value, read)
    return quantities


def quantity_of(declaration: Declaration, name: str) -> QuantityDeclaration | None:
    """Return what is declared of a value, or of a `table.column`; its own name wins over a pattern.

    Raises DeclarationError when two patterns match.
    """
    if name in declaration.quantities:
        return declaration.quantities[name]
    found = matching_patterns(declaration, name)
    if len(found) > 1:
        raise DeclarationError(
            f"more than one pattern matches {name}",
            file=declaration.file,
            line=declaration.line,
            found=", ".join(found),
            expected=f'one of them, or "{name}" by itself',
        )
    return declaration.quantities[found[0]] if found else None


def declares_exact(declaration: Declaration, name: str) -> bool:
    """Tell whether a value is declared to be computed; raise DeclarationError when two patterns match."""
    quantity = quantity_of(declaration, name)
    return quantity is not None and quantity.exact


def matching_patterns(declaration: Declaration, name: str) -> tuple[str, ...]:
    """Return the names and patterns of quantities that match a value, or a `table.column`."""
    return tuple(pattern for pattern in declaration.quantities if _matches(pattern, name))


def is_within(number: float, limits: Range) -> bool:
    """Tell whether a number lies in a range; the ends belong to it."""
    low, high = limits
    return (low is None or low <= number) and (high is None or number <= high)


def range_text(limits: Range) -> str:
    """Return a range as messages say it."""
    low, high = limits
    return f"at most {high}" if low is None else f"at least {low}" if high is None else f"{low} to {high}"


def _matches(pattern: str, name: str) -> bool:
    # Part by part, so that `*` reaches over no dot: a pattern of values matches no column.
    patterns, parts = pattern.split("."), name.split(".")
    return len(patterns) == len(parts) and all(map(fnmatchcase, parts, patterns))


def _quantity(node: ast.expr, read: Literals) -> QuantityDeclaration:
    if not isinstance(node, ast.Call) or not calls(node, "Quantity") or node.args:
        raise read.wrong(node, "a quantity is written out, with keywords", _WRITTEN)
    words = read.keywords(node, _ARGUMENTS, "Quantity")
    values = {name: read.value(word, f"{name} of a Quantity") for name, word in words.items()}
    limits, matters, reason = values.get("range"), values.get("matters"), values.get("reason", "")
    exact = read.flag(words.get("exact"), "exact of a Quantity")
    if limits is not None and not _is_range(limits):
        expected = "(low, high), low below high; None for an end that is open"
        raise read.wrong(words["range"], "range of a Quantity", expected)
    if matters is not None and not (_is_number(matters) and matters > 0):
        raise read.wrong(words["matters"], "matters of a Quantity", "a number above 0, or None")
    if not isinstance(reason, str) or (matters is None) != (not reason.strip()):
        expected = "a text with `matters=`, which says why a difference of this size matters"
        raise read.wrong(words.get("reason", node), "reason of a Quantity", expected)
    if limits is None and matters is None and not exact:
        raise read.wrong(node, "a quantity that says nothing", _WRITTEN)
    return QuantityDeclaration(limits, matters, reason.strip(), exact)


def _is_range(value: Literal) -> TypeGuard[Range]:
    if not isinstance(value, tuple) or len(value) != 2 or value == (None, None):
        return False
    low, high = value
    if low is None or high is None:
        return _is_number(high if low is None else low)
    return _is_number(low) and _is_number(high) and low < high


def _is_number(value: Literal) -> TypeGuard[float]:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)
