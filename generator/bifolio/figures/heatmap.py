"""The Vega-Lite specification of a heat map."""

from __future__ import annotations

import math

from bifolio.figures.data import HeatmapFigure
from bifolio.figures.style import Layout, Specification, text_width, title_above, title_below
from bifolio.figures.ticks import with_power
from bifolio.palette import Palette, contrast, mixed

_TALLEST_CELL = 48
_MISSING = "—"
_SMALLEST, _FURTHEST = 0.005, 1e7
"""A greatest number outside gets a power of ten, and so do all others of its map."""


def heatmap_specification(figure: HeatmapFigure, colours: Palette, layout: Layout) -> Specification:
    """Return shaded cells with their numbers; shades grow with the square root, so that rare mistakes show."""
    row_space = max(text_width(label, layout.label) for label in figure.row_labels)
    step = min(_TALLEST_CELL, (layout.width - row_space - 40) / len(figure.column_labels))
    size = min(layout.label, 2.2 * step / max(len(_number(figure, cell)) + 1 for row in figure.cells for cell in row))
    plain = {"ticks": False, "domain": False, "labelOverlap": False}
    horizontal = {**plain, "labelAngle": 0, **title_below(figure.column_title, layout)}
    vertical = {**plain, **title_above(figure.row_title, layout)}
    return {
        "width": {"step": step},
        "height": {"step": min(step, _TALLEST_CELL)},
        "padding": 4,
        "data": {"values": _rows(figure, colours)},
        "encoding": {
            "x": {"field": "column", "type": "nominal", "sort": None, "axis": horizontal},
            "y": {"field": "row", "type": "nominal", "sort": None, "axis": vertical},
        },
        "layer": [
            {
                "mark": {"type": "rect", "stroke": colours.paper, "strokeWidth": 1.5},
                "encoding": {"color": {"field": "shade", "type": "nominal", "scale": None}},
            },
            {
                "mark": {"type": "text", "fontSize": size},
                "encoding": {
                    "text": {"field": "number", "type": "nominal"},
                    "color": {"field": "ink", "type": "nominal", "scale": None},
                },
            },
        ],
    }


def _rows(figure: HeatmapFigure, colours: Palette) -> list[dict[str, str]]:
    most = max(cell for row in figure.cells for cell in row if cell is not None) or 1.0
    rows = []
    for row_label, row in zip(figure.row_labels, figure.cells, strict=True):
        for column_label, cell in zip(figure.column_labels, row, strict=True):
            # a missing cell is as pale as the page, where even a zero has a shade
            shade = colours.paper if cell is None else mixed(colours.sheet, colours.accent, math.sqrt(cell / most))
            # between ink and paper lie shades on which neither reaches 4.5 : 1; black or white always does
            ink = max((colours.ink, colours.paper, "#000000", "#ffffff"), key=lambda text: contrast(text, shade))
            number = _number(figure, cell)
            rows.append({"row": row_label, "column": column_label, "number": number, "shade": shade, "ink": ink})
    return rows


def _number(figure: HeatmapFigure, cell: float | None) -> str:
    if cell is None:
        return _MISSING
    most = max(other for row in figure.cells for other in row if other is not None)
    if most >= _FURTHEST or 0 < most < _SMALLEST:
        return "0" if cell == 0 else with_power(float(f"{cell:.1e}"))
    whole = all(float(other).is_integer() for row in figure.cells for other in row if other is not None)
    return f"{cell:.0f}" if whole else f"{cell:.2f}"
