"""The Vega-Lite specification of a bar figure."""

from __future__ import annotations

from bifolio.figures.data import BarFigure, is_cut, lower_end
from bifolio.figures.style import Layout, Specification, text_width, title_below
from bifolio.figures.ticks import linear_labels, log_ticks, tick_labels
from bifolio.palette import Palette

_STEP = 36  # pixels from bar to bar
_STEP_BELOW_LABEL = 52  # where its label stands above the bar
_AROUND = 40  # pixels of the width that margins take


def bar_specification(figure: BarFigure, colours: Palette, layout: Layout) -> Specification:
    """Return horizontal bars from zero, or dots on a logarithmic axis, with their intervals."""
    value = _value(figure, layout)
    rows = [
        {
            "label": bar.label,
            "mean": bar.mean,
            "low": lower_end(bar, figure.value),
            "high": bar.high,
            "cut": is_cut(bar, figure.value),
        }
        for bar in figure.bars
    ]
    rows += [{"label": label, "mean": None, "low": None, "high": None, "cut": False} for label in figure.missing]
    step = _STEP_BELOW_LABEL if layout.labels_above else _STEP
    label_axis = {"title": None, "ticks": False, "labels": not layout.labels_above, "labelColor": colours.ink}
    label_axis["domain"] = not figure.value.logarithmic
    return {
        "width": layout.width,
        "height": step * len(rows) + 60,
        "padding": {"left": 4, "top": 4, "bottom": 4, "right": 12},
        "data": {"values": rows},
        "encoding": {"y": {"field": "label", "type": "nominal", "sort": None, "axis": label_axis}},
        "layer": _layers(figure, colours, layout, value),
    }


def _layers(figure: BarFigure, colours: Palette, layout: Layout, value: Specification) -> list[Specification]:
    down = 9 if layout.labels_above else 0  # makes room for the label
    colour, size = colours.series[0], 18 if layout.labels_above else 20
    dots: Specification = {"type": "point", "filled": True, "size": 90, "opacity": 1, "color": colour}
    bars: Specification = {"type": "bar", "height": size, "color": colour, "opacity": 0.75}
    mark = dots if figure.value.logarithmic else bars
    layers: list[Specification] = [{"mark": {**mark, "yOffset": down}, "encoding": {"x": {**value, "field": "mean"}}}]
    if any(bar.low < bar.high for bar in figure.bars):
        ends = {"x": {**value, "field": "low"}, "x2": {"field": "high"}}
        stroke = colour if figure.value.logarithmic else colours.ink
        rule = {"type": "rule", "strokeWidth": 1.8, "color": stroke, "yOffset": down}
        layers.append({"mark": rule, "encoding": ends})
    if any(is_cut(bar, figure.value) for bar in figure.bars):
        open_end = {"type": "point", "shape": "triangle-left", "filled": True, "size": 50, "opacity": 1}
        open_end |= {"color": colour, "yOffset": down}
        encoding = {"x": {**value, "field": "low"}}
        layers.append({"transform": [{"filter": "datum.cut"}], "mark": open_end, "encoding": encoding})
    if figure.missing:
        dash = {"type": "text", "text": "—", "align": "left", "dx": 4, "yOffset": down, "color": colours.soft}
        layers.append({"transform": [{"filter": "datum.mean === null"}], "mark": dash, "encoding": {"x": {"value": 0}}})
    if layout.labels_above:
        text = {"type": "text", "align": "left", "baseline": "bottom", "dx": 2, "yOffset": -4, "color": colours.ink}
        encoding = {"x": {"value": 0}, "text": {"field": "label", "type": "nominal"}}
        layers.append({"mark": {**text, "limit": layout.width - 20}, "encoding": encoding})
    return layers


def _value(figure: BarFigure, layout: Layout) -> Specification:
    """Return the scale and the axis of the quantities."""
    axis: Specification = {**title_below(figure.value.label, layout), "grid": True, "domain": False, "ticks": False}
    axis |= {"tickCount": 5, "labelOverlap": "greedy"}
    scale: Specification = {"type": "linear", "zero": True}
    if figure.value.logarithmic:
        low = min(lower_end(bar, figure.value) for bar in figure.bars) / 1.5
        high = max(bar.high for bar in figure.bars) * 1.5
        beside = 0 if layout.labels_above else max(text_width(bar.label, layout.label) for bar in figure.bars)
        room = layout.width - beside - _AROUND
        axis |= tick_labels(log_ticks(low, high), (low, high), room, layout, logarithmic=True)
        scale = {"type": "log", "domain": [low, high], "nice": False}
    else:
        axis |= linear_labels(min(bar.low for bar in figure.bars), max(bar.high for bar in figure.bars))
    return {"type": "quantitative", "scale": scale, "axis": axis}
