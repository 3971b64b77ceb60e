"""The Vega-Lite specification of a line figure."""

from __future__ import annotations

import itertools
import math

from generator.figures.data import Axis, LineFigure
from generator.figures.style import LABEL_SIZE, Specification, log_ticks, text_width, title_above
from generator.palette import Palette

_HEIGHT = 340
_PLOT_HEIGHT = _HEIGHT - 80  # what the axis and its titles leave
_WIDEST_LABEL = 170  # pixels at the right end; longer ones go to the legend
_FEW_POINTS = 12  # so many are marked one by one


def line_specification(figure: LineFigure, colours: Palette, width: int) -> Specification:
    """Return the marks and scales; labels stand at the ends of the lines unless they would collide there."""
    labels = [series.label for series in figure.series]
    several = len(labels) > 1
    at_ends = several and _fits_at_ends(figure)
    color: Specification = {"field": "series", "type": "nominal", "sort": None, "legend": None}
    color["scale"] = {"domain": labels, "range": list(colours.series[: len(labels)])}
    if several and not at_ends:
        color["legend"] = {"orient": "bottom", "direction": "horizontal", "columns": _columns(labels, width)}
    return {
        "width": width,
        "height": _HEIGHT,
        "padding": {"left": 4, "top": 4, "bottom": 4, "right": 12},
        "data": {"values": _rows(figure)},
        "encoding": {
            "x": {"field": "x", "type": "quantitative", "scale": _x_scale(figure), "axis": _x_axis(figure)},
            "color": color,
        },
        "layer": _layers(figure, at_ends),
    }


def _rows(figure: LineFigure) -> list[dict[str, float | str | bool]]:
    return [
        {
            "series": series.label,
            "x": point.x,
            "mean": point.mean,
            "low": point.low,
            "high": point.high,
            "last": point.x == max(other.x for other in series.points),
        }
        for series in figure.series
        for point in sorted(series.points, key=lambda point: point.x)
    ]


def _layers(figure: LineFigure, at_ends: bool) -> list[Specification]:
    mean: Specification = {"field": "mean", "type": "quantitative", "scale": _y_scale(figure), "axis": _y_axis(figure)}
    bounds: Specification = {"y": {**mean, "field": "low"}, "y2": {"field": "high"}}
    layers: list[Specification] = []
    if any(point.low < point.high for series in figure.series for point in series.points):
        layers.append({"mark": {"type": "area", "opacity": 0.16, "line": False}, "encoding": bounds})
    layers.append({"mark": {"type": "line", "strokeWidth": 2.2, "strokeJoin": "round"}, "encoding": {"y": mean}})
    if max(len(series.points) for series in figure.series) <= _FEW_POINTS:
        layers.append({"mark": {"type": "point", "filled": True, "size": 36, "opacity": 1}, "encoding": {"y": mean}})
    if any(len(series.points) == 1 for series in figure.series):  # a band needs two points; one has a stroke
        layers.append({"mark": {"type": "rule", "strokeWidth": 1.6}, "encoding": bounds})
    if at_ends:
        text = {"type": "text", "align": "left", "baseline": "middle", "dx": 8, "fontSize": LABEL_SIZE}
        encoding = {"y": mean, "text": {"field": "series", "type": "nominal"}}
        layers.append({"transform": [{"filter": "datum.last"}], "mark": text, "encoding": encoding})
    return layers


def _y_axis(figure: LineFigure) -> Specification:
    axis: Specification = {"grid": True, "domain": False, "ticks": False, "tickCount": 6, "labelOverlap": "greedy"}
    if figure.y.logarithmic:
        axis["values"] = log_ticks(*_y_domain(figure))
    return {**axis, **title_above(figure.y.label)}


def _x_axis(figure: LineFigure) -> Specification:
    whole = all(float(point.x).is_integer() for series in figure.series for point in series.points)
    axis: Specification = {"title": figure.x.label, "grid": False, "labelOverlap": "greedy", "labelFlush": False}
    low, high = _x_range(figure)
    if low == high:
        axis["values"] = [low]
    elif figure.x.logarithmic:
        axis["values"] = log_ticks(low, high)
    elif whole:  # no half epochs
        axis |= {"tickMinStep": 1, "format": ",d", "tickCount": min(8, max(1, int(high - low)))}
    return axis


def _x_scale(figure: LineFigure) -> Specification:
    low, high = _x_range(figure)
    if low == high:
        low, high = (low / 2, high * 2) if figure.x.logarithmic else (low - 1, high + 1)
    return _scale(figure.x, (low, high))


def _y_scale(figure: LineFigure) -> Specification:
    return _scale(figure.y, _y_domain(figure))


def _scale(axis: Axis, domain: tuple[float, float]) -> Specification:
    kind = "log" if axis.logarithmic else "linear"
    return {"type": kind, "domain": list(domain), "nice": False, "zero": False}


def _x_range(figure: LineFigure) -> tuple[float, float]:
    numbers = [point.x for series in figure.series for point in series.points]
    return min(numbers), max(numbers)


def _y_domain(figure: LineFigure) -> tuple[float, float]:
    """Return the ends of the y axis: the data and a twentieth on either side."""
    points = [point for series in figure.series for point in series.points]
    low, high = min(point.low for point in points), max(point.high for point in points)
    if figure.y.logarithmic:
        margin = (high / low) ** 0.05 if high > low else 2.0
        return low / margin, high * margin
    margin = 0.05 * (high - low) or 0.05 * abs(high) or 1.0
    return (0.0 if 0 <= low < margin else low - margin), high + margin


def _fits_at_ends(figure: LineFigure) -> bool:
    """Return whether all lines end at the right, a line's height apart, with labels that are short enough."""
    _, right = _x_range(figure)
    ends = [max(series.points, key=lambda point: point.x) for series in figure.series]
    if any(end.x != right for end in ends):
        return False
    heights = sorted(_height(figure, end.mean) for end in ends)
    apart = all(upper - lower >= 1.2 * LABEL_SIZE for lower, upper in itertools.pairwise(heights))
    return apart and max(text_width(series.label) for series in figure.series) <= _WIDEST_LABEL


def _height(figure: LineFigure, mean: float) -> float:
    """Return how far above the axis a mean is drawn, in pixels."""
    low, high = _y_domain(figure)
    if figure.y.logarithmic:
        low, high, mean = math.log(low), math.log(high), math.log(mean)
    return (mean - low) / (high - low) * _PLOT_HEIGHT


def _columns(labels: list[str], width: int) -> int:
    return max(1, int((width - 60) // (max(text_width(label) for label in labels) + 40)))
