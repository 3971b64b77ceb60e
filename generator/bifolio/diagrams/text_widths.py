"""Measures the text of diagrams with the widths of the font that they name, for lack of a browser."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Callable

from merman import (  # type: ignore[import-untyped]
    MermanTextMeasurementOperation as Operation,
)
from merman import (
    MermanTextMeasurementResultKind as Kind,
)
from merman import (
    MermanTextMeasurer,
    MermanTextMeasureRequest,
    MermanTextMeasureResult,
)

# A reader without Noto Sans SC sees another face, whose Latin letters may be wider; Chinese ones are always 1 em.
_LATIN_ALLOWANCE = 1.04
_BOLD_ALLOWANCE = 1.06  # the font comes in one weight; bold Latin letters of such faces are about this much wider
_NO_LINE_STARTS_WITH = frozenset("，。、；：？！）》」』】”’…—·,.;:?!)]}%")
_NO_LINE_ENDS_WITH = frozenset("（《「『【“‘([{")

_METRICS = frozenset({Operation.MEASURE, Operation.MERMAID_CALCULATE_TEXT_DIMENSIONS})
_WIDTHS = frozenset(
    {
        Operation.COMPUTED_LENGTH,
        Operation.SIMPLE_B_BOX_WIDTH,
        Operation.RAW_B_BOX_WIDTH,
        Operation.TSPAN_B_BOX_WIDTH,
        Operation.WRAP_PROBE_B_BOX_WIDTH,
        Operation.BOUNDING_CLIENT_RECT_WIDTH,
        Operation.CANVAS_MEASURE_TEXT_WIDTH,
    }
)
_WRAPPED = {Operation.WRAPPED: Kind.METRICS, Operation.WRAPPED_WITH_RAW_WIDTH: Kind.WRAPPED_WITH_RAW_WIDTH}


class TextMeasurer(MermanTextMeasurer):  # type: ignore[misc]  # merman asks for a subclass and carries no types
    """Answers merman's questions about widths and wrapping; leaves the rest to it by answering None."""

    def measure(self, request: MermanTextMeasureRequest) -> MermanTextMeasureResult | None:
        """Return widths and heights in pixels."""
        if request.operation in _WIDTHS:
            return _result(Kind.LENGTH, length=_widest(request.text.split("\n"), request))
        if request.operation in _METRICS:
            return _metrics(Kind.METRICS, request.text.split("\n"), request)
        if request.operation in _WRAPPED:
            lines = wrap(request.text, request.max_width, lambda line: _width(line, request))
            return _metrics(_WRAPPED[request.operation], lines, request)
        return None


def wrap(text: str, max_width: float | None, width: Callable[[str], float]) -> list[str]:
    """Break a label at spaces and between Chinese characters, where a line would be wider than `max_width`."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line = ""
        for piece in _pieces(paragraph):
            if max_width is not None and line and width((line + piece).rstrip()) > max_width:
                lines.append(line.rstrip())
                line = piece.lstrip()
            else:
                line += piece
        lines.append(line.rstrip())
    return lines


def text_width(line: str, font_size: float = 16.0, *, bold: bool = False) -> float:
    """Return the width in pixels of a line."""
    return sum(_advance(character, bold) for character in line) * font_size


def _pieces(text: str) -> list[str]:
    """Cut text into what may not be broken: words with the space after them, and single wide characters."""
    pieces: list[str] = []
    for character in re.findall(r"\s+|[^\s\u2e80-\uffef]+|.", text):
        joins = pieces and (
            character.isspace() or character[0] in _NO_LINE_STARTS_WITH or pieces[-1][-1] in _NO_LINE_ENDS_WITH
        )
        if joins:
            pieces[-1] += character
        else:
            pieces.append(character)
    return pieces


def _metrics(kind: Kind, lines: list[str], request: MermanTextMeasureRequest) -> MermanTextMeasureResult:
    # merman gives the line height now as a ratio, now in pixels
    ratio = request.line_height < 4
    line_height = request.line_height * request.font_size if ratio else request.line_height
    raw = _widest(request.text.split("\n"), request)
    return _result(kind, _widest(lines, request), line_height * len(lines), line_count=len(lines), raw_width=raw)


def _result(
    kind: Kind,
    width: float = 0.0,
    height: float = 0.0,
    *,
    length: float = 0.0,
    line_count: int = 1,
    raw_width: float | None = None,
) -> MermanTextMeasureResult:
    return MermanTextMeasureResult(
        result_kind=kind,
        width=width,
        height=height,
        length=length,
        line_count=line_count,
        bbox_left=None,
        bbox_right=None,
        raw_width=raw_width if kind is Kind.WRAPPED_WITH_RAW_WIDTH else None,
    )


def _widest(lines: list[str], request: MermanTextMeasureRequest) -> float:
    return max(_width(line, request) for line in lines)


def _width(line: str, request: MermanTextMeasureRequest) -> float:
    weight = request.font_weight or "400"
    bold = weight in {"bold", "bolder"} or (weight.isdigit() and int(weight) >= 600)
    spacing = request.letter_spacing * len(line) + request.word_spacing * line.count(" ")
    width: float = sum(_advance(character, bold) for character in line) * request.font_size + spacing
    return width


@functools.cache
def _advance(character: str, bold: bool) -> float:
    """Return the advance width in em."""
    advances, missing = _font()
    width = advances.get(ord(character), missing)
    if unicodedata.east_asian_width(character) in "WF":
        return width
    return width * _LATIN_ALLOWANCE * (_BOLD_ALLOWANCE if bold else 1.0)


@functools.cache
def _font() -> tuple[dict[int, float], float]:
    """Return the advance widths of Noto Sans SC in em by code point, and that of a character that it lacks."""
    from fontTools.ttLib import TTFont  # type: ignore[import-untyped]
    from pylopdf_fonts_zh_cn import sans_path

    with TTFont(sans_path(), lazy=True) as font:
        units, widths = font["head"].unitsPerEm, font["hmtx"]
        advances = {code: widths[glyph][0] / units for code, glyph in font.getBestCmap().items()}
        return advances, widths[".notdef"][0] / units
