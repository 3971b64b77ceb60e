"""The look that all figures share: hairlines, type, the room a drawing has, the width of a label."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal

from bifolio.palette import FONT_FAMILY, Palette, Theme

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
