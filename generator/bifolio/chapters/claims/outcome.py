"""What came of a claim on a page, from what its names stand for there."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Literal
from weakref import WeakKeyDictionary

from bifolio.chapters.context.catalogue import Catalogue
from bifolio.chapters.context.names import RecordedReference
from bifolio.chapters.context.operands import named, quantity
from bifolio.chapters.context.page import Page
from bifolio.claims import (
    NOT_SUPPORTED,
    OUTCOMES,
    STATED,
    Claim,
    Condition,
    Evaluated,
    Outcome,
    evaluate,
    names_in,
    statement_outcome,
)
from bifolio.errors import ResultError
from bifolio.project import SMOKE_PROFILE
from bifolio.results.new_claims import FirstOutcome, FirstOutcomes, claims_path

Repeated = Literal["", "unmet", "confirmed", "not repeated"]
"""What unseen seeds said to what was decided; nothing where nothing was decided over seeds."""


@dataclass(frozen=True)
class Settled:
    """What came of a claim: of each of its conditions, of all together, and what unseen seeds said to it.

    `outcome` is the one word for it, wherever it is told: what unseen seeds did not repeat is not supported.
    `unseen` are the first outcomes on new seeds; `fresh` tells that no two seeds share any data.
    """

    found: tuple[Evaluated, ...]
    outcome: Outcome
    repeated: Repeated
    unseen: tuple[FirstOutcome, ...] = ()
    fresh: bool = False


_EVALUATED: WeakKeyDictionary[Catalogue, dict[Condition, Evaluated]] = WeakKeyDictionary()
"""What came of conditions over the evidence of a catalogue: every edition, and the page of all claims, asks alike."""


def settled(page: Page, claim: Claim) -> Settled:
    """Return what came of a claim; the page is made anew when its conditions' numbers or new seeds say otherwise.

    Any first outcome on new seeds overturns, whenever it was found. It confirms only where its seeds were first run
    after the condition had been written down, and are not among those that the report shows now.
    Raises ResultError for an outcome on new seeds that there is not.
    """
    found = evaluated(page, claim)
    outcome = outcome_of(claim, found)
    unseen = first_outcomes_on(page).get((claim.kept_as, claim.condition_texts), ())
    said = [said_by_seeds(page, first) for first in unseen]
    if outcome == NOT_SUPPORTED or all(one.method == "exact" for one in found):
        return Settled(found, outcome, "", unseen)
    if any(one != outcome for one in said):
        return Settled(found, NOT_SUPPORTED, "not repeated", unseen)
    met = any(first.unseen and not _is_published(page, first) for first in unseen)
    return Settled(found, outcome, "confirmed" if met else "unmet", unseen, _on_fresh_data(page, claim))


def first_outcomes_on(page: Page) -> FirstOutcomes:
    """Return what new seeds said first; the page is made anew when they say more."""
    for profile in (profile for profile in page.project.profiles if profile != SMOKE_PROFILE):
        page.read(page.project.relative(claims_path(page.project, profile)))
    return page.catalogue.unseen


def said_by_seeds(page: Page, first: FirstOutcome) -> Outcome:
    """Return the outcome on new seeds; raise ResultError for one that there is not."""
    for outcome in OUTCOMES:
        if first.found.outcome == outcome:
            return outcome
    file = page.project.relative(claims_path(page.project, first.profile))
    found, expected = first.found.outcome, ", ".join(OUTCOMES)
    raise ResultError("there is no such outcome", file=file, found=found, expected=expected)


def _is_published(page: Page, first: FirstOutcome) -> bool:
    """Tell whether seeds that were new once are among those that the report shows now."""
    declarations = page.catalogue.declarations
    return any(
        name in declarations and int(seed) < declarations[name].most_seeds for name, seed in first.found.seeds.items()
    )


def _on_fresh_data(page: Page, claim: Claim) -> bool:
    """Tell whether everything measured that a claim names has new data for every seed, or needs none."""
    named_ones = (named(page, name) for condition in claim.conditions for name in names_in(condition))
    results = [result for one in named_ones if isinstance(one, RecordedReference) for result in one.results()]
    return all(result.split is not None and result.split.kind in ("fresh", "none") for result in results)


def outcome_of(claim: Claim, found: tuple[Evaluated, ...]) -> Outcome:
    """Return a claim's outcome from those of its conditions, whatever other seeds said."""
    if not claim.conditions:
        return next(outcome for outcome in STATED if outcome == claim.expected)
    outcomes = [one.outcome for one in found]
    return outcomes[0] if claim.kind == "claim" else statement_outcome(outcomes)


def evaluated(page: Page, claim: Claim) -> tuple[Evaluated, ...]:
    """Return what came of each condition of a claim; the page uses what the conditions name."""
    known = _EVALUATED.get(page.catalogue) or _EVALUATED.setdefault(page.catalogue, {})
    for condition in claim.conditions:
        for name in names_in(condition):
            named(page, name)
        if condition not in known:
            known[condition] = evaluate(condition, partial(quantity, page))
    return tuple(known[condition] for condition in claim.conditions)


def is_stale(page: Page, claim: Claim) -> bool:
    """Tell whether something that a claim names was measured by code that has changed."""
    found = (named(page, name) for condition in claim.conditions for name in names_in(condition))
    return any(bool(page.catalogue.stale(one.of)) for one in found if isinstance(one, RecordedReference))
