"""The Vega-Lite specification of a line figure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bifolio.figures.axes import x_axis, x_scale, y_axis, y_scale
from bifolio.figures.data import LineFigure, Point, Series, is_cut, lower_end, palette_places
from bifolio.figures.ends import EndLabel, end_labels
from bifolio.figures.style import Layout, Specification, text_width
from bifolio.palette import Palette

_FEW_POINTS = 12  # so many are marked one by one
_AROUND = 80  # pixels of the width that the vertical axis and the margins take
_MOST_OPEN_ENDS = 14  # of a line, lest their marks touch


def line_specification(figure: LineFigure, colours: Palette, layout: Layout) -> Specification:
    """Return the marks and scales; labels stand at the ends of the lines where there is room."""
    labels = [series.label for series in figure.series]
    ends = end_labels(figure, layout)
    color: Specification = {"field": "series", "type": "nominal", "sort": None, "legend": None}
    color["scale"] = {"domain": labels, "range": [colours.series[place] for place in palette_places(figure.series)]}
    if len(labels) > 1 and not ends:
        color["legend"] = {"orient": "bottom", "direction": "horizontal", "columns": _columns(labels, layout)}
    beside = max((text_width(end.label, layout.label) for end in ends), default=0.0)
    below = x_axis(figure, layout, layout.width - _AROUND - beside)
    x = {"field": "x", "type": "quantitative", "scale": x_scale(figure), "axis": below}
    mean: Specification = {"field": "mean", "type": "quantitative", "scale": y_scale(figure)}
    mean["axis"] = y_axis(figure, layout)
    return {
        "width": layout.width,
        "height": layout.height,
        "padding": {"left": 4, "top": 4, "bottom": 4, "right": 12},
        "data": {"values": [row for series in figure.series for row in _rows(figure, series)]},
        "encoding": {"x": x, "color": color},
        "layer": [*_marks(figure, mean), *_labels(ends, mean)],
    }


def _rows(figure: LineFigure, series: Series) -> Iterator[dict[str, float | str | bool | None]]:
    """Yield a row for each point; one without numbers, where nothing was measured, breaks lines and bands."""
    points = sorted(series.points, key=lambda point: point.x)
    opened = _open_ends(figure, points)
    for point in points:
        low = lower_end(point, figure.y)
        ends = {"low": low, "high": point.high}
        yield {"series": series.label, "x": point.x, "mean": point.mean, **ends, "open": point in opened}
    for x in series.missing:
        yield {"series": series.label, "x": x, "mean": None, "low": None, "high": None, "open": False}


def _open_ends(figure: LineFigure, points: Sequence[Point]) -> list[Point]:
    """Return the points whose intervals get the mark of an open end: those that are cut, or some of many."""
    cut = [point for point in points if is_cut(point, figure.y)]
    return cut[:: -(-len(cut) // _MOST_OPEN_ENDS) or 1]


def _marks(figure: LineFigure, mean: Specification) -> Iterator[Specification]:
    bounds: Specification = {"y": {**mean, "field": "low"}, "y2": {"field": "high"}}
    if any(point.low < point.high for series in figure.series for point in series.points):
        yield {"mark": {"type": "area", "opacity": 0.16, "line": False}, "encoding": bounds}
    yield {"mark": {"type": "line", "strokeWidth": 2.2, "strokeJoin": "round"}, "encoding": {"y": mean}}
    if max(len(series.points) for series in figure.series) <= _FEW_POINTS:
        yield {"mark": {"type": "point", "filled": True, "size": 36, "opacity": 1}, "encoding": {"y": mean}}
    yield from _alone(figure, mean, bounds)
    if any(is_cut(point, figure.y) for series in figure.series for point in series.points):
        open_end = {"type": "point", "shape": "triangle-down", "filled": True, "size": 34, "opacity": 0.75}
        encoding = {"y": {**mean, "field": "low"}}
        yield {"transform": [{"filter": "datum.open"}], "mark": open_end, "encoding": encoding}


def _alone(figure: LineFigure, mean: Specification, bounds: Specification) -> Iterator[Specification]:
    """Yield a stroke for the interval of a point that stands alone, and in a broken line its dot: bands need two."""
    if any(len(series.points) == 1 for series in figure.series):
        yield {"mark": {"type": "rule", "strokeWidth": 1.6}, "encoding": bounds}
    broken = [series for series in figure.series if len(series.parts) > 1]
    alone = [(series, part[0]) for series in broken for part in series.parts if len(part) == 1]
    if alone:
        ends = [(series, point, lower_end(point, figure.y)) for series, point in alone]
        rows = [{"series": one.label, "x": at.x, "mean": at.mean, "low": low, "high": at.high} for one, at, low in ends]
        dot: Specification = {"type": "point", "filled": True, "size": 36, "opacity": 1}
        rule: Specification = {"type": "rule", "strokeWidth": 1.6}
        yield {"data": {"values": rows}, "mark": rule, "encoding": bounds}
        yield {"data": {"values": rows}, "mark": dot, "encoding": {"y": mean}}


def _labels(ends: Sequence[EndLabel], mean: Specification) -> Iterator[Specification]:
    for end in ends:
        row = {"series": end.label, "x": end.point.x, "mean": end.point.mean}
        text = {"type": "text", "align": "left", "baseline": "middle", "dx": 8, "dy": end.down}
        encoding = {"y": mean, "text": {"field": "series", "type": "nominal"}}
        yield {"data": {"values": [row]}, "mark": text, "encoding": encoding}


def _columns(labels: list[str], layout: Layout) -> int:
    widest = max(text_width(label, layout.label) for label in labels)
    return max(1, min(len(labels), int((layout.width - 20) // (widest + 34))))
