"""The filters that a value has: how it is written, in which unit, and single numbers of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import wraps
from typing import Any

from jinja2 import pass_context
from jinja2.filters import do_join
from jinja2.runtime import Context

from bifolio.chapters.claims.tags import PAGE, WITH_CONTEXT
from bifolio.chapters.context.derived import PERCENT, DerivedValue, Detail
from bifolio.chapters.context.names import RecordedReference, describe
from bifolio.chapters.context.page import Page
from bifolio.chapters.context.samples import SampleRow
from bifolio.chapters.macros.values import Markdown, bare, mean, plain, show
from bifolio.claims import Binary, Number
from bifolio.errors import ChapterError, nearest_name
from bifolio.formats.numbers import MOST_DIGITS, format_number

Value = RecordedReference | DerivedValue | Detail
_UNITS: tuple[Mapping[str, str], ...] = (
    {"ns": "0.000000001", "µs": "0.000001", "ms": "0.001", "s": "1", "min": "60", "h": "3600"},
    {"B": "1", "kB": "1000", "MB": "1000000", "GB": "1000000000"},
    {"g": "1", "kg": "1000"},
    {"m": "1", "mm": "0.001", "cm": "0.01", "km": "1000"},
    {"": "1", PERCENT: "0.01"},
)
"""Units of one quantity, each as a multiple of the first that is 1; bytes as SI counts them (BIPM, 2019, table 7)."""


def digits(page: Page, value: object, count: object) -> object:
    """The filter `digits`: so many digits after the point, of a value and its interval or of a bare number."""
    if not isinstance(count, int) or isinstance(count, bool) or not 0 <= count <= MOST_DIGITS:
        expected = f"a whole number from 0 to {MOST_DIGITS}"
        raise ChapterError("no number of digits after the point", found=f"digits({count!r})", expected=expected)
    if isinstance(value, Detail):
        return replace(value, digits=count)
    if isinstance(value, RecordedReference | DerivedValue):
        return replace(_computed(value, "digits"), digits=count)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return Markdown(format_number(page.language, value, count))
    raise ChapterError("the filter `digits` writes numbers", found=describe(value), expected="a value, or a number")


def unit(value: object, name: object) -> DerivedValue:
    """The filter `unit`: a value in another unit of the same quantity, or with a unit where it has none."""
    own = _computed(value, "unit")
    if not isinstance(name, str):
        raise ChapterError("no unit", found=f"unit({name!r})", expected='unit("ms")')
    if own.unit == name:
        return own
    for units in _UNITS:
        if own.unit in units and name in units:
            return _scaled(own, units[own.unit], units[name], name)
    if not own.unit:
        return replace(own, unit=name)
    known = [other for units in _UNITS if own.unit in units for other in units if other != own.unit]
    raise ChapterError(
        "nothing says how this unit becomes that one",
        found=f"{own} in {own.unit}, asked for in {name}",
        expected=", ".join(known) or "a factor: {{ value * 1000 }} keeps interval and evidence, too",
        nearest=nearest_name(name, known),
    )


def percent(value: object) -> DerivedValue:
    """The filter `percent`: a share as a percentage."""
    own = _computed(value, "percent")
    if own.unit:
        raise ChapterError("only a share becomes a percentage", found=f"{own} in {own.unit}", expected="no unit")
    return unit(own, PERCENT)


def seed(value: object, number: object) -> Detail | list[SampleRow]:
    """The filter `seed`: what one seed measured of a value, or the rows of its sample."""
    if not isinstance(number, int) or isinstance(number, bool):
        raise ChapterError("no seed", found=f"seed({number!r})", expected="a whole number, such as seed(0)")
    if isinstance(value, RecordedReference) and value.kind == "sample":
        return [SampleRow(str(value), row) for row in value.sample(number).rows]
    return Detail(_computed(value, "seed"), "seed", number)


def low(value: object) -> Detail:
    """The filter `low`: the lower end of a value's 95 % interval."""
    return Detail(_computed(value, "low"), "low")


def high(value: object) -> Detail:
    """The filter `high`: the upper end of a value's 95 % interval."""
    return Detail(_computed(value, "high"), "high")


def sd(value: object) -> Detail:
    """The filter `sd`: the standard deviation of what the seeds measured."""
    return Detail(_computed(value, "sd"), "sd")


def _computed(value: object, name: str) -> DerivedValue:
    """Return a value as something computed, which it is from then on."""
    if isinstance(value, DerivedValue):
        return value
    own = value.operand() if isinstance(value, RecordedReference) else None
    if own is None or own.page is None:
        found = f"the {value.kind} {value}" if isinstance(value, RecordedReference) else describe(value)
        raise ChapterError(f"the filter `{name}` is for measured values", found=found, expected="a value")
    return DerivedValue(own.page, own.expression, own.unit)


def _scaled(own: DerivedValue, factor: str, divisor: str, name: str) -> DerivedValue:
    """Return a value in a unit of which the old one is factor / divisor; whole factors read best."""
    from decimal import Decimal

    times, over = Decimal(factor) / Decimal(divisor), Decimal(divisor) / Decimal(factor)
    if times >= 1:
        return DerivedValue(own.page, Binary(own.expression, "*", Number(f"{times.normalize():f}")), name, own.digits)
    return DerivedValue(own.page, Binary(own.expression, "/", Number(f"{over.normalize():f}")), name, own.digits)


def _with_page(function: Callable[..., object]) -> Callable[..., object]:
    @wraps(function)
    def called(context: Context, *arguments: object, **named: object) -> object:
        return function(page_of(context), *arguments, **named)

    return called


def page_of(context: Context) -> Page:
    """Return the page that a template writes; raise ChapterError in a macro that was imported without its context."""
    page = context.resolve(PAGE)
    if isinstance(page, Page):
        return page
    raise ChapterError("imported macros know no page", expected=WITH_CONTEXT)


def _join(context: Context, values: Any, d: str = "", attribute: str | int | None = None) -> object:
    """Jinja's `join`, which writes values as they stand in a sentence."""
    listed = list(values)
    if attribute is not None or not any(isinstance(value, Value) for value in listed):
        return do_join(context.eval_ctx, listed, d, attribute)
    return Markdown(str(d).join(show(page_of(context), value) for value in listed))


FILTERS: Mapping[str, Callable[..., object]] = {
    **{"bare": bare, "plain": plain, "mean": mean, "unit": unit, "percent": percent},
    **{"seed": seed, "low": low, "high": high, "sd": sd},
    **{"digits": pass_context(_with_page(digits)), "join": pass_context(_join)},
}
"""The filters that know values, by name."""
OWN = tuple(sorted({*FILTERS} - {"join"}))
"""The names of those that Jinja has no filter for."""
