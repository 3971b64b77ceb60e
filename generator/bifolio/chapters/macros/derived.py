"""A computed number in a sentence: its interval, a card that says what it is computed from, a link to the evidence."""

from __future__ import annotations

import statistics
from dataclasses import replace
from functools import partial
from typing import Literal

from bifolio.chapters.context.derived import DerivedValue, Detail
from bifolio.chapters.context.names import RecordedReference
from bifolio.chapters.context.operands import named, quantity
from bifolio.chapters.context.page import anchor, evidence_page
from bifolio.chapters.macros.card import SEPARATOR, card, in_rows
from bifolio.claims import Computed, Name, compute_over_seeds, names_in
from bifolio.errors import ChapterError, ConditionError, UnknownNameError
from bifolio.formats.numbers import format_estimate, format_mean, format_number, format_range, with_unit
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
    link = _link(value, write(page.language, found.estimate, unit, value.digits), _card(value, found))
    if form == "count" and found.method != "exact":
        link += page.say("value.count", count=page.say("claim.and").join(map(str, found.seeds)))
    return link


def detail(one: Detail, *, unit: bool = True) -> str:
    """Return one number of a value as Markdown, linked as the value is; raise ChapterError where it has none."""
    page, found = one.page, computed(one.value)
    number = _detail_number(one, found)
    digits = one.value.digits if one.digits is None else one.digits
    if digits is not None or one.kind == "seed":
        text = format_number(page.language, number, digits)
    elif one.kind == "sd":
        text = format_number(page.language, number, significant=2)
    else:
        text = format_mean(page.language, replace(found.estimate, mean=number))
    whole = with_unit(page.language, text, escape(one.unit))
    said = with_unit(page.language, text, one.unit)  # a title is escaped in its own way
    row = page.say("card.row", label=page.say(f"card.{one.kind}", seed=one.seed), text=said)
    told = f"{in_rows([str(one.value), row])}{SEPARATOR}{_card(one.value, found, named=False)}"
    return _link(one.value, whole if unit else text, told)


def _detail_number(one: Detail, found: Computed) -> float:
    match one.kind:
        case "low" | "high" if found.estimate.width is not None:
            return found.estimate.low if one.kind == "low" else found.estimate.high
        case "sd" if len(found.numbers) > 1:
            return statistics.stdev(found.numbers.values())
        case "seed" if one.seed in found.numbers:
            return found.numbers[one.seed]
    seeds = ", ".join(map(str, sorted(found.numbers)))
    raise ChapterError(
        f"this value has no `{one.kind}`",
        found=str(one),
        expected=(
            (f"one of its seeds: {seeds}" if seeds else "values of one experiment")
            if one.kind == "seed"
            else "a value that several seeds measured"
        ),
    )


def _link(value: DerivedValue, text: str, card_text: str) -> str:
    page, first = value.page, sources(value)[0]
    target = f"{page.link(f'{evidence_page(first.of.experiment)}.md')}#{anchor(first.of, first.name)}"
    classes = ".bf-value .bf-stale" if _is_stale(value) else ".bf-value"
    return f'[{text}]({target} "{card_text}"){{{classes}}}'


def _is_stale(value: DerivedValue) -> bool:
    return any(value.page.catalogue.stale(one.of) for one in sources(value))


def _card(value: DerivedValue, found: Computed, *, named: bool = True) -> str:
    """Return, fit for a title, what was computed, from how many seeds and how compared; of a value alone its card."""
    page, name = value.page, [str(value)] if named else []
    if isinstance(value.expression, Name):
        (only,) = sources(value)
        own = card(page, only, only.measurement)
        return own if named else own.partition(SEPARATOR)[2]
    mean = format_mean(page.language, found.estimate, value.unit, value.digits)
    told = page.say("card.exact", value=mean)
    if found.estimate.width is not None:
        ends = format_range(page.language, found.estimate, found.estimate.low, found.estimate.high, value.unit)
        told = page.say("card.interval", mean=mean, range=ends)
    rows = [*name, page.say("card.row", label=page.say("card.mean"), text=told)]
    if found.method != "exact":
        rows.append(page.say(f"claim.{found.method}", counts=page.say("claim.and").join(map(str, found.seeds))))
    state = page.say("state.stale" if _is_stale(value) else "state.fresh")
    return in_rows([*rows, page.say("card.row", label=page.say("card.evidence"), text=state)])
