"""The scales and axes of a line figure."""

from __future__ import annotations

from bifolio.figures.data import Axis, LineFigure, lower_end
from bifolio.figures.style import Layout, Specification, linear_labels, log_labels, text_width, title_above, title_below

_MOST_TICKS = 8
_WITH_POWER = "1.5 × 10¹¹"


def y_axis(figure: LineFigure, layout: Layout) -> Specification:
    axis: Specification = {"grid": True, "domain": False, "ticks": False, "tickCount": 6, "labelOverlap": "greedy"}
    if figure.y.logarithmic:
        axis |= log_labels(*y_domain(figure))
    else:
        axis |= linear_labels(*y_domain(figure))
    return {**axis, **title_above(figure.y.label, layout)}


def x_axis(figure: LineFigure, layout: Layout) -> Specification:
    whole = all(float(x).is_integer() for series in figure.series for x in series.places)
    axis: Specification = {"grid": False, "labelOverlap": "greedy", "labelFlush": False}
    axis |= title_below(figure.x.label, layout)
    low, high = x_range(figure)
    if low == high:
        axis["values"] = [low]
    elif figure.x.logarithmic:
        axis |= log_labels(low, high)
    elif whole:  # no half epochs
        widest = _WITH_POWER if linear_labels(low, high) else f"{high:,.0f}"
        room = int((layout.width - 80) // (text_width(widest, layout.label) + 2 * layout.label))
        axis |= {"tickMinStep": 1, "format": ",d", "tickCount": max(1, min(_MOST_TICKS, room, int(high - low)))}
    else:
        axis["tickCount"] = min(_MOST_TICKS, layout.width // (110 if linear_labels(low, high) else 70))
    return axis if figure.x.logarithmic else {**axis, **linear_labels(low, high)}


def x_scale(figure: LineFigure) -> Specification:
    low, high = x_range(figure)
    if low == high:
        low, high = (low / 2, high * 2) if figure.x.logarithmic else (low - 1, high + 1)
    return _scale(figure.x, (low, high))


def y_scale(figure: LineFigure) -> Specification:
    return _scale(figure.y, y_domain(figure))


def _scale(axis: Axis, domain: tuple[float, float]) -> Specification:
    kind = "log" if axis.logarithmic else "linear"
    return {"type": kind, "domain": list(domain), "nice": False, "zero": False}


def x_range(figure: LineFigure) -> tuple[float, float]:
    numbers = [x for series in figure.series for x in series.places]
    return min(numbers), max(numbers)


def y_domain(figure: LineFigure) -> tuple[float, float]:
    """Return the ends of the y axis: what is drawn and a twentieth on either side."""
    points = [point for series in figure.series for point in series.points]
    low, high = min(lower_end(point, figure.y) for point in points), max(point.high for point in points)
    if figure.y.logarithmic:
        margin = (high / low) ** 0.05 if high > low else 2.0
        return low / margin, high * margin
    margin = 0.05 * (high - low) or 0.05 * abs(high) or 1.0
    return (0.0 if 0 <= low < margin else low - margin), high + margin
