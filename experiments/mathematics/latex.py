"""Reads the displayed LaTeX of a formula with sympy's parser, and computes what was read."""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Mapping
from functools import cache, reduce
from operator import add, mul
from pathlib import Path

import numpy as np
import sympy  # type: ignore[import-untyped]
from lark.exceptions import LarkError
from sympy.parsing.latex.lark import parse_latex_lark  # type: ignore[import-untyped]

FORMULAS = Path("templates/formulas")  # from the project's root, where every run starts

# What only spaces, aligns or sizes brackets. Nothing else is changed before the parser sees a formula.
_LAYOUT = re.compile(r"\\[,;!]|\\(?:bigl?|bigr|Bigl?|Bigr|left|right)(?=\\?[(\[)\]|{}])|&|\\(?:begin|end)\{aligned\}")
_NEXT_EQUATION = re.compile(r",?\s*\\qquad|,?\s*&?\s*\\\\(?:\[[^\]]*\])?|,\s*&")
_BOUNDS = re.compile(r"[_^]\{[^}]*\}")  # a sum's bounds hold an equals sign that is not the equation's
_CASES = re.compile(r"\\begin\{cases\}.*?\\end\{cases\}", re.DOTALL)  # these lines are one expression
_HIDDEN = "\0"

Value = float | np.ndarray
"""A number, or an array whose component `i` a symbol with the subscript `i` stands for."""


def load(name: str) -> str:
    """Return the LaTeX of `templates/formulas/<name>.toml`, as chapters display it."""
    text = (FORMULAS / f"{name}.toml").read_text(encoding="utf-8")
    return str(tomllib.loads(text)["latex"]).strip()


def right_sides(latex: str) -> tuple[str, ...]:
    """Return what stands right of the first equals sign of each equation of a display, up to the next one.

    What has no equals sign is returned whole.
    """
    in_lines = _CASES.sub(lambda found: found[0].replace("\\\\", _HIDDEN).replace("&", " "), latex)
    equations = [_LAYOUT.sub("", one.replace(_HIDDEN, "\\\\")).strip() for one in _NEXT_EQUATION.split(in_lines)]
    return tuple(sides[min(1, len(sides) - 1)] for sides in map(_sides, equations))


def _sides(equation: str) -> list[str]:
    """Split at the equals signs outside subscripts and superscripts."""
    hidden = _BOUNDS.sub(lambda found: found[0].replace("=", _HIDDEN), equation)
    return [side.replace(_HIDDEN, "=").strip().rstrip(",") for side in hidden.split("=")]


@cache
def read(latex: str) -> sympy.Expr | None:
    """Return what sympy makes of an expression; None if it refuses it or finds more than one meaning."""
    try:
        found = parse_latex_lark(latex)
    except LarkError:
        return None
    return found if isinstance(found, sympy.Expr) else None


def compute(node: sympy.Basic, values: Mapping[str, Value], places: Mapping[str, int] | None = None) -> float:
    """Compute an expression; `places` says where each index stands, counted from 1.

    `e` is Euler's number: the parser takes it for a letter like any other. Raises KeyError for a symbol without value.
    """
    places = places or {}
    parts = node.args
    if isinstance(node, sympy.Symbol):
        return _look_up(str(node), values, places)
    if isinstance(node, sympy.Sum):
        index, first, last = parts[1].args
        bounds = round(compute(first, values, places)), round(compute(last, values, places))
        return sum(
            compute(parts[0], values, {**places, str(index): place}) for place in range(bounds[0], bounds[1] + 1)
        )
    if not parts:
        return float(node)
    numbers = [compute(part, values, places) for part in parts]
    match node:
        case sympy.Add():
            return reduce(add, numbers)
        case sympy.Mul():
            return reduce(mul, numbers)
        case sympy.Pow():
            return float(numbers[0] ** numbers[1])
        case sympy.Max():
            return max(numbers)
        case sympy.log():
            return math.log(numbers[0])
    raise ValueError(f"no rule computes {type(node).__name__}")


def _look_up(name: str, values: Mapping[str, Value], places: Mapping[str, int]) -> float:
    if name in places:
        return places[name]
    letter, _, subscript = name.partition("_")
    place = places.get(subscript.strip("{}"))
    if place is not None:
        return float(np.asarray(values[letter])[place - 1])
    return math.e if name == "e" else float(values[name])
