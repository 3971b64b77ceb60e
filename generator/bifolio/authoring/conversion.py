"""Turns what experiments hold (tensors, NumPy scalars and arrays) into plain data."""

from __future__ import annotations

import math

from bifolio.errors import RecordError
from bifolio.provenance.declaration import Literal
from bifolio.results.record import Cell


def plain_number(value: object, what: str) -> float | int:
    """Return a finite float or int; raise RecordError for anything else, NaN and infinity among it."""
    item = getattr(value, "item", None)
    try:
        number = item() if callable(item) else value
    except (ValueError, RuntimeError):
        number = value
    if isinstance(number, bool) or not isinstance(number, (int, float)):
        raise RecordError(f"{what} is no number", found=_short(value), expected="a float, an int, or a tensor of one")
    if not math.isfinite(number):
        raise RecordError(f"{what} is not finite", found=number, expected="a finite number")
    return number


def plain_cell(value: object, what: str) -> Cell:
    """Return a string, None, or a finite number; raise RecordError for anything else."""
    if value is None:
        return None
    if not isinstance(value, str):
        return plain_number(value, what)
    try:
        value.encode()
    except UnicodeEncodeError:  # half a character, which a model that writes bytes may leave
        raise RecordError(
            f"{what} is no valid text", found=_short(value), expected="text that UTF-8 can hold"
        ) from None
    return value


def plain_setting(value: object, what: str) -> Literal:
    """Return a number, text, True, False, None, or a tuple of them; raise RecordError for anything else."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, tuple):
        return tuple(plain_setting(item, what) for item in value)
    if not isinstance(value, str) and not hasattr(value, "item") and not isinstance(value, (int, float)):
        expected = "a number, a string, True, False, None, or a tuple of them"
        raise RecordError(f"{what} is no setting", found=_short(value), expected=expected)
    return plain_cell(value, what)


def _short(value: object) -> str:
    text = f"{type(value).__name__} {value!r}".replace("\n", " ")
    return text if len(text) <= 80 else f"{text[:77]}..."
