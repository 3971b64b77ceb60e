"""A formula as the editions have to share it: the signs that are drawn, however their LaTeX is spelled."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from bifolio.errors import FormulaError
from bifolio.formulas import render_formula
from bifolio.formulas.typesetting import mathml

_UNSEEN = "\u2061\u2062\u2063\u2064\u200b"
"""The application of a function, and other signs that are not drawn."""
_SPACE = ("mtext", "mspace", "mphantom", "annotation")
"""What says nothing, or says it in words of the language."""
_MARKED = ("linethickness", "notation", "rowlines", "columnlines")
"""The attributes that are seen and are no matter of size."""


def formula_form(latex: str, *, display: bool) -> str:
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
