"""The Vega-Lite specification of a bar figure."""

from __future__ import annotations

from generator.figures.data import BarFigure
from generator.figures.style import Specification, log_ticks
from generator.palette import Palette

_STEP = 36  # pixels from bar to bar


def bar_specification(figure: BarFigure, colours: Palette, width: int) -> Specification:
    """Return horizontal bars from zero, or dots on a logarithmic axis, with their intervals."""
    value = _value(figure)
    label_axis = {"title": None, "ticks": False, "domain": not figure.value.logarithmic, "labelColor": colours.ink}
    dots: Specification = {"type": "point", "filled": True, "size": 90, "opacity": 1, "color": colours.series[0]}
    bars: Specification = {"type": "bar", "height": {"band": 0.55}, "color": colours.series[0], "opacity": 0.75}
    layers: list[Specification] = [
        {"mark": dots if figure.value.logarithmic else bars, "encoding": {"x": {**value, "field": "mean"}}}
    ]
    if any(bar.low < bar.high for bar in figure.bars):
        ends = {"x": {**value, "field": "low"}, "x2": {"field": "high"}}
        stroke = colours.series[0] if figure.value.logarithmic else colours.ink
        layers.append({"mark": {"type": "rule", "strokeWidth": 1.8, "color": stroke}, "encoding": ends})
    return {
        "width": width,
        "height": _STEP * len(figure.bars) + 60,
        "padding": {"left": 4, "top": 4, "bottom": 4, "right": 12},
        "data": {
            "values": [{"label": bar.label, "mean": bar.mean, "low": bar.low, "high": bar.high} for bar in figure.bars]
        },
        "encoding": {"y": {"field": "label", "type": "nominal", "sort": None, "axis": label_axis}},
        "layer": layers,
    }


def _value(figure: BarFigure) -> Specification:
    """Return the scale and the axis of the quantities."""
    axis: Specification = {"title": figure.value.label, "grid": True, "domain": False, "ticks": False}
    scale: Specification = {"type": "linear", "zero": True}
    if figure.value.logarithmic:
        low, high = min(bar.low for bar in figure.bars) / 1.5, max(bar.high for bar in figure.bars) * 1.5
        axis["values"] = log_ticks(low, high)
        scale = {"type": "log", "domain": [low, high], "nice": False}
    return {"type": "quantitative", "scale": scale, "axis": {**axis, "labelOverlap": "greedy"}}
