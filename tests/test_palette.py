"""The colours keep their promises: contrast, and being told apart."""

from __future__ import annotations

import itertools
import math

import pytest
from bifolio.palette import PALETTES, Theme, contrast, mixed

# Machado, Oliveira & Fernandes 2009, severity 1.0, applied to linear RGB
SIGHTS = {
    "normal": ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)),
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritanopia": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}
# Ottosson 2020: linear RGB to cone responses, and their cube roots to OKLab
TO_LMS = (
    (0.4122214708, 0.5363325363, 0.0514459929),
    (0.2119034982, 0.6806995451, 0.1073969566),
    (0.0883024619, 0.2817188376, 0.6299787005),
)
TO_OKLAB = (
    (0.2104542553, 0.7936177850, -0.0040720468),
    (1.9779984951, -2.4285922050, 0.4505937099),
    (0.0259040371, 0.7827717662, -0.8086757660),
)


def product(matrix: tuple[tuple[float, ...], ...], vector: list[float]) -> list[float]:
    return [sum(factor * part for factor, part in zip(row, vector, strict=True)) for row in matrix]


def oklab(colour: str, sight: str) -> list[float]:
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    seen = [min(1.0, max(0.0, value)) for value in product(SIGHTS[sight], linear)]
    return product(TO_OKLAB, [value ** (1 / 3) for value in product(TO_LMS, seen)])


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_text_and_series_reach_four_and_a_half_to_one(theme: Theme) -> None:
    colours = PALETTES[theme]
    for colour in (colours.ink, colours.soft, colours.accent, colours.warn, colours.bad, *colours.series):
        assert contrast(colour, colours.paper) >= 4.5, colour
    assert contrast(colours.ink, colours.sheet) >= 4.5


@pytest.mark.parametrize("sight", SIGHTS)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_series_are_told_apart(theme: Theme, sight: str) -> None:
    for first, second in itertools.combinations(PALETTES[theme].series, 2):
        assert math.dist(oklab(first, sight), oklab(second, sight)) >= 0.08, (first, second)


def test_contrast_has_its_known_ends() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#777777") == 1


def test_mixed_goes_from_the_first_to_the_second() -> None:
    assert [mixed("#000000", "#ff8000", share) for share in (0, 0.5, 1)] == ["#000000", "#804000", "#ff8000"]
