"""Finds how far the texts of a drawing reach, and makes room for those that its engine would cut off."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

_SVG = "{http://www.w3.org/2000/svg}"
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_READ = ("font-size", "text-anchor", "font-weight", "dominant-baseline")
_TRANSFORM = re.compile(r"(translate|scale|rotate|matrix)\(([^)]*)\)")
_NUMBER = re.compile(r"-?[\d.]+(?:e-?\d+)?")
_VIEW_BOX = re.compile(r'(?<=\sviewBox=")[^"]*(?=")')
_BASELINES = {"middle": 0.34, "central": 0.34, "hanging": 0.8, "text-before-edge": 0.88, "text-after-edge": -0.12}
_ASCENT, _DESCENT = 1.05, 0.29
_EDGE = 4.0
"""Pixels that are kept free beside a text."""

Matrix = tuple[float, float, float, float, float, float]
Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class _Place:
    """Where an element stands, and the properties of its text that it hands on."""

    matrix: Matrix = (1, 0, 0, 1, 0, 0)
    size: float = 16.0
    anchor: str = "start"
    bold: bool = False
    baseline: str = ""
    names: tuple[frozenset[str], ...] = ()


@dataclass(frozen=True)
class _Rule:
    """A style sheet's rule: what an element and those around it are called, and what it says of text."""

    names: tuple[frozenset[str], ...]
    says: tuple[tuple[str, str], ...]


def with_room(svg: str) -> str:
    """Return the drawing with a view box in which all its texts lie."""
    root = ElementTree.fromstring(svg)
    left, top, width, height = map(float, root.get("viewBox", "0 0 0 0").split())
    right, bottom = left + width, top + height
    engine = (left, top, right, bottom)
    for x0, y0, x1, y1 in text_boxes(root):
        left, right = min(left, math.floor(x0 - _EDGE)), max(right, math.ceil(x1 + _EDGE))
        top, bottom = min(top, math.floor(y0)), max(bottom, math.ceil(y1))
    if (left, top, right, bottom) == engine:
        return svg
    return _VIEW_BOX.sub(f"{left:g} {top:g} {right - left:g} {bottom - top:g}", svg, count=1)


def text_boxes(root: Element) -> Iterator[Box]:
    """Yield left, top, right and bottom of each line of text, in the units of the drawing."""
    rules = list(_rules("".join(style.text or "" for style in root.iter(f"{_SVG}style"))))
    named = {one.get("id"): one for one in root.iter() if "id" in one.attrib}
    yield from _boxes(root, _Place(), rules, named, inside=True)


def _boxes(
    element: Element, above: _Place, rules: list[_Rule], named: dict[str | None, Element], *, inside: bool = False
) -> Iterator[Box]:
    if element.tag in (f"{_SVG}defs", f"{_SVG}marker", f"{_SVG}symbol", f"{_SVG}title") and not inside:
        return
    if "display:none" in element.get("style", "").replace(" ", ""):
        return
    place = _placed(element, above, rules)
    if element.tag == f"{_SVG}text":
        yield from _lines(element, place, rules)
        return
    used = named.get(element.get("href", "#")[1:]) if element.tag == f"{_SVG}use" else None
    if used is not None:
        yield from _boxes(used, place, rules, named, inside=True)
    for child in element:
        yield from _boxes(child, place, rules, named)


def _lines(text: Element, place: _Place, rules: list[_Rule]) -> Iterator[Box]:
    """Yield the box of each line of a text: the text's own words, or its spans that begin anew."""
    x, y = _pixels(text.get("x"), place.size), _pixels(text.get("y"), place.size) + _pixels(text.get("dy"), place.size)
    spans = [span for span in text if span.get("x") is not None]
    if not spans:
        yield from _box("".join(text.itertext()), x, y, place)
    for span in spans:
        own = _placed(span, place, rules)
        y = _pixels(span.get("y"), own.size) if span.get("y") is not None else y
        y += _pixels(span.get("dy"), own.size)
        yield from _box("".join(span.itertext()), _pixels(span.get("x"), own.size), y, own)


