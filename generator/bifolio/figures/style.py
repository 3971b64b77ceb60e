"""The look that all figures share: hairlines, type, the room a drawing has, the width of a label."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal

from bifolio.palette import FONT_FAMILY, Palette, Theme

RAISED = "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"
"""The signs of an exponent: minus, and the digits."""

Shape = Literal["wide", "narrow"]
Specification = dict[str, Any]


@dataclass(frozen=True)
class Layout:
    """The room a drawing has and the size of its labels, in pixels; a phone shows the narrow one at its real size."""

    width: int
    height: int
    label: int
    widest_end: int  # the longest label that may stand at the end of a line
    labels_above: bool  # bars carry their labels above them


LAYOUTS: Mapping[Shape, Layout] = MappingProxyType(
    {
        "wide": Layout(width=640, height=340, label=14, widest_end=170, labels_above=False),
        "narrow": Layout(width=350, height=360, label=13, widest_end=66, labels_above=True),
    }
)


DRAWINGS: Mapping[str, tuple[Shape, Theme]] = MappingProxyType(
    {
        ".svg": ("wide", "light"),
        ".dark.svg": ("wide", "dark"),
        ".narrow.svg": ("narrow", "light"),
        ".narrow.dark.svg": ("narrow", "dark"),
    }
)
"""How the files of a figure's drawings end: a page names the first, and shows the one that fits the reader's screen."""


def text_width(text: str, size: float) -> float:
    """Return a safe estimate of the width of a label in pixels: Chinese characters are square, others narrower."""
    return sum(size if unicodedata.east_asian_width(character) in "WF" else 0.6 * size for character in text)


def wrapped(text: str, width: float, size: float) -> list[str]:
    """Return the lines of a title that is `width` pixels wide at most; Chinese breaks between any two characters."""
    lines = [""]
    for word in _words(text):
        if lines[-1].strip() and text_width((lines[-1] + word).rstrip(), size) > width:
            lines.append("")
        lines[-1] += word
    return [line.strip() for line in lines]


def _words(text: str) -> list[str]:
    """Split a text after every place where a line may end."""
    words = [""]
    for character, after in zip(text, f"{text} "[1:], strict=True):
        words[-1] += character
        wide = unicodedata.east_asian_width(character) == "W" and unicodedata.east_asian_width(after) in "WNa"
        if character == " " or (wide and after not in "）”’，。；：、 " and character not in "（“‘"):
            words.append("")
    return [word for word in words if word]


def configuration(colours: Palette, layout: Layout) -> Specification:
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
            "labelFontSize": layout.label,
            "labelLimit": 240,
            "labelPadding": 6,
            "tickColor": colours.soft,
            "tickSize": 4,
            "titleColor": colours.ink,
            "titleFontSize": layout.label,
            "titleFontWeight": "normal",
            "titleLimit": layout.width,
            "titlePadding": 10,
        },
        "legend": {
            "labelColor": colours.ink,
            "labelFontSize": layout.label,
            "labelLimit": layout.width - 50,
            "symbolOpacity": 1,
            "symbolStrokeWidth": 3,
            "symbolType": "stroke",
            "title": None,
        },
        "text": {"fontSize": layout.label},
    }


def title_above(label: str, layout: Layout) -> Specification:
    """Return the properties of a vertical axis whose title lies above it: turned Chinese is hard to read."""
    return {
        "title": wrapped(label, layout.width - 60, layout.label),
        "titleAlign": "left",
        "titleAnchor": "end",
        "titleAngle": 0,
        "titleBaseline": "bottom",
        "titleX": 0,
        "titleY": -12,
    }


def title_below(label: str, layout: Layout) -> Specification:
    """Return the title of a horizontal axis, on as many lines as it needs."""
    return {"title": wrapped(label, layout.width - 90, layout.label)}


def log_labels(low: float, high: float) -> Specification:
    """Return the properties of a logarithmic axis that draw every one of its labels."""
    ticks = log_ticks(low, high)
    # Vega leaves some out where it is asked for fewer than ten times as many as there are powers of ten
    properties: Specification = {"values": ticks, "tickCount": 10 * len(ticks)}
    far = len(ticks) > 0 and (ticks[0] < _NEAREST or ticks[-1] >= _FURTHEST)
    if far or (len(ticks) > 1 and ticks[1] / ticks[0] > 50):  # powers of ten were passed over
        powers = (f"datum.value === {tick!r} ? '{with_power(tick)}' : " for tick in ticks)
        properties["labelExpr"] = f"{''.join(powers)}datum.label"
    return properties


def linear_labels(low: float, high: float) -> Specification:
    """Return the properties of a linear axis whose numbers need a power of ten, the same for all its labels."""
    largest = max(abs(low), abs(high))
    if not largest or _SMALLEST <= largest < _FURTHEST:
        return {}
    power = math.floor(math.log10(largest))
    label = f"format(datum.value / 1e{power}, '.12~r') + '\u202f×\u202f{_power_of_ten(power)}'"
    return {"labelExpr": f"datum.value === 0 ? '0' : {label}"}


_FURTHEST, _SMALLEST, _NEAREST = 1e7, 1e-4, 1e-7
"""From here on, numbers on an axis have a power of ten; a logarithmic axis goes through many before it needs them."""


def with_power(tick: float) -> str:
    """Return a tick as 10ⁿ or 2 × 10ⁿ: Vega writes 0.00001 and 1e-7 on one axis."""
    digits, _, power = f"{tick:e}".partition("e")
    digits = digits.rstrip("0").rstrip(".")
    return ("" if digits == "1" else f"{digits}\u202f×\u202f") + _power_of_ten(int(power))


def _power_of_ten(power: int) -> str:
    return "10" + str(power).translate(str.maketrans("-0123456789", RAISED))


_WHOLE, _HALVES, _TENTHS = (tuple(ten / 10 for ten in range(10, 100, step)) for step in (10, 5, 1))
_STEPS = ((1,), (1, 3), (1, 2, 5), _WHOLE, _HALVES, _TENTHS)
_MOST_TICKS = 7


def log_ticks(low: float, high: float) -> list[float]:
    """Return where a logarithmic axis is labelled: at powers of ten, with round numbers between them if these are few,
    and only at every second or third if they are many.
    """
    first, last = math.floor(math.log10(low)), math.ceil(math.log10(high))
    every = max(1, math.ceil((last - first) / _MOST_TICKS))
    powers = range(first // every * every, last + 1, every)
    chosen: list[float] = []
    for steps in _STEPS if every == 1 else _STEPS[:1]:
        # a power of ten below 1 is written as a quotient, because 0.001 is nearer to 1/10**3 than 10**-3 computes to
        ticks = [step * 10**power if power >= 0 else step / 10**-power for power in powers for step in steps]
        within = [tick for tick in ticks if low <= tick <= high]
        if chosen and len(within) > _MOST_TICKS:
            return chosen
        chosen = within
    return chosen
