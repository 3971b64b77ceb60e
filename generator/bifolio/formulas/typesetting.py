"""Turns a formula into Typst's, from the MathML that KaTeX makes of its LaTeX: what one accepts, both show alike.

Whatever has no counterpart here is an error; nothing is left out.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable, Sequence
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from bifolio.errors import FormulaError
from bifolio.formulas import render_formula, signs
from bifolio.formulas.signs import Unknown

_MATH = re.compile(r"<math.*?</math>", re.DOTALL)
_NAMESPACE = re.compile(r" xmlns=\"[^\"]*\"")
_STRETCHED = {
    ("over", "‾"): "overline({})",
    ("over", "⏞"): "overbrace({})",
    ("over", "⎴"): "overbracket({})",
    ("under", "‾"): "underline({})",
    ("under", "⏟"): "underbrace({})",
    ("under", "⎵"): "underbracket({})",
}
_ACCENTS = {
    **{"^": "hat", "~": "tilde", "ˉ": "macron", "˙": "dot", "¨": "dot.double", "ˇ": "caron", "˘": "breve"},
    **{"´": "acute", "`": "grave", "˚": "circle", "⃗": "arrow", "→": "arrow", "←": "arrow.l", "↔": "arrow.l.r"},
    **{"ˊ": "acute", "ˋ": "grave", "ˆ": "hat", "˜": "tilde", "˝": "acute.double", "⇀": "harpoon", "↼": "harpoon.lt"},
}
_MOVABLE = "∑∏∐⋂⋃⨆⋁⋀⨁⨂⨀⨄"
"""Typst sets the limits of these beside them in a line of text, and above and below in a display."""
_STRIKES = {
    "horizontalstrike": "cancel({}, angle: #90deg)",
    "updiagonalstrike": "cancel({})",
    "downdiagonalstrike": "cancel({}, inverted: #true)",
}


@functools.lru_cache(maxsize=4096)
def typst_formula(latex: str, *, display: bool) -> str:
    """Return the inside of a Typst equation; raise FormulaError for what cannot be set."""
    root = ElementTree.fromstring(mathml(render_formula(latex, display=display)))
    try:
        return _lines(root[0][0], display=display)
    except Unknown as unknown:
        found = f"{unknown} in {' '.join(latex.split())}"
        raise FormulaError("the formula cannot be typeset", line=1, found=found) from None


def mathml(drawing: str) -> str:
    """Return the MathML that stands in a formula's HTML, without its namespace."""
    found = _MATH.search(drawing)
    assert found  # KaTeX writes it beside its HTML
    return _NAMESPACE.sub("", found[0])


def write_row(children: Iterable[Element]) -> str:
    """Return elements one after the other."""
    return " ".join(filter(None, map(_one, children)))


def _lines(row: Element, *, display: bool) -> str:
    """Return a formula that may be several lines, aligned at their signs."""
    only = row[0] if row.tag == "mrow" and len(row) == 1 else row
    if display and only.tag == "mtable" and only.get("columnspacing", "").startswith("0em"):
        return " \\ ".join(_cells(line, only) for line in only)
    return _row(row) if row.tag == "mrow" else _one(row)


def _cells(line: Element, table: Element) -> str:
    """Join the cells of an aligned line: two columns meet at their sign, the next two stand apart."""
    cells = [_row(cell) for cell in line if not cell.get("class")]
    gaps = table.get("columnspacing", "").split()
    joined = cells[0] if cells else ""
    for place, cell in enumerate(cells[1:]):
        gap = gaps[place] if place < len(gaps) else "0em"
        joined += f" {'' if gap == '0em' else f'#h({gap}) '}& {cell}"
    return joined


def _row(element: Element) -> str:
    """Return what an element contains, one after the other."""
    children = list(element)
    fences = [place for place, child in enumerate(children) if signs.is_fence(child)]
    if fences and (fences[0] == 0 or fences[-1] == len(children) - 1):
        return _fenced(children, fences)
    return write_row(children)


def _fenced(children: Sequence[Element], fences: Sequence[int]) -> str:
    """Return what stands between fences that grow with it; one of the two may be missing."""
    opens = fences[0] == 0
    closes = fences[-1] == len(children) - 1 and len(fences) > opens
    inner = children[int(opens) : len(children) - int(closes)]
    left, right = (signs.fence(children[0]) if opens else ""), (signs.fence(children[-1]) if closes else "")
    if len(inner) == 1 and inner[0].tag == "mtable" and (left, right) == ("\\{", ""):
        return f"cases({', '.join(' #h(1em) & '.join(map(_row, line)) for line in inner[0])})"
    if len(inner) == 1 and inner[0].get("linethickness") == "0px" and (left, right) == ("\\(", "\\)"):
        return f"binom({_argument(inner[0][0])}, {_argument(inner[0][1])})"
    parts = [f"mid({signs.fence(child)})" if signs.is_fence(child) else _one(child) for child in inner]
    return f"lr({' '.join(filter(None, [left, *parts, right]))})"


def _one(element: Element) -> str:
    """Return one element; each kind has its function."""
    write = _ELEMENTS.get(element.tag)
    if write is None:
        raise Unknown(f"<{element.tag}>")
    return write(element)


