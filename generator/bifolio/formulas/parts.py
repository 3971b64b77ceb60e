"""Cuts a formula into the parts between which a line may end: before a relation, or else before a sign."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from bifolio.formulas import render_formula, signs
from bifolio.formulas.typesetting import mathml, write_row

_BINARY = frozenset("+−±∓⋅×∘∗⊕⊖⊗∧∨∪∩∖")
_RELATION = re.compile("EQUAL|LESS|GREATER|ARROW|ELEMENT OF|SUBSET|SUPERSET|TILDE|EQUIVALENT|PROPORTIONAL")
_SHORT = 36
"""Characters that fit any line of a page; what is shorter is never measured."""


@dataclass(frozen=True)
class _Cut:
    """A place where a line may end, and whether a relation begins the next one."""

    place: int
    at_relation: bool


def typst_parts(latex: str, *, display: bool) -> tuple[tuple[str, ...], ...]:
    """Return a long formula's parts in Typst, in groups that begin with a relation; nothing for a short one.

    A formula that has no place to break is one group of one part. `typst_formula` has to accept it before.
    """
    groups = _groups(latex, display=display)
    return tuple(tuple(filter(None, map(write_row, group))) for group in groups)


def longest_part(latex: str) -> int:
    """Return how many characters the longest part of a formula in a line has; 0 for a short formula."""
    parts = [part for group in _groups(latex, display=False) for part in group]
    return max((len("".join("".join(one.itertext()) for one in part)) for part in parts), default=0)


def _groups(latex: str, *, display: bool) -> list[list[Sequence[Element]]]:
    """Return the parts of a long formula as elements."""
    if len(latex) <= _SHORT:
        return []
    row = ElementTree.fromstring(mathml(render_formula(latex, display=display)))[0][0]
    while row.tag in ("mrow", "mstyle") and len(row) == 1 and row[0].tag in ("mrow", "mstyle") and not row.attrib:
        row = row[0]
    if len("".join(row.itertext())) <= _SHORT:
        return []
    children = list(row)
    if row.tag != "mrow" or any(map(signs.is_fence, children)):
        return [[[row]]]
    groups: list[list[Sequence[Element]]] = [[]]
    start = 0
    for cut in [*_cuts(children), _Cut(len(children), False)]:
        groups[-1].append(children[start : cut.place])
        start = cut.place
        if cut.at_relation:
            groups.append([])
    return groups


def _cuts(children: Sequence[Element]) -> list[_Cut]:
    """Return where lines may end; a sign right after another is the sign of a number, or half of one relation."""
    found, depth = [], 0
    for place, child in enumerate(children):
        sign, before = _sign(child), _sign(children[place - 1]) if place else "="
        depth = max(0, depth + (unicodedata.category(sign) == "Ps") - (unicodedata.category(sign) == "Pe"))
        follows = before == "x" or unicodedata.category(before) == "Pe" or before in "!′"
        if follows and (_is_relation(sign) or sign in _BINARY):
            found.append(_Cut(place, _is_relation(sign) and depth == 0))
        elif before in (",", ";"):
            found.append(_Cut(place, False))
    return found


def _sign(element: Element) -> str:
    """Return an operator of one character, a space as a sign, and a letter for all that is no sign."""
    if element.tag == "mspace":
        return " "
    text = (element.text or "").strip() if element.tag == "mo" else ""
    return text if len(text) == 1 else "x"


def _is_relation(sign: str) -> bool:
    """Tell whether a sign stands between the two sides of a statement."""
    return bool(_RELATION.search(unicodedata.name(sign, "")))
