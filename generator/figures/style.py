"""The look that all figures share: hairlines, type, and the width of a label."""

from __future__ import annotations

import math
import unicodedata
from typing import Any

from generator.palette import FONT_FAMILY, Palette

LABEL_SIZE = 14  # pixels at full width, so that a phone at half of it still shows 7
WIDTH = 640

Specification = dict[str, Any]


def text_width(text: str, size: float = LABEL_SIZE) -> float:
    """Return a safe estimate of the width of a label in pixels: Chinese characters are square, others narrower."""
    return sum(size if unicodedata.east_asian_width(character) in "WF" else 0.6 * size for character in text)


def configuration(colours: Palette) -> Specification:
    """Return Vega-Lite's `config`: no frame, a transparent ground, and no English descriptions of our axes."""
    return {
        "aria": False,
        "background": "transparent",
        "font": FONT_FAMILY,
        "view": {"stroke": None},
        "axis": {
            "domainColor": colours.soft,
            "gridColor": colours.line,
            "gridWidth": 1,
            "labelColor": colours.soft,
            "labelFontSize": LABEL_SIZE,
            "labelLimit": 240,
            "labelPadding": 6,
            "tickColor": colours.soft,
            "tickSize": 4,
            "titleColor": colours.ink,
            "titleFontSize": LABEL_SIZE,
            "titleFontWeight": "normal",
            "titleLimit": 560,
            "titlePadding": 10,
        },
        "legend": {
            "labelColor": colours.ink,
            "labelFontSize": LABEL_SIZE,
            "labelLimit": 500,
            "symbolOpacity": 1,
            "symbolStrokeWidth": 3,
            "symbolType": "stroke",
            "title": None,
        },
        "text": {"fontSize": LABEL_SIZE},
    }


def title_above(label: str) -> Specification:
    """Return the properties of a vertical axis whose title lies above it: turned Chinese is hard to read."""
    return {
        "title": label,
        "titleAlign": "left",
        "titleAnchor": "end",
        "titleAngle": 0,
        "titleBaseline": "bottom",
        "titleX": 0,
        "titleY": -12,
    }


def log_ticks(low: float, high: float) -> list[float]:
    """Return where a logarithmic axis is labelled: at powers of ten, and at 2 and 5 between them if these are few."""
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    steps = (1, 2, 5) if high <= 100 * low else (1,)
    # a power of ten below 1 is written as a quotient, because 0.001 is nearer to 1/10**3 than 10**-3 computes to
    ticks = [step * 10**power if power >= 0 else step / 10**-power for power in powers for step in steps]
    return [tick for tick in ticks if low <= tick <= high]
