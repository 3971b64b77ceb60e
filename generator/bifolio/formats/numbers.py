"""Numbers, intervals and units as a language writes them: with `dates`, the only place that rounds."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import MAX_EMAX, MIN_EMIN, ROUND_HALF_EVEN, Context, Decimal, localcontext
from functools import lru_cache
from typing import TYPE_CHECKING

from bifolio.errors import ChapterError
from bifolio.formats.language import Language
from bifolio.statistics import Estimate

if TYPE_CHECKING:
    from babel.numbers import NumberPattern

SPACE = "\u00a0"
"""Between a number and its unit, and around `±`: the line never breaks there."""
_NOISE = 1e-12
"""A half width below this share of the mean is the rounding of a sum, no spread."""
_PLAIN = range(-4, 7)
"""Where the first digit stands of numbers that are written without a power of ten: from 0.0001 to just below 10⁷.

Beyond, every language gets the power of ten that its sciences write: with 亿 in one edition and “billion” in another,
the same number would have other digits in each.
"""
_COUNTED = 15
"""Whole numbers of so many digits keep them all: a count is exact, and a float still tells it from its neighbours."""
_SHORT = 5
"""A mean of so many known digits gets a power of ten in the place of the zeros behind them; a longer one keeps them."""
MOST_DIGITS = 30
_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_WIDE = Context(prec=2000, rounding=ROUND_HALF_EVEN, Emax=MAX_EMAX, Emin=MIN_EMIN)
"""Holds all digits of every float."""


@dataclass(frozen=True)
class _Form:
    """How a number, or several beside each other, are written: decimals, and the power of ten behind them."""

    power: int
    decimals: int


def format_number(language: Language, number: float, decimals: int | None = None, *, significant: int = 4) -> str:
    """Return a number with fixed decimals, or with up to `significant` digits and all before the point.

    Whole numbers below 10¹⁵ are never rounded. Raises ChapterError for what is no number, or too many decimals.
    """
    return _alone(language.locale, number, decimals, significant)


@lru_cache(maxsize=16384, typed=True)  # lists count, tables repeat; 1 and 1.0 are not written alike
def _alone(locale: str, number: float, decimals: int | None, significant: int) -> str:
    if isinstance(number, float) and math.isinf(number):
        return "∞" if number > 0 else "\u2212∞"
    exact = _exact(number)
    if decimals is None:
        return _written(locale, _number_form(exact, significant, isinstance(number, int)), exact)
    if decimals > MOST_DIGITS:
        raise ChapterError(
            "more digits after the point than are shown", found=decimals, expected=f"{MOST_DIGITS} at most"
        )
    return _written(locale, _Form(exact.adjusted() if exact.adjusted() >= _COUNTED else 0, decimals), exact)


def format_estimate(language: Language, estimate: Estimate, unit: str = "", digits: int | None = None) -> str:
    """Return `mean ± half width unit`, rounded to the half width; without an interval the mean alone.

    An interval that stays in a range is no ±: it is written `mean (low–high) unit`. `digits` fixes how many digits
    stand after the point.
    """
    mean, half_width = estimate.mean, estimate.half_width
    if estimate.ends:
        text = _between(language, estimate, digits)
    elif half_width is None or estimate.unvaried:
        text = format_number(language, mean, digits)
    elif math.isinf(half_width):
        text = f"{format_number(language, mean, digits)}{SPACE}±{SPACE}∞"
    else:
        texts, ten = _sides(language.locale, _form_of(estimate, digits), mean, half_width)
        text = f"{SPACE}±{SPACE}".join((texts[0], "0" if _is_noise(mean, half_width) else texts[1]))
        text = f"({text}){ten}" if ten else text
    return with_unit(language, text, unit)


def format_mean(language: Language, estimate: Estimate, unit: str = "", digits: int | None = None) -> str:
    """Return the mean alone, rounded as it is beside its interval, or to so many digits after the point."""
    if digits is not None:
        return with_unit(language, format_number(language, estimate.mean, digits), unit)
    return with_unit(language, format_alike(language, [estimate.mean], estimate.width or 0.0)[0], unit)


def format_range(language: Language, estimate: Estimate, low: float, high: float, unit: str = "") -> str:
    """Return `low–high unit`, both rounded like the estimate's mean; a word stands between numbers with a sign."""
    if math.isinf(high - low):
        return with_unit(language, format_ends(language, *(format_number(language, end) for end in (low, high))), unit)
    texts, ten = _sides(language.locale, _estimate_form(estimate.mean, estimate.width or 0.0), low, high)
    ends = format_ends(language, *texts)
    return with_unit(language, f"({ends}){ten}" if ten else ends, unit)


def _between(language: Language, estimate: Estimate, digits: int | None) -> str:
    low, high = estimate.low, estimate.high
    if math.isinf(high - low):
        return f"{format_number(language, estimate.mean, digits)} ({format_range(language, estimate, low, high)})"
    (mean, *ends), ten = _sides(language.locale, _form_of(estimate, digits), estimate.mean, low, high)
    return f"({mean}, {format_ends(language, *ends)}){ten}" if ten else f"{mean} ({format_ends(language, *ends)})"


def _form_of(estimate: Estimate, digits: int | None) -> _Form:
    return _estimate_form(estimate.mean, estimate.width or 0.0) if digits is None else _Form(0, digits)


