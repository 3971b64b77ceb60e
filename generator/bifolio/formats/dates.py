"""Days, durations and sizes as a language writes them."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from bifolio.errors import ChapterError
from bifolio.formats.language import Language


def format_date(language: Language, iso: str) -> str:
    """Return the day of an ISO 8601 time in words of the language; raise ChapterError for what is none."""
    try:
        return _day(language.locale, date.fromisoformat(iso[:10]))
    except ValueError:
        raise ChapterError("only days are shown as dates", found=iso, expected="2026-11-29") from None


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


def _unit(language: Language, number: float, unit: str) -> str:
    from babel import units

    whole = int(number) if float(number).is_integer() else number
    return units.format_unit(whole, unit, length="short", locale=language.locale)


@lru_cache(maxsize=256)
def _day(locale: str, day: date) -> str:
    from babel import dates

    return dates.format_date(day, format="long", locale=locale)
