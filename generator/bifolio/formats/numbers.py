"""Numbers, intervals, units, dates, durations and sizes as a language writes them; the only place that rounds."""

from __future__ import annotations

import math
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

from bifolio.formats.language import Language
from bifolio.statistics import Estimate

if TYPE_CHECKING:
    from babel.numbers import NumberPattern

SPACE = "\u00a0"
"""Between a number and its unit, and around `±`: the line never breaks there."""
_NOISE = 1e-12
"""A half width below this share of the mean is the rounding of a sum, no spread."""
_SMALLEST = 1e-4
"""Numbers nearer to zero than this are written with a power of ten."""
_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def format_number(language: Language, number: float, decimals: int | None = None, *, significant: int = 4) -> str:
    """Return a number with fixed decimals, or with up to `significant` digits; whole numbers are never rounded."""
    if decimals is None:
        if 0 < abs(number) < _SMALLEST:
            exponent = math.floor(math.log10(abs(number)))
            return format_number(language, number / 10**exponent, significant=significant) + _power(exponent)
        if isinstance(number, int) or float(number).is_integer():
            return _localised(language.locale, Decimal(int(number)), 0)
        decimals = max(0, significant - 1 - math.floor(math.log10(abs(number))))
        shown = f"{round(Decimal(repr(number)), decimals):f}"
        decimals = len(shown.rstrip("0").partition(".")[2])
    return _localised(language.locale, round(Decimal(repr(number)), decimals), max(0, decimals))


def format_estimate(language: Language, estimate: Estimate, unit: str = "") -> str:
    """Return `mean ± half width unit`, rounded to the half width; without an interval the mean alone."""
    half_width, mean = estimate.half_width, estimate.mean
    if half_width is None:
        return with_unit(language, format_number(language, mean), unit)
    if half_width <= _NOISE * abs(mean):
        return with_unit(language, f"{format_number(language, mean)}{SPACE}±{SPACE}0", unit)
    largest = max(abs(mean), half_width)
    power = math.floor(math.log10(largest)) if largest < _SMALLEST else 0
    mean, half_width = mean / 10**power, half_width / 10**power
    decimals = interval_decimals(half_width)
    sides = (format_number(language, side, decimals) for side in (mean, half_width))
    text = f"{SPACE}±{SPACE}".join(sides)
    return with_unit(language, f"({text}){_power(power)}" if power else text, unit)


def format_mean(language: Language, estimate: Estimate, unit: str = "") -> str:
    """Return the mean alone, rounded as it is beside its interval."""
    return with_unit(language, _beside(language, estimate, estimate.mean), unit)


def format_range(language: Language, estimate: Estimate, low: float, high: float, unit: str = "") -> str:
    """Return `low–high unit`, both rounded like the estimate's mean."""
    return with_unit(language, f"{_beside(language, estimate, low)}–{_beside(language, estimate, high)}", unit)


def interval_decimals(half_width: float) -> int:
    """Return the decimals that leave one significant digit of a half width, two if it starts with 1.

    Negative decimals round to tens, hundreds and so on.
    """
    exponent = math.floor(math.log10(half_width))
    leading = int(half_width / 10**exponent * (1 + 1e-12))  # 0.3 / 0.1 is a little less than 3
    return (1 if leading == 1 else 0) - exponent


def with_unit(language: Language, number: str, unit: str) -> str:
    """Return a number with its unit; the words `unit.<unit>` translate units."""
    return f"{number}{SPACE}{unit_name(language, unit)}" if unit else number


def unit_name(language: Language, unit: str) -> str:
    return language.words.get(f"unit.{unit}", unit)


def format_date(language: Language, iso: str) -> str:
    """Return the day of an ISO 8601 time in words of the language; anything else comes back as it is."""
    from babel import dates

    try:
        return dates.format_date(date.fromisoformat(iso[:10]), format="long", locale=language.locale)
    except ValueError:
        return iso


def format_duration(language: Language, seconds: float) -> str:
    """Return a duration in its two largest units."""
    if seconds < 60:
        return _unit(language, float(f"{seconds:.2g}"), "duration-second")
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{_unit(language, minutes, 'duration-minute')} {_unit(language, rest, 'duration-second')}"
    hours, minutes = divmod(minutes, 60)
    return f"{_unit(language, hours, 'duration-hour')} {_unit(language, minutes, 'duration-minute')}"


def format_bytes(language: Language, count: int) -> str:
    """Return a size in the largest decimal unit that leaves a number from 1."""
    for power, name in ((9, "gigabyte"), (6, "megabyte"), (3, "kilobyte")):
        if count >= 10**power:
            scaled = count / 10**power
            return _unit(language, round(scaled, 1 if scaled < 10 else 0), f"digital-{name}")
    return _unit(language, count, "digital-byte")


def _beside(language: Language, estimate: Estimate, number: float) -> str:
    half_width = estimate.half_width or 0.0
    if half_width <= _NOISE * abs(estimate.mean) or abs(estimate.mean) < _SMALLEST:
        return format_number(language, number)
    return format_number(language, number, interval_decimals(half_width))


def _power(exponent: int) -> str:
    return f"{SPACE}×{SPACE}10{str(exponent).translate(_SUPERSCRIPTS)}"


def _unit(language: Language, number: float, unit: str) -> str:
    from babel import units

    whole = int(number) if float(number).is_integer() else number
    return units.format_unit(whole, unit, length="short", locale=language.locale)


@lru_cache(maxsize=16384)
def _localised(locale: str, number: Decimal, decimals: int) -> str:
    text = _pattern(locale, decimals).apply(abs(number), locale)
    return f"\u2212{text}" if number < 0 else text  # a minus sign, which is as wide as a digit


@lru_cache(maxsize=256)
def _pattern(locale: str, decimals: int) -> NumberPattern:
    """Return the locale's own grouping of digits with so many decimals."""
    from babel import Locale
    from babel.numbers import parse_pattern

    whole = Locale.parse(locale).decimal_formats[None].pattern.partition(".")[0]
    return parse_pattern(f"{whole}.{'0' * decimals}" if decimals else whole)