def format_ends(language: Language, low: str, high: str) -> str:
    """Return two ends with a dash, or, where one has a minus that would run into it, with a word."""
    return language.say("literal.range", low=low, high=high) if "\u2212" in low + high else f"{low}–{high}"


def format_alike(language: Language, numbers: Sequence[float], half_width: float, digits: int = 0) -> list[str]:
    """Return numbers rounded as the first one is beside a half width, with so many digits more."""
    if math.isinf(half_width) or any(map(math.isinf, numbers)):
        return [format_number(language, number) for number in numbers]
    form = _estimate_form(numbers[0], half_width, digits)
    return [_written(language.locale, form, _exact(number)) for number in numbers]


def interval_decimals(half_width: float) -> int:
    """Return the decimals that leave one significant digit of a half width, two if it starts with 1.

    Negative decimals round to tens, hundreds and so on.
    """
    rounded = _rounded(_exact(half_width), 11 - _exact(half_width).adjusted())  # 0.1 + 0.2 starts with 3
    return (1 if rounded.as_tuple().digits[0] == 1 else 0) - rounded.adjusted()


def with_unit(language: Language, number: str, unit: str) -> str:
    """Return a number with its unit; the words `unit.<unit>` translate units."""
    return f"{number}{SPACE}{unit_name(language, unit)}" if unit else number


def unit_name(language: Language, unit: str) -> str:
    return language.words.get(f"unit.{unit}", unit)


def _exact(number: float) -> Decimal:
    """Return a number with the digits that Python writes of it; raise ChapterError for what is no finite number."""
    if isinstance(number, bool) or not isinstance(number, (int, float)) or number != number:
        raise ChapterError("only numbers are shown as numbers", found=repr(number), expected="a float or an int")
    return Decimal(number if isinstance(number, int) else repr(float(number)))


def _number_form(exact: Decimal, significant: int, counted: bool) -> _Form:
    """Return the form of a number alone; a whole one that is no count may still be what few digits write."""
    rounded = _rounded(exact, significant - 1 - exact.adjusted())
    power = 0 if rounded.adjusted() in _PLAIN else rounded.adjusted()
    whole = exact.adjusted() < _COUNTED and exact == exact.to_integral_value()
    if whole and (counted or not power or rounded != exact):
        return _Form(0, 0)
    if not power:
        rounded = _rounded(exact, max(0, significant - 1 - exact.adjusted()))
    exponent = rounded.normalize(_WIDE).as_tuple().exponent
    assert isinstance(exponent, int)
    return _Form(power, max(0, power - exponent))


def _estimate_form(mean: float, half_width: float, digits: int = 0) -> _Form:
    """Return the form of a mean beside its half width, in which `digits` more are shown of both."""
    if _is_noise(mean, half_width):
        return _number_form(_exact(mean), 4, isinstance(mean, int))
    decimals = interval_decimals(half_width) + digits
    largest = max(_rounded(abs(_exact(number)), decimals) for number in (mean, half_width)).adjusted()
    short = largest + 1 + decimals <= _SHORT or largest >= _COUNTED
    power = largest if largest < _PLAIN.start or (largest >= _PLAIN.stop and short) else 0
    return _Form(power, decimals + power)


def _is_noise(mean: float, half_width: float) -> bool:
    return half_width <= _NOISE * abs(mean)


def _written(locale: str, form: _Form, number: Decimal) -> str:
    """Return a number in a form; a whole power of ten is written without the 1 before it."""
    (text,), ten = _sides(locale, form, number)
    is_power = ten and abs(number) == Decimal(1).scaleb(form.power, _WIDE) and not form.decimals
    return text.replace("1", ten.lstrip(f"{SPACE}×")) if is_power else text + ten


def _sides(locale: str, form: _Form, *numbers: float | Decimal) -> tuple[list[str], str]:
    """Return numbers beside each other as they are written in one form, and the power of ten behind them all."""
    exact = (number if isinstance(number, Decimal) else _exact(number) for number in numbers)
    rounded = (_rounded(number.scaleb(-form.power, _WIDE), form.decimals) for number in exact)
    texts = [_localised(locale, number, max(0, form.decimals)) for number in rounded]
    return texts, f"{SPACE}×{SPACE}10{str(form.power).translate(_SUPERSCRIPTS)}" if form.power else ""


def _rounded(number: Decimal, decimals: int) -> Decimal:
    return number.quantize(Decimal(1).scaleb(-decimals, _WIDE), context=_WIDE)


@lru_cache(maxsize=16384)
def _localised(locale: str, number: Decimal, decimals: int) -> str:
    with localcontext(_WIDE):
        text = _pattern(locale, decimals).apply(abs(number), locale)
    return f"\u2212{text}" if number < 0 else text  # a minus sign, which is as wide as a digit


@lru_cache(maxsize=256)
def _pattern(locale: str, decimals: int) -> NumberPattern:
    """Return the locale's own grouping of digits with so many decimals."""
    from babel import Locale
    from babel.numbers import parse_pattern

    whole = Locale.parse(locale).decimal_formats[None].pattern.partition(".")[0]
    return parse_pattern(f"{whole}.{'0' * decimals}" if decimals else whole)
