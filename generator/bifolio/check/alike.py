"""Whether two editions call up the same: formulas as they are drawn, code without its comments and strings."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from bifolio.check.code import code_form, first_difference, first_line
from bifolio.errors import FormulaError
from bifolio.formulas import render_formula
from bifolio.formulas.typesetting import mathml
from bifolio.memo import Memo

_UNSEEN = "\u2061\u2062\u2063\u2064\u200b"
"""The application of a function, and other signs that are not drawn."""
_SPACE = ("mtext", "mspace", "mphantom", "annotation")
"""What says nothing, or says it in words of the language."""
_MARKED = ("linethickness", "notation", "rowlines", "columnlines")
"""The attributes that are seen and are no matter of size."""


def same_form(memo: Memo, entry: str) -> str:
    """Return an entry of a section so that what is drawn or computed alike is equal, however it is spelled."""
    kind, _, name = entry.partition(" $")
    if name and kind in ("formula", "inline formula"):
        latex = name.removesuffix("$")
        return f"{kind} {memo.recall(f'form of a {kind}', latex, partial(_formula_form, latex, kind == 'formula'))}"
    if _is_code(entry):
        return f"code {memo.recall('form of code', entry, partial(_code_form, entry))}"
    return entry


def _is_code(entry: str) -> bool:
    """Tell whether an entry is code that an author wrote out."""
    return entry.startswith("code ") and "\n" in entry


def shown_beside(entry: str, other: str) -> tuple[str, str]:
    """Return two entries that differ, as they are told: of code the first line in which it differs."""
    if _is_code(entry) and _is_code(other):
        (language, code), (_, another) = _code(entry), _code(other)
        line, otherwise = first_difference(language, code, another)
        return _shown(entry, line), _shown(other, otherwise)
    return _shown(entry, first_line(_code(entry)[1])), _shown(other, first_line(_code(other)[1]))


def _shown(entry: str, line: str) -> str:
    return f"code {_code(entry)[0]}: {line or 'nothing'}" if _is_code(entry) else entry


def _code(entry: str) -> tuple[str, str]:
    language, _, code = entry.removeprefix("code ").partition("\n")
    return language, code


def _code_form(entry: str) -> str:
    language, code = _code(entry)
    return f"{language} {code_form(language, code)}"


def _formula_form(latex: str, display: bool) -> Any:
    """Return the signs that KaTeX draws, in their order and place; spaces, sizes and words are set aside."""
    try:
        root = ElementTree.fromstring(mathml(render_formula(latex, display=display)))
    except FormulaError:  # rendering tells it
        return latex
    return " ".join(_signs(root))


def _signs(element: Element) -> Iterator[str]:
    text = "".join((element.text or "").split()).translate(dict.fromkeys(map(ord, _UNSEEN)))
    match element.tag:
        case tag if tag in _SPACE:
            return
        case "mi" if text.isalpha():  # one letter is italic unless it says otherwise, a name is upright
            style = element.get("mathvariant") or ("italic" if len(text) == 1 else "normal")
            yield from (f"{style}:{letter}" for letter in text)
        case "mi" | "mo" | "mn":
            style = f"{element.get('mathvariant')}:" if element.tag == "mn" and element.get("mathvariant") else ""
            yield from (f"{style}{sign}" for sign in text)
        case "math" | "semantics" | "mrow" | "mstyle" | "mpadded":
            for child in element:
                yield from _signs(child)
        case tag:
            yield " ".join([tag, *(f"{key}={element.get(key)}" for key in _MARKED if element.get(key))])
            for child in element:
                yield "("
                yield from _signs(child)
                yield ")"
