"""Numbers, dates, durations and sizes as a language writes them."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from babel.numbers import parse_decimal
from bifolio.formats.language import Language, load_language
from bifolio.formats.numbers import (
    SPACE,
    format_bytes,
    format_date,
    format_duration,
    format_estimate,
    format_mean,
    format_number,
    format_range,
    interval_decimals,
)
from bifolio.statistics import Estimate
from hypothesis import given
from hypothesis import strategies as st

EN = load_language("en", Path("nowhere"))
ZH = load_language("zh", Path("nowhere"))
DE = Language("de", {"locale": "de_DE"}, "words.de.toml")


def plain(text: str) -> str:
    """Write ordinary spaces, so that expectations can be read."""
    return text.replace("\u00a0", " ")


def estimate(mean: float, half_width: float | None, count: int = 5) -> Estimate:
    return Estimate(mean, half_width, count, mean, mean)


@pytest.mark.parametrize(
    ("mean", "half_width", "expected"),
    [
        (97.23456, 0.5678, "97.2 ± 0.6 %"),
        (97.23456, 0.1234, "97.23 ± 0.12 %"),
        (97.23456, 0.096, "97.23 ± 0.10 %"),
        (1840.4, 120.9, "1,840 ± 120 %"),
        (1840.4, 35.0, "1,840 ± 40 %"),
        (0.3, 0.3, "0.3 ± 0.3 %"),
        (-0.04, 0.3, "0.0 ± 0.3 %"),
        (-2.5, 0.3, "−2.5 ± 0.3 %"),
        (2.5e-7, 3e-8, "(2.5 ± 0.3) × 10⁻⁷ %"),
        (44.44444444, 2e-14, "44.44 ± 0 %"),
        (1797.0, None, "1,797 %"),
        (0.123456, None, "0.1235 %"),
    ],
)
def test_an_estimate_is_rounded_to_its_interval(mean: float, half_width: float | None, expected: str) -> None:
    assert plain(format_estimate(EN, estimate(mean, half_width), "%")) == expected


def test_numbers_follow_the_language() -> None:
    assert plain(format_estimate(DE, estimate(1234.56, 1.9), "s")) == "1.234,6 ± 1,9 s"
    assert plain(format_estimate(ZH, estimate(1234.56, 1.9), "s")) == "1,234.6 ± 1.9 秒"
    assert format_mean(EN, estimate(97.23456, 0.5678)) == "97.2"
    assert plain(format_range(EN, estimate(97.23456, 0.5678), 96.6, 97.8, "%")) == "96.6–97.8 %"


@pytest.mark.parametrize(
    ("number", "decimals", "expected"),
    [
        (0.05, None, "0.05"),
        (12345.678, None, "12,346"),
        (3.0, None, "3"),
        (2.34567, None, "2.346"),
        (0.00001234, None, "1.234 × 10⁻⁵"),
        (2.34567, 1, "2.3"),
        (-1234567, None, "−1,234,567"),
        (0, None, "0"),
    ],
)
def test_numbers_without_an_interval(number: float, decimals: int | None, expected: str) -> None:
    assert plain(format_number(EN, number, decimals)) == expected


@given(st.floats(1e-9, 1e9))
def test_a_half_width_keeps_one_or_two_digits(half_width: float) -> None:
    digits = f"{round(half_width, interval_decimals(half_width)):e}".partition("e")[0].replace(".", "").rstrip("0")
    assert 1 <= len(digits) <= 2
    assert round(half_width, interval_decimals(half_width)) == pytest.approx(half_width, rel=0.34)


def read_back(text: str, language: Language) -> Decimal:
    """Return the number that a reader of the language reads."""
    mantissa, _, exponent = text.partition(f"{SPACE}×{SPACE}10")
    number = parse_decimal(mantissa.replace("\u2212", "-"), locale=language.locale, strict=True)
    return number * Decimal(10) ** int(exponent.translate(str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")) or 0)


numbers = st.floats(-1e15, 1e15, allow_nan=False).filter(lambda number: number == 0 or abs(number) > 1e-300)
languages = st.sampled_from([EN, ZH, DE])


@given(numbers, languages, st.integers(2, 6))
def test_what_is_read_is_what_was_measured(number: float, language: Language, significant: int) -> None:
    shown = read_back(format_number(language, number, significant=significant), language)
    assert abs(shown - Decimal(number)) <= abs(Decimal(number)) * Decimal(10) ** (1 - significant) / 2 * Decimal("1.01")


@given(st.integers(-(10**15), 10**15), languages)
def test_whole_numbers_are_shown_whole(number: int, language: Language) -> None:
    assert read_back(format_number(language, number), language) == number


@given(st.floats(1e-3, 1e6), st.floats(1e-3, 1e6), languages)
def test_mean_and_half_width_are_rounded_alike(mean: float, half_width: float, language: Language) -> None:
    sides = format_estimate(language, estimate(mean, half_width)).split(f"{SPACE}±{SPACE}")
    if half_width <= 1e-12 * mean:
        return
    unit = Decimal(10) ** -interval_decimals(half_width)
    for shown, exact in zip(sides, (mean, half_width), strict=True):
        assert abs(read_back(shown, language) - Decimal(exact)) <= unit / 2 * Decimal("1.01")
        assert read_back(shown, language) % unit == 0


def test_dates_durations_and_sizes() -> None:
    assert format_date(ZH, "2026-11-22T01:02:03Z") == "2026年11月22日"
    assert format_date(EN, "2026-11-22T01:02:03Z") == "November 22, 2026"
    assert format_date(EN, "<b>") == "<b>"
    assert [format_duration(EN, seconds) for seconds in (0.042, 4.21, 42.3, 252, 7260)] == [
        "0.042 sec",
        "4.2 sec",
        "42 sec",
        "4 min 12 sec",
        "2 hr 1 min",
    ]
    assert [format_bytes(EN, size) for size in (12, 18_400_000, 1_250_000_000)] == ["12 byte", "18 MB", "1.2 GB"]