def _box(words: str, x: float, y: float, place: _Place) -> Iterator[Box]:
    from bifolio.diagrams.text_widths import text_width  # needs merman, which only drawing needs

    words = " ".join(words.split())
    if not words:
        return
    width = text_width(words, place.size, bold=place.bold)
    left = x - width * {"middle": 0.5, "end": 1.0}.get(place.anchor, 0.0)
    base = y + _BASELINES.get(place.baseline, 0.0) * place.size
    a, b, c, d, e, f = place.matrix
    corners = [
        (a * u + c * v + e, b * u + d * v + f)
        for u in (left, left + width)
        for v in (base - _ASCENT * place.size, base + _DESCENT * place.size)
    ]
    across, down = zip(*corners, strict=True)
    yield min(across), min(down), max(across), max(down)


def _placed(element: Element, above: _Place, rules: list[_Rule]) -> _Place:
    """Return where an element stands: attributes, then rules, then its own style decide."""
    tag = element.tag.removeprefix(_SVG)
    own = {tag, *(f".{name}" for name in element.get("class", "").split()), f"#{element.get('id')}"}
    names = (*above.names, frozenset(own))
    said = {name: element.attrib[name] for name in _READ if name in element.attrib}
    for rule in rules:
        if rule.names[-1] <= names[-1] and _around(rule.names[:-1], names[:-1]):
            said |= dict(rule.says)
    said |= dict(_declared(element.get("style", "")))
    weight = said.get("font-weight", "bold" if above.bold else "")
    matrix = _turned(above.matrix, element.get("transform", ""))
    if tag in ("svg", "use") and above.names:
        matrix = _times(matrix, (1, 0, 0, 1, _pixels(element.get("x"), 16), _pixels(element.get("y"), 16)))
    return replace(
        above,
        matrix=matrix,
        size=_pixels(said["font-size"], above.size) or above.size if "font-size" in said else above.size,
        anchor=said.get("text-anchor", above.anchor),
        bold=weight in ("bold", "bolder") or (weight.isdigit() and int(weight) >= 600),
        baseline=said.get("dominant-baseline", above.baseline),
        names=names,
    )


def _around(wanted: tuple[frozenset[str], ...], names: tuple[frozenset[str], ...]) -> bool:
    """Tell whether the elements around one are called as a rule wants, the outermost first."""
    rest = iter(names)
    return all(any(one <= own for own in rest) for one in wanted)


def _rules(sheet: str) -> Iterator[_Rule]:
    """Yield the rules that say something of text, each name of a list by itself."""
    for selectors, body in _RULE.findall(sheet):
        says = tuple(_declared(body))
        for selector in selectors.split(",") if says else ():
            parts = selector.replace(">", " ").split()
            if parts and not re.search(r"[\[:*+~]", selector):
                yield _Rule(tuple(frozenset(re.findall(r"[.#]?[\w-]+", part)) for part in parts), says)


def _declared(body: str) -> Iterator[tuple[str, str]]:
    for line in body.split(";"):
        name, _, value = line.partition(":")
        if name.strip() in _READ:
            yield name.strip(), value.replace("!important", "").strip()


def _turned(matrix: Matrix, transform: str) -> Matrix:
    for name, written in _TRANSFORM.findall(transform):
        numbers = [float(one) for one in _NUMBER.findall(written)]
        if name == "rotate" and len(numbers) == 3:
            turn = math.radians(numbers[0])
            cos, sin, x, y = math.cos(turn), math.sin(turn), numbers[1], numbers[2]
            own: Matrix = (cos, sin, -sin, cos, x - cos * x + sin * y, y - sin * x - cos * y)
        elif name == "rotate":
            turn = math.radians(numbers[0])
            own = (math.cos(turn), math.sin(turn), -math.sin(turn), math.cos(turn), 0, 0)
        elif name == "scale":
            own = (numbers[0], 0, 0, numbers[-1], 0, 0)
        elif name == "translate":
            own = (1, 0, 0, 1, numbers[0], numbers[1] if len(numbers) > 1 else 0)
        else:
            own = (numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], numbers[5])
        matrix = _times(matrix, own)
    return matrix


def _times(first: Matrix, second: Matrix) -> Matrix:
    a, b, c, d, e, f = first
    p, q, r, s, x, y = second
    return (a * p + c * q, b * p + d * q, a * r + c * s, b * r + d * s, a * x + c * y + e, b * x + d * y + f)


def _pixels(length: str | None, size: float) -> float:
    """Return a length in pixels; `em` are those of a font of this size."""
    found = _NUMBER.match(length or "")
    return 0.0 if found is None else float(found[0]) * (size if (length or "").endswith("em") else 1.0)
