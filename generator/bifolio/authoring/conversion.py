"""Turns what experiments hold (tensors, NumPy scalars and arrays) into plain data."""

from __future__ import annotations

import math
import sys
from typing import get_args

from bifolio.errors import RecordError
from bifolio.provenance.declaration import Literal
from bifolio.provenance.forms import Line
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
    if isinstance(number, int) and abs(number) > sys.float_info.max:
        raise RecordError(f"{what} is too large", found=_size(number), expected=f"at most {sys.float_info.max:.4g}")
    if not math.isfinite(number):
        expected = "a finite number; of a training that diverged, run.diverged(reason), and None in a table"
        raise RecordError(f"{what} is not finite", found=number, expected=expected)
    return number


def plain_tolerance(value: object, what: str) -> float | None:
    """Return a finite number from 0, or None; raise RecordError for anything else."""
    number = None if value is None else plain_number(value, f"the tolerance of {what}")
    if number is not None and number < 0:
        raise RecordError(f"the tolerance of {what} is negative", found=number, expected="a number from 0")
    return number


def plain_unit(value: object, what: str) -> str:
    """Return a unit; raise RecordError for what is no single line of text."""
    _, line, expected = get_args(Line)
    if isinstance(value, str) and line.fullmatch(value):
        return value
    raise RecordError(f"the unit of {what}", found=repr(value), expected=expected)


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


def _size(number: int) -> str:
    """Return how many digits a whole number has, which Python does not write once there are thousands."""
    return f"a whole number of about {round(number.bit_length() * math.log10(2))} digits"


def _short(value: object) -> str:
    """Return a value's type and as much of it as fits a line."""
    try:
        text = f"{type(value).__name__} {value!r}".replace("\n", " ")
    except ValueError:  # a whole number of thousands of digits, somewhere in it
        text = f"{type(value).__name__} that Python does not write"
    return text if len(text) <= 80 else f"{text[:77]}..."
