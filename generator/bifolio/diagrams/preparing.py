"""Prepares a source for the engine: lines that fit boxes of a fixed width, letters that stand out from their ground."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bifolio.diagrams.kinds import DRAWN, diagram_type
from bifolio.palette import PALETTES, contrast

_BREAK = re.compile(r"\s*<br\s*/?>\s*", re.IGNORECASE)
_TIMELINE, _JOURNEY = (170.0, 16.0), (138.0, 14.0)
"""Pixels between the sides of a box of these kinds, and the size of what it holds."""
_STATEMENT = re.compile(r"\s*(?:%%|title\b|accTitle|accDescr|timeline\b|journey\b|---)")
_OPENING = re.compile(r"(\s*)(section\s+|)(.*)", re.DOTALL)
_COLOURED = re.compile(
    r"^[ \t]*(?:style|classDef)[ \t]+\S+[ \t]+[^\n]*?\bfill:[ \t]*(?P<fill>#[\da-fA-F]{3,6}|\w+)[^\n]*", re.M
)
_NAMED = {
    **{"black": "#000000", "white": "#ffffff", "red": "#ff0000", "green": "#008000", "blue": "#0000ff"},
    **{"yellow": "#ffff00", "orange": "#ffa500", "pink": "#ffc0cb", "purple": "#800080", "grey": "#808080"},
    **{"gray": "#808080", "lightgrey": "#d3d3d3", "lightgray": "#d3d3d3", "lightblue": "#add8e6", "cyan": "#00ffff"},
    **{"lightgreen": "#90ee90", "lightyellow": "#ffffe0", "silver": "#c0c0c0", "navy": "#000080", "teal": "#008080"},
    **{"gold": "#ffd700", "magenta": "#ff00ff", "maroon": "#800000", "lime": "#00ff00", "brown": "#a52a2a"},
}


def prepared(source: str) -> str:
    """Return the source as the engine has to see it; its lines keep their numbers."""
    kind = DRAWN.get(diagram_type(source))
    if kind == "timeline":
        return "\n".join(_fitted(line, len(line), _TIMELINE) for line in source.split("\n"))
    if kind == "journey":
        return "\n".join(_fitted(line, 1, _JOURNEY) for line in source.split("\n"))
    return _COLOURED.sub(_lettered, source)


def _fitted(line: str, most: int, box: tuple[float, float]) -> str:
    """Break the first texts of a line, which colons set apart, where they would be wider than their box."""
    if _STATEMENT.match(line):
        return line
    indent, opening, rest = _OPENING.match(line).groups()  # type: ignore[union-attr]  # it matches an empty text, too
    parts = re.split(r"(\s*:\s+|\s+:)", rest)
    for place in range(0, min(2 * most, len(parts)), 2):
        lines = _BREAK.sub("\n", parts[place].strip())
        parts[place] = "<br>".join(_lines(lines, *box))
    return indent + opening + "".join(parts)


def _lines(text: str, width: float, size: float) -> Iterator[str]:
    """Yield the lines of a text, at the font's size in pixels; a word that is wider than a line is cut."""
    from bifolio.diagrams.text_widths import text_width, wrap  # needs merman, which only drawing needs

    for line in wrap(text, width, lambda part: text_width(part, size)):
        while text_width(line, size) > width:
            most = next(most for most in range(len(line), 0, -1) if most == 1 or text_width(line[:most], size) <= width)
            yield line[:most]
            line = line[most:]
        yield line


def _lettered(style: re.Match[str]) -> str:
    """Add the colour of the letters, light or dark, to a style of the author's that names the ground's alone."""
    fill = _NAMED.get(style["fill"].lower(), style["fill"])
    if re.search(r"(?<![\w-])color:", style[0]) or not re.fullmatch("#(?:.{3}|.{6})", fill):
        return style[0]
    ground = fill if len(fill) == 7 else "#" + "".join(2 * digit for digit in fill[1:])
    inks = (PALETTES["light"].ink, PALETTES["dark"].ink)
    return f"{style[0].rstrip().rstrip(';')},color:{max(inks, key=lambda ink: contrast(ink, ground))}"
