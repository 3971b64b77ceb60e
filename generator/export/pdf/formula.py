"""Turns a formula into Typst's, from the MathML that KaTeX makes of its LaTeX: what one accepts, both show alike.

Whatever has no counterpart here is an error; nothing is left out.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Callable, Sequence
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from generator.errors import FormulaError
from generator.export.pdf.code import string
from generator.formulas import render_formula

_MATH = re.compile(r"<math.*?</math>", re.DOTALL)
_NAMESPACE = re.compile(r" xmlns=\"[^\"]*\"")
_INVISIBLE = "\u2061\u200b"
"""The application of a function, and nothing."""
_SPACES = {  # what KaTeX writes for the spaces of LaTeX, the longest first
    "\u2009\u2063": "#h(-0.1667em)",
    "\u200a\u2063": "#h(-0.1667em)",
    "\u2005\u2063": "#h(-0.2222em)",
    "\u2005\u200a\u2063": "#h(-0.2778em)",
    "\u2005\u200a": "thick",
    "\u2009": "thin",
    "\u200a": "thin",
    "\u2005": "med",
    "\u00a0": "#h(0.25em)",
}
_VARIANTS = {
    "normal": "upright({})",
    "italic": "italic({})",
    "bold": "bold(upright({}))",
    "bold-italic": "bold(italic({}))",
    "double-struck": "bb({})",
    "script": "cal({})",
    "fraktur": "frak({})",
    "sans-serif": "sans({})",
    "monospace": "mono({})",
}
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
}
_FENCES = {"∥": "‖", "∣": "|"}
"""Fences have glyphs that grow; relations that look like them have not."""
_BARS = "|‖∣∥"
"""They are the same at both ends, so that only their place tells an opening one from a closing one."""
_MOVABLE = "∑∏∐⋂⋃⨆⋁⋀⨁⨂⨀⨄"
"""Typst sets the limits of these beside them in a line of text, and above and below in a display."""
_STRIKES = {"updiagonalstrike": "cancel({})", "downdiagonalstrike": "cancel({}, inverted: #true)"}


@functools.lru_cache(maxsize=4096)
def typst_formula(latex: str, *, display: bool) -> str:
    """Return the inside of a Typst equation; raise FormulaError for what cannot be set."""
    mathml = _MATH.search(render_formula(latex, display=display))
    assert mathml  # KaTeX writes it beside its HTML
    root = ElementTree.fromstring(_NAMESPACE.sub("", mathml[0]))
    try:
        return _lines(root[0][0], display=display)
    except _Unknown as unknown:
        raise FormulaError(
            "the formula cannot be typeset", line=1, found=f"{unknown} in {' '.join(latex.split())}"
        ) from None


class _Unknown(Exception):
    """MathML that has no counterpart."""


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
    return _sequence(list(element))


def _sequence(children: Sequence[Element]) -> str:
    fences = [place for place, child in enumerate(children) if _is_fence(child)]
    if fences and (fences[0] == 0 or fences[-1] == len(children) - 1):
        return _fenced(children, fences)
    return " ".join(filter(None, map(_one, children)))


def _is_fence(element: Element) -> bool:
    return element.tag == "mo" and element.get("fence") == "true" and element.get("minsize") is None


def _fenced(children: Sequence[Element], fences: Sequence[int]) -> str:
    """Return what stands between fences that grow with it; one of the two may be missing."""
    opens, closes = fences[0] == 0, fences[-1] == len(children) - 1 and len(fences) > (fences[0] == 0)
    inner = children[int(opens) : len(children) - int(closes)]
    left, right = (_fence(children[0]) if opens else ""), (_fence(children[-1]) if closes else "")
    if len(inner) == 1 and inner[0].tag == "mtable" and (left, right) == ("\\{", ""):
        return f"cases({_cases(inner[0])})"
    if len(inner) == 1 and inner[0].get("linethickness") == "0px" and (left, right) == ("\\(", "\\)"):
        return f"binom({_one(inner[0][0])}, {_one(inner[0][1])})"
    parts = [f"mid({_fence(child)})" if _is_fence(child) else _one(child) for child in inner]
    return f"lr({' '.join(filter(None, [left, *parts, right]))})"


def _fence(element: Element) -> str:
    text = (element.text or "").strip()
    return _letters(_FENCES.get(text, text))


def _cases(table: Element) -> str:
    return ", ".join(" #h(1em) & ".join(_row(cell) for cell in line) for line in table)


def _one(element: Element) -> str:
    """Return one element; each kind has its function."""
    try:
        return _ELEMENTS[element.tag](element)
    except KeyError:
        raise _Unknown(f"<{element.tag}>") from None


def _argument(element: Element) -> str:
    """Return an element as the argument of a function: an empty one is still one."""
    return _one(element) or '""'


def _letters(text: str) -> str:
    """Return characters that stand for themselves."""
    return " ".join(
        character if character.isalnum() or ord(character) > 127 else f"\\{character}"
        for character in unicodedata.normalize("NFC", text)
        if character not in _INVISIBLE and not character.isspace()
    )


def _identifier(element: Element) -> str:
    if len(element):
        return _row(element)
    text, variant = element.text or "", element.get("mathvariant", "")
    if len(text) > 1:
        return f"op({string(text)}, limits: #true)"
    letters = _letters(_FENCES.get(text, text))
    if variant == "normal" and not text.isalpha():
        return f'class("normal", {letters})'
    return _variant(variant, letters)


def _variant(name: str, letters: str) -> str:
    if name and name not in _VARIANTS:
        raise _Unknown(f"mathvariant={name}")
    return _VARIANTS[name].format(letters) if name and letters else letters


def _operator(element: Element) -> str:
    text = (element.text or "").strip()
    if len(element):
        inner = _row(element)
        kind = "binary" if element.get("lspace") else "large"
        words = "".join(element.itertext())
        return f'class("{kind}", {inner})' if words.isalpha() else inner
    size = element.get("minsize")
    if size and not element.get("fence"):
        return f"stretch({_letters(text)}, size: #{size})"
    written = f"lr(size: #{size}, {_fence(element)})" if size else _letters(text)
    is_fence = size or element.get("stretchy") == "false"
    return f'class("normal", {written if size else _fence(element)})' if is_fence and text in _BARS else written


def _number(element: Element) -> str:
    return "".join(
        mark if mark.isdigit() or mark == "." else f'class("normal", {_letters(mark)})' for mark in element.text or ""
    )


def _text(element: Element) -> str:
    text = element.text or ""
    if text and not text.replace("\u00a0", " ").strip(" \u2005\u2009\u200a\u2063"):
        for space, written in _SPACES.items():
            text = text.replace(space, f" {written} ")
        return text.strip()
    return _variant(element.get("mathvariant", ""), string(text.replace("\u00a0", " ")))


def _space(element: Element) -> str:
    if element.get("mathbackground") and element.get("width") != "0em":  # a strut is no rule
        raise _Unknown("a rule")
    width = element.get("width", "")
    return f"#h({width})" if re.fullmatch(r"-?[\d.]+em", width) else ""


def _scripts(element: Element) -> str:
    """Return a base with what stands at its upper and lower right."""
    places = {"msub": "b", "msup": "t", "msubsup": "bt"}[element.tag]
    return _attached("scripts", element, places)


def _limits(element: Element) -> str:
    """Return a base with what stands above and below it: an accent, a brace, or words."""
    side = {"munder": "under", "mover": "over"}.get(element.tag, "")
    base, mark = element[0], (element[1].text or "").strip()
    is_mark = element[1].tag == "mo" and not len(element[1])
    if side and is_mark and (side, mark) in _STRETCHED:
        return _STRETCHED[side, mark].format(_argument(base))
    if side == "over" and element.get("accent") == "true":
        if mark not in _ACCENTS:
            raise _Unknown(f"the accent {mark}")
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
    words = "".join(element.itertext())
    return f"primes(#{len(words)})" if words and set(words) == {"′"} else _argument(element)


def _fraction(element: Element) -> str:
    if element.get("linethickness") == "0px":
        raise _Unknown("a fraction without a line")
    return f"frac({_argument(element[0])}, {_argument(element[1])})"


def _root(element: Element) -> str:
    return f"root({_argument(element[1])}, {_argument(element[0])})"


def _table(element: Element) -> str:
    """Return a table without fences; those are around it."""
    if element.get("width"):
        raise _Unknown("\\tag")
    sides = set(element.get("columnalign", "").split())
    align = sides.pop() if len(sides) == 1 else "center"
    if sides and element.get("columnspacing", "").startswith("0em"):  # aligned, inside something else
        return f"mat(delim: #none, {'; '.join(_cells(line, element) for line in element)})"
    lines = {
        name: [place for place, line in enumerate(element.get(key, "").split(), start=1) if line != "none"]
        for name, key in (("hline", "rowlines"), ("vline", "columnlines"))
    }
    rules = ", ".join(f"{name}: ({', '.join(map(str, found))},)" for name, found in lines.items() if found)
    augment = f"augment: #({rules}), " if rules else ""
    rows = "; ".join(", ".join(_row(cell) or '""' for cell in line) for line in element)
    return f"mat(delim: #none, align: #{align}, {augment}{rows})"


def _style(element: Element) -> str:
    """Return what has a size of its own; the cells of tables have theirs from Typst."""
    if element.get("mathcolor") or element.get("mathsize"):
        raise _Unknown("a colour or a size")
    inner = _row(element)
    if element.get("scriptlevel") == "0" and len(element) == 1 and element[0].tag == "mfrac":
        return f"{'display' if element.get('displaystyle') == 'true' else 'inline'}({inner})"
    return inner


def _enclosed(element: Element) -> str:
    notation = element.get("notation", "")
    if notation == "box":
        return f"#box(stroke: 0.5pt, inset: 3pt, ${_row(element)}$)"
    if notation not in _STRIKES:
        raise _Unknown(f"notation={notation}")
    return _STRIKES[notation].format(_row(element))


def _padded(element: Element) -> str:
    if element.get("voffset", "0em") != "0em":
        raise _Unknown("\\raisebox or \\rule")
    return _row(element)


_ELEMENTS: dict[str, Callable[[Element], str]] = {
    "mrow": _row,
    "mi": _identifier,
    "mo": _operator,
    "mn": _number,
    "mtext": _text,
    "mspace": _space,
    "msub": _scripts,
    "msup": _scripts,
    "msubsup": _scripts,
    "munder": _limits,
    "mover": _limits,
    "munderover": _limits,
    "mfrac": _fraction,
    "msqrt": lambda element: f"sqrt({_row(element)})",
    "mroot": _root,
    "mtable": _table,
    "mstyle": _style,
    "menclose": _enclosed,
    "mphantom": lambda element: f"#hide(${_row(element)}$)",
    "mpadded": _padded,
}
