"""The Vega-Lite specification of a strip figure."""

from __future__ import annotations

from bifolio.figures.data import Strip, StripFigure
from bifolio.figures.style import Layout, Specification
from bifolio.figures.ticks import RAISED
from bifolio.palette import Palette

_STEP = 30  # pixels from strip to strip
_ROOM = 70  # pixels on each side of a strip, at least, for the number at its end
_USUAL, _SMALL = 0.5, 0.4  # how wide the characters of a number are, on average, as a share of their size
_NAMES = 0.35  # of the drawing's width goes to the names of the strips, at most


def strip_specification(figure: StripFigure, colours: Palette, layout: Layout) -> Specification:
    """Return a row for each quantity on a scale of its own: dots, the interval behind them, a tick at the mean."""
    ends = [end for strip in figure.strips for end in (strip.low_label, strip.high_label)]
    pixels = max(_ROOM, *(_width(end, layout.label) + 14 for end in ends))
    room = pixels / (layout.width * (1.0 - _NAMES) - 2 * pixels)
    x = {"type": "quantitative", "scale": {"domain": [-room, 1.0 + room], "nice": False, "zero": False}, "axis": None}
    rows = [_row(strip) for strip in figure.strips]
    dots = [
        {"label": strip.label, "at": _place(strip, sample)}
        for strip in figure.strips
        for sample in sorted(strip.samples)
    ]
    rule: Specification = {"type": "rule", "strokeWidth": 7, "color": colours.series[0], "strokeOpacity": 0.25}
    tick: Specification = {"type": "tick", "thickness": 2, "height": 16, "color": colours.ink}
    dot: Specification = {"type": "point", "filled": True, "size": 44, "color": colours.series[0], "fillOpacity": 0.85}
    sides = {"low_label": (0.0, "right", -8), "high_label": (1.0, "left", 8)}
    labels: list[Specification] = [
        {
            "mark": {"type": "text", "align": align, "dx": shift, "baseline": "middle", "color": colours.soft},
            "encoding": {"x": {**x, "datum": place}, "text": {"field": field, "type": "nominal"}},
        }
        for field, (place, align, shift) in sides.items()
    ]
    names: Specification = {"title": None, "ticks": False, "domain": False, "grid": False, "labelColor": colours.ink}
    names |= {"labelLimit": layout.width * _NAMES}
    return {
        "width": layout.width,
        "height": _STEP * len(figure.strips) + 12,
        "padding": {"left": 4, "top": 4, "bottom": 4, "right": 4},
        "data": {"values": rows},
        "encoding": {"y": {"field": "label", "type": "nominal", "sort": None, "axis": names}},
        "layer": [
            {"mark": rule, "encoding": {"x": {**x, "field": "low"}, "x2": {"field": "high"}}},
            {"data": {"values": dots}, "mark": dot, "encoding": {"x": {**x, "field": "at"}}},
            {"mark": tick, "encoding": {"x": {**x, "field": "mean"}}},
            *labels,
        ],
    }


def _width(number: str, size: float) -> float:
    raised = sum(character in RAISED for character in number)
    return size * (_USUAL * (len(number) - raised) + _SMALL * raised)


def _row(strip: Strip) -> Specification:
    places = {name: _place(strip, getattr(strip, name)) for name in ("mean", "low", "high")}
    return {"label": strip.label, **places, "low_label": strip.low_label, "high_label": strip.high_label}


def _place(strip: Strip, number: float) -> float:
    """Return where a number lies between the ends of its strip, which are 0 and 1."""
    first, last = strip.ends
    return round((number - first) / (last - first), 6)
