"""The card of a measured number: rows that its link's title says in one line, for the page's script to set apart."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bifolio.chapters.context.catalogue import VariantName
from bifolio.chapters.context.names import RecordedReference
from bifolio.chapters.context.page import Page
from bifolio.formats.dates import format_date
from bifolio.formats.numbers import format_ends, format_estimate, format_mean, format_number, format_range
from bifolio.markdown.escaping import escape_attribute
from bifolio.project import Project
from bifolio.provenance.witness import SURROUNDINGS, Witness
from bifolio.results.measurement import Measurement
from bifolio.results.record import Result

_PLAIN = re.compile(r"[\w.]+")
SEPARATOR = " · "
"""Between the rows; assets/bifolio.js (ROWS) splits the title there, and each row but the first at its first colon."""


def card(page: Page, value: RecordedReference, measurement: Measurement) -> str:
    """Return, fit for a title, a value's name and what was measured, how often, on what and when; evidence is last."""
    result = measurement.result
    rows = {
        "mean": _number(page, measurement),
        **({"of": out_of(page, measurement)} if measurement.of else {}),
        "repeats": _repeats(page, measurement),
        **({"diverged": _diverged(page, measurement)} if measurement.diverged else {}),
        "device": _device(page, measurement),
        **_system(page, result),
        "measured": format_date(page.language, result.witness.date),
        "evidence": _state(page, value, measurement),
    }
    labelled = (page.say("card.row", label=page.say(f"card.{label}"), text=text) for label, text in rows.items())
    name = str(value) if _PLAIN.fullmatch(str(value)) else escape_attribute(str(value))  # a cell's name quotes texts
    return f"{name}{SEPARATOR}{in_rows(labelled)}"


def in_rows(rows: Iterable[str]) -> str:
    """Return rows as one line, fit for a title."""
    return SEPARATOR.join(escape_attribute(row.replace(SEPARATOR, " ")) for row in rows)


def device(witness: Witness) -> str:
    """Return the device's name; a CPU is called by its processor's name."""
    return witness.machine.get("processor", witness.device) if witness.device.startswith("cpu") else witness.device


def machine(page: Page, witness: Witness) -> str:
    """Return what a timing depends on: processor, device, cores."""
    names = [name for name in (witness.machine.get("processor", ""), witness.device) if name]
    return page.say("witness.machine", name=", ".join(names), cores=witness.machine.get("cores", "?"))


def run_again_on(page: Page, names: Iterable[VariantName]) -> str:
    """Return in words on what results were run again, nothing where none were."""
    found = {one for name in names for one in page.catalogue.run_again_on(name)}
    words = (page.say(f"again.{one.replace(' ', '_')}") for one in SURROUNDINGS if one in found)
    return page.say("literal.separator").join(words)


def _number(page: Page, measurement: Measurement) -> str:
    estimate, unit, language = measurement.estimate, measurement.unit, page.language
    if estimate.unvaried:
        return page.say("card.unvaried", value=format_mean(language, estimate, unit), count=estimate.count)
    if estimate.width is None:
        word = "exact" if measurement.exact else "single"
        return page.say(f"card.{word}", value=format_estimate(language, estimate, unit))
    mean, shown = (
        format_mean(language, estimate, unit),
        format_range(language, estimate, estimate.low, estimate.high, unit),
    )
    return page.say("card.interval", mean=mean, range=shown)


def out_of(page: Page, measurement: Measurement) -> str:
    """Return what a count is out of: the same in every seed, or from the fewest to the most."""
    low, high = (format_number(page.language, end) for end in (measurement.of[0], measurement.of[-1]))
    return low if low == high else format_ends(page.language, low, high)


def _repeats(page: Page, measurement: Measurement) -> str:
    """Return how many seeds there are, and what differs between them as far as the split is concerned."""
    split, count = measurement.result.split, measurement.estimate.count
    unsaid = split is None and count > 1 and not measurement.exact and not measurement.timing
    word = f"_{split.kind}" if split else "_unsaid" if unsaid else ""
    return page.say(f"card.seeds{word}", count=count)


def _diverged(page: Page, measurement: Measurement) -> str:
    return page.say("card.some", count=measurement.diverged, total=measurement.runs)


def _device(page: Page, measurement: Measurement) -> str:
    witness = measurement.result.witness
    name = machine(page, witness) if measurement.timing else device(witness)
    library = _library(page.project, measurement.result)
    return page.say("literal.separator").join([name, library]) if library else name


def _library(project: Project, result: Result) -> str:
    """Return the version of the library that the profile's environment names first."""
    versions = result.fingerprint.parts.get("environment", {})
    first = next((name for name in project.profile(result.name.profile).environment if name in versions), "")
    return f"{first} {versions[first]}" if first else ""


def _system(page: Page, result: Result) -> dict[str, str]:
    """Return what the run used of the system and the variables it was given, where it declares any."""
    separator, parts = page.say("literal.separator"), result.fingerprint.parts
    uses = separator.join(page.say(f"uses.{word}") for word in sorted(parts.get("uses", {})))
    variables = separator.join(f"{name}={text}" for name, text in sorted(parts.get("variables", {}).items()))
    return {word: text for word, text in (("uses", uses), ("variables", variables)) if text}


def _state(page: Page, value: RecordedReference, measurement: Measurement) -> str:
    """Return fresh, with what reproducing it found where that was tried, or stale and since when."""
    witness = measurement.result.witness
    if not measurement.stale:
        verdict = None if measurement.timing else page.catalogue.verdict(value.of, value.name)
        fresh = page.say("state.fresh")
        if verdict is None:
            return fresh
        word = page.say(f"verdict.{verdict.replace(' ', '_')}")
        return page.say("card.reproduced", state=fresh, where=run_again_on(page, [value.of]), verdict=word)
    return page.say("card.stale", commit=witness.commit[:7]) if witness.commit else page.say("card.stale_unknown")
