"""A computed number in a sentence: its interval, a card that says what it is computed from, a link to the evidence."""

from __future__ import annotations

from functools import partial
from typing import Literal

from bifolio.chapters.context.derived import DerivedValue
from bifolio.chapters.context.names import RecordedReference
from bifolio.chapters.context.operands import named, quantity
from bifolio.chapters.context.page import Page, anchor, evidence_page
from bifolio.chapters.macros.card import in_rows
from bifolio.claims import Computed, compute_over_seeds, names_in
from bifolio.errors import ConditionError, UnknownNameError
from bifolio.formats.numbers import format_estimate, format_mean, format_range
from bifolio.markdown.escaping import escape

Form = Literal["count", "interval", "mean", "cell"]
"""How much is shown: the interval with n, the interval, the mean, the interval without the unit."""


def computed(value: DerivedValue) -> Computed:
    """Return what a computation comes to over the seeds; raise UnknownNameError where it comes to nothing."""
    try:
        return compute_over_seeds(value.expression, partial(quantity, value.page))
    except ConditionError as error:
        raise UnknownNameError(error.problem, found=error.found, expected=error.expected) from None


def sources(value: DerivedValue) -> list[RecordedReference]:
    """Return the measured values that a computation names, in the order of reading."""
    found = (named(value.page, name) for name in names_in(value.expression))
    return [one for one in found if isinstance(one, RecordedReference)]


def derived(value: DerivedValue, form: Form) -> str:
    """Return a computed number as Markdown, with a link to the evidence of the first value that it names."""
    page, found = value.page, computed(value)
    unit = "" if form == "cell" else escape(value.unit)
    write = format_mean if form == "mean" else format_estimate
    text = write(page.language, found.estimate, unit)
    named_ones = sources(value)
    is_stale = any(page.catalogue.stale(one.of) for one in named_ones)
    first = named_ones[0]
    target = f"{page.link(f'{evidence_page(first.of.experiment)}.md')}#{anchor(first.of, first.name)}"
    classes = ".bf-value .bf-stale" if is_stale else ".bf-value"
    link = f'[{text}]({target} "{_card(page, value, found, is_stale)}"){{{classes}}}'
    if form == "count" and found.method != "exact":
        link += page.say("value.count", count=page.say("claim.and").join(map(str, found.seeds)))
    return link


def _card(page: Page, value: DerivedValue, found: Computed, is_stale: bool) -> str:
    """Return, fit for a title, what was computed, from how many seeds and how compared."""
    mean = format_mean(page.language, found.estimate, value.unit)
    told = page.say("card.exact", value=mean)
    if found.estimate.width is not None:
        ends = format_range(page.language, found.estimate, found.estimate.low, found.estimate.high, value.unit)
        told = page.say("card.interval", mean=mean, range=ends)
    rows = [str(value), page.say("card.row", label=page.say("card.mean"), text=told)]
    if found.method != "exact":
        rows.append(page.say(f"claim.{found.method}", counts=page.say("claim.and").join(map(str, found.seeds))))
    state = page.say("state.stale" if is_stale else "state.fresh")
    return in_rows([*rows, page.say("card.row", label=page.say("card.evidence"), text=state)])
