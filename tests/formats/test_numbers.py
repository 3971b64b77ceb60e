"""Numbers, dates, durations and sizes as a language writes them."""

from __future__ import annotations

import math
import re
from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal, localcontext
from pathlib import Path

import pytest
from babel.numbers import parse_decimal
from bifolio.errors import ChapterError
from bifolio.formats.dates import format_bytes, format_date, format_duration
from bifolio.formats.language import Language, load_language
from bifolio.formats.numbers import (
    SPACE,
    format_alike,
    format_ends,
    format_estimate,
    format_mean,
    format_number,
    format_range,
    interval_decimals,
)
from bifolio.statistics import Estimate
from hypothesis import example, given
from hypothesis import strategies as st

EN = load_language("en", Path("nowhere"))
ZH = load_language("zh", Path("nowhere"))
DE = Language("de", {"locale": "de_DE", "literal.range": "{low} bis {high}"}, "words.de.toml")


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
        (1.8623e11, 7.3e9, "(1.86 ± 0.07) × 10¹¹ %"),
        (-1.8623e11, 1.3e9, "(−1.862 ± 0.013) × 10¹¹ %"),
        (1.75e11, 0.0, "1.75 × 10¹¹ %"),
        (12_070_000.4, 21_000.0, "(1.207 ± 0.002) × 10⁷ %"),
        (9_999_999.9, 123_456.0, "(1.000 ± 0.012) × 10⁷ %"),
        (134_515_008.25, 3.2, "134,515,008 ± 3 %"),  # all its digits are known
        (1e300, 1e299, "(1.00 ± 0.10) × 10³⁰⁰ %"),
        (5e-324, 5e-324, "(5 ± 5) × 10⁻³²⁴ %"),
        (1.7e308, math.inf, "1.7 × 10³⁰⁸ ± ∞ %"),
        (10**24, None, "10²⁴ %"),
        (1797.0, None, "1,797 %"),
        (0.123456, None, "0.1235 %"),
    ],
)
def test_an_estimate_is_rounded_to_its_interval(mean: float, half_width: float | None, expected: str) -> None:
    assert plain(format_estimate(EN, estimate(mean, half_width), "%")) == expected


@pytest.mark.parametrize(
    ("mean", "ends", "expected"),
    [
        (97.2, (94.3, 98.9), "97 (94–99) %"),
        (99.7, (98.9, 99.92), "99.7 (98.9–99.9) %"),
        (0.014, (0.004, 0.05), "0.01 (0.00–0.05) %"),
        (2.5e-7, (1e-7, 6e-7), "(2, 1–6) × 10⁻⁷ %"),
        (3.0, (1.0, math.inf), "3 (1–∞) %"),
    ],
)
def test_an_interval_that_stays_in_a_range_has_no_plus_or_minus(
    mean: float, ends: tuple[float, float], expected: str
) -> None:
    found = Estimate(mean, 1.0, 5, mean, mean + 1, ends)
    assert plain(format_estimate(EN, found, "%")) == expected


def test_numbers_follow_the_language() -> None:
    assert plain(format_estimate(DE, estimate(1234.56, 1.9), "s")) == "1.234,6 ± 1,9 s"
    assert plain(format_estimate(ZH, estimate(1234.56, 1.9), "s")) == "1,234.6 ± 1.9 秒"
    assert format_mean(EN, estimate(97.23456, 0.5678)) == "97.2"
    assert plain(format_range(EN, estimate(97.23456, 0.5678), 96.6, 97.8, "%")) == "96.6–97.8 %"
    assert [plain(format_ends(EN, low, "1")) for low in ("0", "−1")] == ["0–1", "−1 to 1"]


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
        (-0.0, None, "0"),
        (0.000099999, None, "0.0001"),
        (1e-5, None, "10⁻⁵"),
        (9_999_999.9, None, "1 × 10⁷"),
        (1.75e11, None, "1.75 × 10¹¹"),
        (134_515_008, None, "134,515,008"),
        (134_515_008.0, None, "134,515,008"),
        (175_000_000_000, None, "175,000,000,000"),
        (10**24, None, "10²⁴"),
        (-(10**24), None, "−10²⁴"),
        (10**24 + 1, None, "1 × 10²⁴"),
        (1e16 + 1, None, "10¹⁶"),
        (1e30, None, "10³⁰"),
        (1e30, 2, "1.00 × 10³⁰"),
        (5e-324, None, "5 × 10⁻³²⁴"),
        (1.7976931348623157e308, None, "1.798 × 10³⁰⁸"),
        (10**399 * 7, None, "7 × 10³⁹⁹"),
        (math.inf, None, "∞"),
        (-math.inf, 2, "−∞"),
    ],
)
def test_numbers_without_an_interval(number: float, decimals: int | None, expected: str) -> None:
    assert plain(format_number(EN, number, decimals)) == expected


@given(st.floats(1e-9, 1e9))
def test_a_half_width_keeps_one_or_two_digits(half_width: float) -> None:
    digits = f"{round(half_width, interval_decimals(half_width)):e}".partition("e")[0].replace(".", "").rstrip("0")
    assert 1 <= len(digits) <= 2
    assert round(half_width, interval_decimals(half_width)) == pytest.approx(half_width, rel=0.34)


@pytest.mark.parametrize("number", [math.nan, True, "1", None])
def test_what_is_no_number_is_refused(number: float) -> None:
    with pytest.raises(ChapterError, match="only numbers are shown as numbers"):
        format_number(EN, number)
    with pytest.raises(ChapterError, match="more digits after the point than are shown"):
        format_number(EN, 0.5, 31)


