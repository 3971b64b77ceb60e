"""What the seeds of an experiment can show of the report's claims, how many would do, and what they cost."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from bifolio.chapters.claims.outcome import evaluated
from bifolio.chapters.composed import claims_of
from bifolio.chapters.composition import compose
from bifolio.chapters.context.absent import absent
from bifolio.chapters.context.catalogue import Catalogue, VariantName
from bifolio.chapters.context.names import RecordedReference
from bifolio.chapters.context.operands import named
from bifolio.chapters.context.page import Page
from bifolio.claims import Claim, Evaluated, names_in
from bifolio.errors import BifolioError
from bifolio.formats.language import load_language
from bifolio.project import Project
from bifolio.statistics import correction_floor, largest_ratio, seeds_needed


@dataclass(frozen=True)
class Power:
    """What seeds can show of one condition; sizes are distances, margins, or factors for a ratio.

    `detectable` would have been shown with 80 % power at 99 %; `wanted` is what was declared to matter, or the margin
    of an equivalence, None where nothing says it. `needed` seeds of each experiment would show it, `core_minutes` are
    those of the ones still missing; both are None where nothing is wanted or no number of seeds will do. Then
    those with a test-to-train ratio of at most `largest_ratio` would, 0 where there is none, or `fresh` seeds with
    fresh data.
    No number of seeds shows less than `floor`, because their splits overlap.
    """

    page: str
    sentence: str
    condition: str
    outcome: str
    underpowered: bool
    scale: str
    seeds: tuple[int, ...]
    detectable: float
    wanted: float | None
    floor: float
    needed: int | None = None
    core_minutes: float | None = None
    largest_ratio: float | None = None
    fresh: int | None = None


def power_of(project: Project, experiment: str, difference: float | None = None) -> tuple[Power, ...]:
    """Return the power of every condition that names something measured of an experiment and that varied.

    `difference` takes the place of what is declared to matter. Raises BifolioError for an experiment that is not there.
    """
    composition = compose(project, project.languages[:1])
    catalogue = composition.catalogue
    if experiment not in catalogue.declarations:
        raise absent(catalogue, "experiment", experiment, catalogue.declarations)
    language = load_language(project.languages[0], project.templates)
    pages = ((Page(catalogue, language, page), claim) for page, claim in claims_of(project, composition))
    return tuple(power for page, claim in pages for power in _powers(page, claim, experiment, difference))


def _powers(page: Page, claim: Claim, experiment: str, difference: float | None) -> Iterator[Power]:
    try:
        found = evaluated(page, claim)
    except BifolioError:  # what it names has no result
        return
    for one in found:
        runs = _measured(page, one)
        size = one.detectable
        if size is not None and experiment in {name.experiment for name in runs}:
            yield _power(page, claim, one, size, runs, difference)


def _power(
    page: Page, claim: Claim, found: Evaluated, size: float, runs: set[VariantName], difference: float | None
) -> Power:
    ratio, floor = found.scale == "ratio", correction_floor(found.spreads)
    asked = difference is not None and not ratio and not found.is_equivalence
    wanted = difference if asked else found.wanted
    told = (page.name, claim.sentence, str(found.condition), found.outcome, found.underpowered, found.scale)
    numbers = (found.seeds, size, wanted, math.exp(floor) if ratio else floor)
    if not wanted or (ratio and wanted <= 1.0):
        return Power(*told, *numbers)
    on_scale = math.log(wanted) if ratio else wanted
    needed = seeds_needed(found.spreads, on_scale, equivalence=found.is_equivalence)
    if needed is not None:
        return Power(*told, *numbers, needed, sum(_minutes(page.catalogue, name, needed) for name in runs))
    largest = largest_ratio(found.spreads, on_scale, equivalence=found.is_equivalence)
    fresh = seeds_needed([one.with_fresh_data for one in found.spreads], on_scale, equivalence=found.is_equivalence)
    return Power(*told, *numbers, largest_ratio=largest, fresh=fresh)


def _measured(page: Page, found: Evaluated) -> set[VariantName]:
    """Return the variants of which a condition names something that was measured."""
    references = (named(page, name) for name in names_in(found.condition))
    return {one.of for one in references if isinstance(one, RecordedReference)}


def _minutes(catalogue: Catalogue, name: VariantName, needed: int) -> float:
    """Return what the seeds that a variant lacks would cost, by the mean of those that were run."""
    results = catalogue.measured(name)
    profile = catalogue.project.profile(name.profile)
    threads = catalogue.declarations[name.experiment].threads or profile.threads
    mean = math.fsum(result.witness.duration for result in results) / len(results)
    return max(0, needed - len(results)) * mean * threads / 60
