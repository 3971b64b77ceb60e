"""The scales and axes of a line figure."""

from __future__ import annotations

from bifolio.figures.data import Axis, LineFigure, lower_end
from bifolio.figures.style import Layout, Specification, text_width, title_above, title_below
from bifolio.figures.ticks import linear_labels, log_labels, log_ticks, tick_labels

_MOST_TICKS = 8


def y_axis(figure: LineFigure, layout: Layout) -> Specification:
    axis: Specification = {"grid": True, "domain": False, "ticks": False, "tickCount": 6, "labelOverlap": "greedy"}
    if figure.y.logarithmic:
        axis |= log_labels(*y_domain(figure))
    else:
        axis |= linear_labels(*y_domain(figure))
    return {**axis, **title_above(figure.y.label, layout)}


def x_axis(figure: LineFigure, layout: Layout, room: float) -> Specification:
    """Return the axis below `room` pixels of lines: labelled at the measured places where these are few."""
    places = sorted({x for series in figure.series for x in series.places})
    axis: Specification = {"grid": False, "labelOverlap": "greedy", "labelFlush": False}
    axis |= title_below(figure.x.label, layout)
    low, high = places[0], places[-1]
    if figure.x.logarithmic:
        ticks = places if len(places) <= _MOST_TICKS else log_ticks(low, high)
        return {**axis, **tick_labels(ticks, (low, high), room, layout, logarithmic=True)}
    if linear_labels(low, high):
        few = {"values": places} if len(places) <= _MOST_TICKS else {"tickCount": min(_MOST_TICKS, layout.width // 110)}
        return {**axis, **linear_labels(low, high), **few}
    if len(places) <= _MOST_TICKS:
        return {**axis, **tick_labels(places, (low, high), room, layout)}
    if all(float(x).is_integer() for x in places):  # no half epochs
        widest = text_width(f"{high:,.0f}", layout.label)
        most = min(_MOST_TICKS, int(room // (widest + 2 * layout.label)), int(high - low))
        return {**axis, "tickMinStep": 1, "format": ",d", "tickCount": max(1, most)}
    return {**axis, "tickCount": min(_MOST_TICKS, layout.width // 70)}


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