def test_powers_of_ten_follow_the_language() -> None:
    assert plain(format_estimate(DE, estimate(1.8623e11, 7.3e9), "s")) == "(1,86 ± 0,07) × 10¹¹ s"
    assert plain(format_estimate(ZH, estimate(1.8623e11, 7.3e9), "s")) == "(1.86 ± 0.07) × 10¹¹ 秒"
    assert plain(format_range(EN, estimate(1.8623e11, 7.3e9), 1.79e11, 1.935e11, "s")) == "(1.79–1.94) × 10¹¹ s"
    assert plain(format_range(EN, estimate(2.5e-7, 3e-8), 2.2e-7, 2.8e-7)) == "(2.2–2.8) × 10⁻⁷"
    assert plain(format_mean(EN, estimate(1.8623e11, 7.3e9))) == "1.86 × 10¹¹"
    told = format_alike(EN, (1.8623e11, 1.79e11, 1.935e11), 7.3e9, digits=1)
    assert [plain(one) for one in told] == ["1.862 × 10¹¹", "1.790 × 10¹¹", "1.935 × 10¹¹"]
    assert format_alike(EN, (1e308, -math.inf, math.inf), math.inf)[1:] == ["−∞", "∞"]


def read_back(text: str, language: Language) -> Decimal:
    """Return the number that a reader of the language reads."""
    mantissa, power, exponent = text.rpartition("10") if re.search(r"10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]", text) else (text, "", "")
    mantissa = mantissa.removesuffix(f"{SPACE}×{SPACE}").replace("\u2212", "-")
    number = Decimal(f"{mantissa}1") if power and mantissa in ("", "-") else None
    if number is None:
        number = parse_decimal(mantissa, locale=language.locale, strict=True)
    return number.scaleb(int(exponent.translate(str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")) or 0), WIDE)


WIDE = Context(prec=2000, Emax=MAX_EMAX, Emin=MIN_EMIN)
floats = st.floats(allow_nan=False, allow_infinity=False)
integers = st.integers(-(10**400), 10**400)
languages = st.sampled_from([EN, ZH, DE])


@example(0.000099999, EN, 4)
@example(999999.96, EN, 4)
@example(9.9999e-324, EN, 2)
@given(floats | integers, languages, st.integers(2, 6))
def test_what_is_read_is_what_was_measured(number: float, language: Language, significant: int) -> None:
    with localcontext(WIDE):
        shown, exact = read_back(format_number(language, number, significant=significant), language), Decimal(number)
        precision = Decimal(10) ** (1 - significant) / 2 * Decimal("1.01") * abs(exact)
        assert abs(shown - exact) <= max(precision, Decimal("1e-323"))  # no float has many digits down there


@given(st.integers(1 - 10**15, 10**15), languages)
def test_whole_numbers_are_shown_whole(number: int, language: Language) -> None:
    assert read_back(format_number(language, number), language) == number
    assert read_back(format_number(language, float(number)), language) == number


@given(floats | st.integers(-(10**308), 10**308), st.floats(0), languages)
def test_any_interval_can_be_written(mean: float, half_width: float, language: Language) -> None:
    found = estimate(mean, half_width)
    texts = [format_mean(language, found), *format_alike(language, [mean, 0.0, half_width], half_width, digits=1)]
    texts.append(format_estimate(language, found, "%"))
    if abs(mean) < 1e308:
        texts.append(format_range(language, found, mean - half_width, mean + half_width, "%"))
    assert max(map(len, texts)) < 80


@given(st.floats(1e-3, 1e12), st.floats(1e-3, 1e12), languages)
def test_mean_and_half_width_are_rounded_alike(mean: float, half_width: float, language: Language) -> None:
    sides = format_estimate(language, estimate(mean, half_width)).split(f"{SPACE}±{SPACE}")
    if half_width <= 1e-12 * mean:
        return
    unit = Decimal(10) ** -interval_decimals(half_width)
    if "10" in sides[1] and SPACE in sides[1]:  # (1.86 ± 0.07) × 10¹¹
        power = sides[1].partition(f"){SPACE}")[2]
        sides = [sides[0].lstrip("(") + f"{SPACE}{power}", sides[1].replace(")", "")]
    for shown, exact in zip(sides, (mean, half_width), strict=True):
        assert abs(read_back(shown, language) - Decimal(exact)) <= unit / 2 * Decimal("1.01")
        assert read_back(shown, language) % unit == 0


def test_dates_durations_and_sizes() -> None:
    assert format_date(ZH, "2026-11-22T01:02:03Z") == "2026年11月22日"
    assert format_date(EN, "2026-11-22T01:02:03Z") == "November 22, 2026"
    with pytest.raises(ChapterError, match="only days are shown as dates"):
        format_date(EN, "<b>")
    assert [format_duration(EN, seconds) for seconds in (0.042, 4.21, 42.3, 252, 7260)] == [
        "0.042 sec",
        "4.2 sec",
        "42 sec",
        "4 min 12 sec",
        "2 hr 1 min",
    ]
    assert [format_bytes(EN, size) for size in (12, 18_400_000, 1_250_000_000)] == ["12 byte", "18 MB", "1.2 GB"]


def test_a_word_stands_between_numbers_with_a_sign() -> None:
    for ends, english, chinese in (((-6.2, -1.4), "−6 to −1", "−6 至 −1"), ((1.4, 6.2), "1–6", "1–6")):
        found = Estimate(sum(ends) / 2, 2.4, 8, *ends, ends)
        assert format_range(EN, found, *ends) == english and format_range(ZH, found, *ends) == chinese
        assert format_estimate(EN, found) == f"{'−' if ends[0] < 0 else ''}4 ({english})"
