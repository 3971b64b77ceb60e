"""A formula as plain characters, ‖x‖₂, for titles and contents, which hold no markup."""

from __future__ import annotations

import functools
import re
import unicodedata
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from bifolio.errors import FormulaError
from bifolio.formulas import render_formula
from bifolio.formulas.typesetting import mathml

_SUBSCRIPTS = dict(zip("0123456789+-−=()aehijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ", strict=True))
_SUPERSCRIPTS = dict(zip("0123456789+-−=()inT⊤′", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁱⁿᵀᵀ′", strict=True))
_SPACED = frozenset("=<>≤≥≈≠≡∼∝∈∉⊂⊆→←↔⇒⇔↦+−±×·⋅∘∪∩∧∨∣∥≪≫")
"""Operators with a space on both sides, unless they are signs before a number."""
_ALPHABETS = {"double-struck": "DOUBLE-STRUCK", "script": "SCRIPT", "fraktur": "FRAKTUR"}
_INNER = re.compile(r"(?<=[(\[]) | (?=[)\],])| (?=\()")
_BARS = str.maketrans("∣∥", "|‖")
_INVISIBLE = "\u2061\u2062\u2063\u2064"
"""Function application and its like, which say something to machines only."""


class _NoPlainForm(Exception):
    """A part whose meaning is its layout."""


@functools.lru_cache(maxsize=1024)
def plain_formula(latex: str) -> str:
    """Return a formula in one line of plain characters; its LaTeX where these would say less, as of a fraction."""
    try:
        drawn = ElementTree.fromstring(mathml(render_formula(latex, display=False)))
        return _INNER.sub("", " ".join(_text(drawn[0][0]).split())).translate(_BARS)
    except (_NoPlainForm, FormulaError):
        return " ".join(latex.split())


def _text(element: Element) -> str:
    match element.tag:
        case "mrow" | "mstyle" | "mpadded":
            return "".join(_operator(part, place) for place, part in enumerate(element))
        case "mi":
            name = "".join(_letter(mark, element.get("mathvariant", "")) for mark in element.text or "")
            return f" {name} " if len(name) > 1 else name
        case "mn" | "mtext" | "mo":
            return "".join(mark for mark in element.text or "" if mark not in _INVISIBLE)
        case "mspace":
            return " "
        case "msub":
            return _with_scripts(_text(element[0]), _script(element[1], _SUBSCRIPTS))
        case "msup":
            return _with_scripts(_text(element[0]), _script(element[1], _SUPERSCRIPTS))
        case "msubsup":
            scripts = _script(element[1], _SUBSCRIPTS) + _script(element[2], _SUPERSCRIPTS)
            return _with_scripts(_text(element[0]), scripts)
        case "msqrt" if len(inside := "".join(map(_text, element)).strip()) == 1:
            return f"√{inside}"
        case _:
            raise _NoPlainForm


def _with_scripts(base: str, scripts: str) -> str:
    """Return a base with its scripts; the name of a function keeps its distance from what follows."""
    return f"{base.rstrip()}{scripts}{' ' if base.endswith(' ') else ''}"


def _letter(mark: str, variant: str) -> str:
    """Return a letter of an alphabet of its own, ℝ or ℒ; bold and upright ones stay as they are."""
    if variant not in _ALPHABETS:
        return mark
    name = unicodedata.name(mark, "").removeprefix("LATIN ").replace(" LETTER", "")
    name = f"{_ALPHABETS[variant]} {name}"
    for full in (name, f"MATHEMATICAL {name}", f"BLACK-LETTER {name.partition(' ')[2]}"):
        try:
            return unicodedata.lookup(full)
        except KeyError:
            continue
    raise _NoPlainForm


def _operator(part: Element, place: int) -> str:
    """Return a part of a row; one that stands between two others keeps its distance from them."""
    text = _text(part)
    return f" {text} " if part.tag == "mo" and place and text in _SPACED else text


def _script(element: Element, signs: dict[str, str]) -> str:
    text = _text(element).replace(" ", "")
    if not all(mark in signs for mark in text):
        raise _NoPlainForm
    return "".join(signs[mark] for mark in text)
