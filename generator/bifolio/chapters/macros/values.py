"""What runs found, in a sentence: a value with its interval and n, a choice with how often; links to the evidence."""

from __future__ import annotations

from collections.abc import Callable
from weakref import WeakKeyDictionary

from bifolio.chapters.context.catalogue import Catalogue
from bifolio.chapters.context.derived import DerivedValue, Detail
from bifolio.chapters.context.names import (
    ConfigReference,
    ExperimentReference,
    RecordedReference,
    VariantReference,
    describe,
    expect,
)
from bifolio.chapters.context.page import Page, anchor, evidence_page, section_anchor
from bifolio.chapters.context.samples import Untrusted
from bifolio.chapters.macros.card import card
from bifolio.chapters.macros.derived import computed, derived, detail
from bifolio.errors import UnknownNameError
from bifolio.formats.numbers import format_estimate, format_mean, format_number
from bifolio.markdown.escaping import escape
from bifolio.results.measurement import Measurement

_WRITTEN: WeakKeyDictionary[Catalogue, dict[tuple[object, ...], str]] = WeakKeyDictionary()
"""What was made of the values of a catalogue, by all that decides it."""


class Markdown(str):
    """Text that is finished Markdown, so that nothing escapes it again."""

    __slots__ = ()


def in_sentence(value: RecordedReference | DerivedValue | Detail) -> Markdown:
    """Return a value with its interval and, unless it is exact, n."""
    if isinstance(value, Detail):
        return Markdown(detail(value))
    if isinstance(value, DerivedValue):
        return Markdown(derived(value, "count"))
    return _once(expect(value, ["value"], "a sentence"), _with_count)


def bare(value: object) -> Markdown:
    """The filter `bare`: the interval without n."""
    if isinstance(value, Detail):
        return Markdown(detail(value))
    if isinstance(value, DerivedValue):
        return Markdown(derived(value, "interval"))
    return _once(expect(value, ["value"], "the filter `bare`"), _with_interval)


def plain(value: object) -> Markdown:
    """The filter `plain`: the mean alone, still linked."""
    if isinstance(value, Detail):
        return Markdown(detail(value))
    if isinstance(value, DerivedValue):
        return Markdown(derived(value, "mean"))
    return _once(expect(value, ["value"], "the filter `plain`"), _alone)


def without_unit(value: RecordedReference | DerivedValue | Detail) -> Markdown:
    """Return a value for a table's cell, whose head names the unit."""
    if isinstance(value, Detail):
        return Markdown(detail(value, unit=False))
    if isinstance(value, DerivedValue):
        return Markdown(derived(value, "cell"))
    return _once(value, _in_cell)


def mean(value: object) -> float:
    """The filter `mean`: a raw number for arithmetic and conditions."""
    if isinstance(value, DerivedValue):
        return computed(value).estimate.mean
    return expect(value, ["value"], "the filter `mean`").measurement.estimate.mean


def show(page: Page, value: object) -> str:
    """Return what `{{ value }}` writes: references resolved, numbers in the language, text escaped where it is data."""
    match value:
        case RecordedReference(kind="value") | DerivedValue() | Detail():
            return in_sentence(value)
        case RecordedReference(kind="choice"):
            return _most_chosen(page, value)
        case RecordedReference():
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


def how_often(page: Page, value: RecordedReference) -> str:
    """Return every setting that was chosen, with how many seeds chose it."""
    counts = (
        page.say("value.times", setting=_setting(page, setting), count=count) for setting, count in value.chosen()
    )
    return page.say("literal.separator").join(counts)


def _most_chosen(page: Page, value: RecordedReference) -> str:
    """Return the setting that most seeds chose, or all that share the first place, and how many of them did."""
    chosen = value.chosen()
    most, total = chosen[0][1], sum(count for _, count in chosen)
    first = [_setting(page, setting) for setting, count in chosen if count == most]
    link = _to_evidence(page, value, page.say("literal.separator").join(first), bool(page.catalogue.stale(value.of)))
    if most == total:
        return link
    return link + page.say("value.chosen" if len(first) == 1 else "value.chosen_each", count=most, total=total)


def _setting(page: Page, setting: object) -> str:
    """Return a setting as readers see it; texts in it are data."""
    if isinstance(setting, tuple):
        return page.say("literal.separator").join(_setting(page, item) for item in setting)
    return show(page, Untrusted(setting) if isinstance(setting, str) else setting)


def _once(value: RecordedReference, write: Callable[[Page, RecordedReference, Measurement], str]) -> Markdown:
    """Return what `write` makes of a value; written once for all pages of a folder."""
    page = value.page
    if value.lost:
        return Markdown(lost_words(page, value, linked=True))
    key = (page.language.code, page.folder, value.of, str(value), write)
    written = _WRITTEN.get(page.catalogue) or _WRITTEN.setdefault(page.catalogue, {})
    if key not in written:
        written[key] = write(page, value, value.measurement)
    return Markdown(written[key])


def _with_interval(page: Page, value: RecordedReference, measurement: Measurement) -> str:
    return _link(page, value, measurement, format_estimate(page.language, measurement.estimate, _unit(measurement)))


def _with_count(page: Page, value: RecordedReference, measurement: Measurement) -> str:
    count, diverged, runs = measurement.estimate.count, measurement.diverged, measurement.runs
    n = "" if measurement.exact else page.say("value.count", count=count)
    if is_unvaried(value):
        n = page.say("value.unvaried", count=count)
    elif measurement.estimate.unvaried:
        n = ""
    if diverged:
        n = page.say("value.count_diverged", count=count, diverged=diverged, total=runs)
    return _with_interval(page, value, measurement) + n


def is_unvaried(value: RecordedReference) -> bool:
    """Tell whether all seeds measured the same; of a whole number, of steps or parameters, only the card says it."""
    found = value.measurement
    is_size = isinstance(next(iter(value.numbers().values())), int) and not found.of
    return found.estimate.unvaried and not is_size


def lost_words(page: Page, value: RecordedReference, *, linked: bool = False) -> str:
    """Return, in the place of a number that no run recorded, that they diverged, with a link to their evidence."""
    diverged, runs = page.catalogue.diverged(value.of)
    text = page.say("value.diverged", count=diverged, total=runs)
    target = page.link(f"{evidence_page(value.of.experiment)}.md")
    return f"[{text}]({target}#{section_anchor(value.of, 'values')}){{.bf-value}}" if linked else text


def _alone(page: Page, value: RecordedReference, measurement: Measurement) -> str:
    return _link(page, value, measurement, format_mean(page.language, measurement.estimate, _unit(measurement)))


def _in_cell(page: Page, value: RecordedReference, measurement: Measurement) -> str:
    return _link(page, value, measurement, format_estimate(page.language, measurement.estimate))


def _unit(measurement: Measurement) -> str:
    return escape(measurement.unit)


def _link(page: Page, value: RecordedReference, measurement: Measurement, text: str) -> str:
    return _to_evidence(page, value, text, bool(measurement.stale), f' "{card(page, value, measurement)}"')


def _to_evidence(page: Page, value: RecordedReference, text: str, stale: bool, title: str = "") -> str:
    target = page.link(f"{evidence_page(value.of.experiment)}.md")
    classes = ".bf-value .bf-stale" if stale else ".bf-value"
    return f"[{text}]({target}#{anchor(value.of, value.name)}{title}){{{classes}}}"
