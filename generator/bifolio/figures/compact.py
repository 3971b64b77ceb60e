"""Says a drawing with fewer bytes: nobody sees a difference."""

from __future__ import annotations

import re
from xml.etree import ElementTree

_SVG = "http://www.w3.org/2000/svg"
_PLACES = 2  # of a pixel
_NUMBER = re.compile(r"-?\d*\.\d+(?:e[-+]?\d+)?|-?\d+e[-+]?\d+")
_GEOMETRY = ("d", "transform", "cx", "cy", "r", "x", "y", "x1", "y1", "x2", "y2", "width", "height")
_FONT = ("font-family", "font-size")
_INHERITED = (
    *(*_FONT, "font-weight", "font-style", "text-anchor", "fill", "fill-opacity"),
    *("stroke", "stroke-opacity", "stroke-width", "stroke-dasharray", "stroke-linecap", "stroke-linejoin"),
)
"""What an element takes from the group it stands in, unless it says otherwise."""
_CIRCLE = re.compile(r"M(?P<r>[\d.]+),0A(?P=r),(?P=r),0,1,1,-(?P=r),0A(?P=r),(?P=r),0,1,1,(?P=r),0")
_PLACE = re.compile(r"translate\((?P<x>[^,]+),(?P<y>[^)]+)\)")


def compact(svg: str) -> str:
    """Return the SVG with short numbers, circles as circles, and once what all elements of a group share."""
    ElementTree.register_namespace("", _SVG)
    root = ElementTree.fromstring(svg)
    for element in root.iter():
        for hidden in [child for child in element if child.get("display") == "none"]:
            element.remove(hidden)
        if element.get("opacity") == "1":
            del element.attrib["opacity"]
        for name in _GEOMETRY:
            if name in element.attrib:
                element.set(name, _NUMBER.sub(_short, element.attrib[name]))
        _round(element)
    for name in _FONT:
        _share(root, [element for element in root.iter() if name in element.attrib], name)
    for group in root.iter(f"{{{_SVG}}}g"):
        for name in _INHERITED:
            _share(group, list(group), name)
    return ElementTree.tostring(root, encoding="unicode").replace(" />", "/>")


def _short(number: re.Match[str]) -> str:
    return f"{round(float(number[0]), _PLACES) + 0.0:.10g}"  # + 0.0: there is no -0


def _round(element: ElementTree.Element) -> None:
    """Turn a path that is a circle into one."""
    circle, place = _CIRCLE.fullmatch(element.get("d", "")), _PLACE.fullmatch(element.get("transform", ""))
    if circle and place:
        element.tag = f"{{{_SVG}}}circle"
        rest = {name: value for name, value in element.attrib.items() if name not in ("d", "transform")}
        element.attrib.clear()
        element.attrib.update({"cx": place["x"], "cy": place["y"], "r": circle["r"], **rest})


def _share(group: ElementTree.Element, elements: list[ElementTree.Element], name: str) -> None:
    """Let a group say what at least two of its elements, and all of them, say alike."""
    found = {element.get(name) for element in elements}
    value = found.pop() if len(found) == 1 and len(elements) > 1 else None
    if value is not None:
        group.set(name, value)
        for element in elements:
            del element.attrib[name]
