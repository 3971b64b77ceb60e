"""The seeds of each value of a variant, drawn as a strip figure."""

from __future__ import annotations

import math

from bifolio.chapters.context.catalogue import VariantName
from bifolio.chapters.context.names import RecordedReference
from bifolio.chapters.context.page import Page, anchor
from bifolio.chapters.macros.figure import show_picture
from bifolio.chapters.macros.picture import Picture
from bifolio.chapters.macros.values import Markdown
from bifolio.figures import Strip, StripFigure
from bifolio.formats.numbers import format_number


def seeds_figure(page: Page, name: VariantName, values: list[str]) -> Markdown | None:
    """Return a figure of the values that vary over seeds, None when none does."""
    strips = tuple(strip for value in values if (strip := _strip(page, name, value)))
    if not strips:
        return None
    data: list[list[object]] = [["value", "seed", "number"]]
    for strip in strips:
        seeds = [result.name.seed for result in page.catalogue.measured(name) if strip.label in result.values]
        data += [[strip.label, seed, number] for seed, number in zip(seeds, strip.samples, strict=True)]
    words = page.say("evidence.strips_alt", values=page.say("literal.separator").join(strip.label for strip in strips))
    source = RecordedReference(page, name, "value", "-".join(filter(None, [anchor(name, ""), "seeds"])))
    title, caption = page.say("evidence.strips"), page.say("evidence.strips_caption")
    return show_picture(page, Picture(StripFigure(strips), words, data), [source], title, caption)


def _strip(page: Page, name: VariantName, value: str) -> Strip | None:
    found = page.catalogue.value(name, value).estimate
    samples = page.catalogue.samples(name, value)
    low, high = min(found.low, *samples), max(found.high, *samples)
    if not float(found.minimum) < float(found.maximum) or not math.isfinite(high - low):
        return None
    ends = (format_number(page.language, end) for end in (low, high))
    return Strip(value, samples, found.mean, found.low, found.high, *ends)
