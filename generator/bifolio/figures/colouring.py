"""Draws one theme in the colours of another: themes differ in nothing else."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_COLOUR = re.compile(r"#[0-9a-f]{6}")
_PAINTED = re.compile(r'(?P<name> (?:fill|stroke)=")(?P<colour>#[0-9a-f]{6})(?="[^<>]*>)')  # in tags only


def colour_pairs(first: object, second: object) -> dict[str, str] | None:
    """Return the second specification's colour for each of the first's.

    None when they differ in more than colours, or when one colour of the first is two in the second.
    """
    pairs: dict[str, str] = {}
    return pairs if _pair(first, second, pairs) else None


def recolour(svg: str, pairs: Mapping[str, str]) -> str:
    """Return a drawing in other colours; a colour that stands in a text stays."""
    return _PAINTED.sub(lambda paint: paint["name"] + pairs.get(paint["colour"], paint["colour"]), svg)


def _pair(first: Any, second: Any, pairs: dict[str, str]) -> bool:
    if isinstance(first, Mapping) and isinstance(second, Mapping):
        return first.keys() == second.keys() and all(_pair(first[key], second[key], pairs) for key in first)
    if isinstance(first, (list, tuple)) and isinstance(second, (list, tuple)):
        return len(first) == len(second) and all(map(_pair, first, second, [pairs] * len(first)))
    if isinstance(first, str) and isinstance(second, str) and _COLOUR.fullmatch(first) and _COLOUR.fullmatch(second):
        return pairs.setdefault(first, second) == second
    return bool(first == second)
