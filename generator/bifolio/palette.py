"""The colours of paper, ink and figures, in a light and a dark tuning."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

Theme = Literal["light", "dark"]


@dataclass(frozen=True)
class Palette:
    """Colours as `#rrggbb`; every one from `ink` on, but for `line`, reaches 4.5 : 1 on `paper`."""

    paper: str
    sheet: str
    ink: str
    soft: str
    line: str
    accent: str
    warn: str
    bad: str
    series: tuple[str, ...]


# The eight series were found by a search that kept 4.5 : 1 and made the two most alike as different as can be, in
# OKLab, to normal sight and under the three dichromacies of Machado et al. 2009; tests/test_palette.py holds it.
PALETTES: Mapping[Theme, Palette] = MappingProxyType(
    {
        "light": Palette(
            paper="#fffefb",
            sheet="#f6f5f0",
            ink="#1d2129",
            soft="#5b6472",
            line="#e3e6ea",
            accent="#0b6e6e",
            warn="#9a5b00",
            bad="#a3262a",
            series=("#0b6e6e", "#9e3932", "#2a6ded", "#c63c9d", "#9c6c13", "#6c24aa", "#79020c", "#453947"),
        ),
        "dark": Palette(
            paper="#15181c",
            sheet="#1c2025",
            ink="#e6e4de",
            soft="#9aa3ad",
            line="#2f353c",
            accent="#62c6bd",
            warn="#e0a95a",
            bad="#ef8a85",
            series=("#62c6bd", "#fa956a", "#2584dd", "#a57c9b", "#ffca02", "#b29dfc", "#e34e50", "#cae2e5"),
        ),
    }
)
FONT_FAMILY = "Noto Sans SC, Source Han Sans SC, PingFang SC, Microsoft YaHei, Noto Sans CJK SC, sans-serif"


def mixed(first: str, second: str, share: float) -> str:
    """Return the colour that lies at `share` (0 to 1) of the way from the first to the second."""
    pairs = zip(_channels(first), _channels(second), strict=True)
    return "#" + "".join(f"{round(255 * (start + share * (end - start))):02x}" for start, end in pairs)


def contrast(first: str, second: str) -> float:
    """Return the contrast ratio of two colours, 1 to 21 (WCAG 2.2, relative luminance)."""
    lighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = (
        channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4 for channel in _channels(colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _channels(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    return red, green, blue