def _argument(element: Element) -> str:
    """Return an element as the argument of a function: an empty one is still one."""
    return _one(element) or '""'


def _identifier(element: Element) -> str:
    return _row(element) if len(element) else signs.identifier(element)


def _operator(element: Element) -> str:
    """Return an operator, or what its author made one."""
    if not len(element):
        return signs.operator(element)
    kind = "binary" if element.get("lspace") else "large"
    return f'class("{kind}", {_row(element)})' if "".join(element.itertext()).isalpha() else _row(element)


def _scripts(element: Element) -> str:
    """Return a base with what stands at its upper and lower right."""
    return _attached("scripts", element, {"msub": "b", "msup": "t", "msubsup": "bt"}[element.tag])


def _limits(element: Element) -> str:
    """Return a base with what stands above and below it: an accent, a brace, or words."""
    side = {"munder": "under", "mover": "over"}.get(element.tag, "")
    base, mark = element[0], (element[1].text or "").strip()
    is_mark = element[1].tag == "mo" and not len(element[1])
    if is_mark and (side, mark) in _STRETCHED:
        return _STRETCHED[side, mark].format(_argument(base))
    if side == "over" and element.get("accent") == "true":
        if mark not in _ACCENTS:
            raise Unknown(f"the accent {mark}")
        return f"accent({_argument(base)}, {_ACCENTS[mark]})"
    return _attached("limits", element, {"munder": "b", "mover": "t", "munderover": "bt"}[element.tag])


def _attached(how: str, element: Element, places: str) -> str:
    base, *others = element
    written = _argument(base)
    moves = how == "limits" and (written in _MOVABLE or written.startswith("op("))
    parts = [f"{place}: {_script(other)}" for place, other in zip(places, others, strict=True)]
    return f"attach({written if moves else f'{how}({written})'}, {', '.join(parts)})"


def _script(element: Element) -> str:
    """Return a script; marks that are primes are Typst's."""
    text = "".join(element.itertext())
    return f"primes(#{len(text)})" if text and set(text) == {"′"} else _argument(element)


def _fraction(element: Element) -> str:
    if element.get("linethickness") == "0px":
        return f"mat(delim: #none, {_argument(element[0])}; {_argument(element[1])})"
    return f"frac({_argument(element[0])}, {_argument(element[1])})"


def _table(element: Element) -> str:
    """Return a table without fences; those are around it."""
    if element.get("width"):
        raise Unknown("\\tag")
    if element.get("columnspacing", "").startswith("0em"):  # lines that are aligned, inside something else
        return f"mat(delim: #none, {'; '.join(_cells(line, element) for line in element)})"
    sides = set(element.get("columnalign", "").split())
    align = sides.pop() if len(sides) == 1 else "center"
    lines = {
        name: [str(place) for place, line in enumerate(element.get(key, "").split(), start=1) if line != "none"]
        for name, key in (("hline", "rowlines"), ("vline", "columnlines"))
    }
    rules = ", ".join(f"{name}: ({', '.join(found)},)" for name, found in lines.items() if found)
    rows = "; ".join(", ".join(_row(cell) or '""' for cell in line) for line in element)
    return f"mat(delim: #none, align: #{align}, {f'augment: #({rules}), ' if rules else ''}{rows})"


def _style(element: Element) -> str:
    """Return what has a size of its own; the cells of tables have theirs from Typst."""
    if element.get("mathcolor") or element.get("mathsize"):
        raise Unknown("a colour or a size")
    if element.get("mathbackground"):
        raise Unknown("a coloured ground")
    inner = _row(element)
    if element.get("scriptlevel") == "0" and len(element) == 1 and element[0].tag == "mfrac":
        return f"{'display' if element.get('displaystyle') == 'true' else 'inline'}({inner})"
    return inner


def _enclosed(element: Element) -> str:
    notation = element.get("notation", "")
    if notation == "box":
        return f"#box(stroke: 0.5pt, inset: 3pt, ${_row(element)}$)"
    if notation not in _STRIKES:
        raise Unknown(f"notation={notation}")
    return _STRIKES[notation].format(_row(element))


def _padded(element: Element) -> str:
    if element.get("voffset", "0em") != "0em":
        raise Unknown("\\raisebox")
    return _row(element)


_ELEMENTS: dict[str, Callable[[Element], str]] = {
    "mrow": _row,
    "mi": _identifier,
    "mo": _operator,
    "mn": signs.number,
    "mtext": signs.words,
    "mspace": signs.space,
    "msub": _scripts,
    "msup": _scripts,
    "msubsup": _scripts,
    "munder": _limits,
    "mover": _limits,
    "munderover": _limits,
    "mfrac": _fraction,
    "msqrt": lambda element: f"sqrt({_row(element)})",
    "mroot": lambda element: f"root({_argument(element[1])}, {_argument(element[0])})",
    "mtable": _table,
    "mstyle": _style,
    "menclose": _enclosed,
    "mphantom": lambda element: f"#hide(${_row(element)}$)",
    "mpadded": _padded,
}
