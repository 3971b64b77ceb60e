"""A measured value in a sentence: its number, its interval and n, as a link to its evidence."""

from __future__ import annotations

from collections.abc import Callable

from bifolio.chapters.card import card
from bifolio.chapters.catalogue import Measurement
from bifolio.chapters.page import Page, anchor, evidence_page
from bifolio.chapters.references import (
    ConfigReference,
    ExperimentReference,
    Recorded,
    Untrusted,
    VariantReference,
    describe,
    expect,
)
from bifolio.errors import UnknownNameError
from bifolio.formats.markdown import escape
from bifolio.formats.numbers import format_estimate, format_mean, format_number


class Markdown(str):
    """Text that is finished Markdown, so that nothing escapes it again."""

    __slots__ = ()


def in_sentence(value: Recorded) -> Markdown:
    """Return a value with its interval and, unless it is exact, n."""
    return _once(expect(value, ["value"], "a sentence"), _with_count)


def bare(value: object) -> Markdown:
    """The filter `bare`: the interval without n."""
    return _once(expect(value, ["value"], "the filter `bare`"), _with_interval)


def plain(value: object) -> Markdown:
    """The filter `plain`: the mean alone, still linked."""
    return _once(expect(value, ["value"], "the filter `plain`"), _alone)


def without_unit(value: Recorded) -> Markdown:
    """Return a value for a table's cell, whose head names the unit."""
    return _once(value, _in_cell)


def mean(value: object) -> float:
    """The filter `mean`: a raw number for arithmetic and conditions."""
    return expect(value, ["value"], "the filter `mean`").measurement.estimate.mean


def show(page: Page, value: object) -> str:
    """Return what `{{ value }}` writes: references resolved, numbers in the language, text escaped where it is data."""
    match value:
        case Recorded(kind="value"):
            return in_sentence(value)
        case Recorded():
            raise UnknownNameError(
                f"a {value.kind} is shown by a macro",
                found=f"{{{{ {value} }}}}",
                expected={"table": "figure(…) or table(…)", "sample": "sample(…)", "image": "image(…)"}[value.kind],
            )
        case ExperimentReference() | VariantReference() | ConfigReference():
            found = describe(value)
            raise UnknownNameError("only what was recorded can be shown", found=found, expected=f"a name after {found}")
        case Untrusted():
            return escape(value)
        case bool() | None:
            return page.say(f"literal.{str(value).lower()}")
        case float():
            return format_number(page.language, value, significant=3)
        case int():
            return format_number(page.language, value)
        case tuple():
            return page.say("literal.separator").join(show(page, item) for item in value)
        case _:
            return str(value)


def _once(value: Recorded, write: Callable[[Page, Recorded, Measurement], str]) -> Markdown:
    """Return what `write` makes of a value; written once for all pages of a folder."""
    page = value.page
    key = (page.language.code, page.folder, value.of, value.name, write)
    written = page.catalogue.written
    if key not in written:
        written[key] = write(page, value, value.measurement)
    return Markdown(written[key])


def _with_interval(page: Page, value: Recorded, measurement: Measurement) -> str:
    return _link(page, value, measurement, format_estimate(page.language, measurement.estimate, _unit(measurement)))


def _with_count(page: Page, value: Recorded, measurement: Measurement) -> str:
    n = "" if measurement.exact else page.say("value.count", count=measurement.estimate.count)
    return _with_interval(page, value, measurement) + n


def _alone(page: Page, value: Recorded, measurement: Measurement) -> str:
    return _link(page, value, measurement, format_mean(page.language, measurement.estimate, _unit(measurement)))


def _in_cell(page: Page, value: Recorded, measurement: Measurement) -> str:
    return _link(page, value, measurement, format_estimate(page.language, measurement.estimate))


def _unit(measurement: Measurement) -> str:
    return escape(measurement.unit)


def _link(page: Page, value: Recorded, measurement: Measurement, text: str) -> str:
    target = page.link(f"{evidence_page(value.of.experiment)}.md")
    classes = ".bf-value .bf-stale" if measurement.stale else ".bf-value"
    return f'[{text}]({target}#{anchor(value.of, value.name)} "{card(page, value, measurement)}"){{{classes}}}'
