"""What is said of the report's claims on new seeds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bifolio.chapters.claims.elsewhere import NOT_MEASURED, ClaimOutcome, catalogue_on_new_seeds, outcomes_of
from bifolio.chapters.composed import claims_of
from bifolio.chapters.composition import compose
from bifolio.claims import HOLDS, names_in
from bifolio.project import Project
from bifolio.results.new_claims import ClaimOnNewSeeds, keep_first_outcomes, write_down


@dataclass(frozen=True)
class OnNewSeeds:
    """What came of the claims that unseen seeds have met; `late` counts those that were written after them."""

    met: tuple[ClaimOnNewSeeds, ...] = ()
    late: int = 0


def write_down_claims(project: Project, profile: str) -> None:
    """Write down what every claim asks before new seeds are run, so that they are unseen; of an older one nothing."""
    claims = [claim for _, claim in claims_of(project, compose(project, project.languages[:1])) if claim.conditions]
    asked = [
        ((claim.kept_as, claim.condition_texts), [name.parts[0] for one in claim.conditions for name in names_in(one)])
        for claim in claims
    ]
    write_down(project, profile, asked)


def claims_on_new_seeds(project: Project, profile: str, seeds: Mapping[str, int]) -> OnNewSeeds:
    """Hold every claim against the new seeds, as far as these are there; the first outcome of each is kept.

    `seeds` tells where the new seeds of each experiment begin.
    """
    claims = claims_of(project, compose(project, project.languages[:1]))
    catalogue = catalogue_on_new_seeds(project, profile, seeds)
    complete = {
        name
        for name in catalogue.declarations
        if all(run.state == "fresh" or run.optional for run in catalogue.states[name, profile].runs)
    }
    measured = outcomes_of(catalogue, claims, unseen=True)
    outcomes = [one for one in measured if one.experiments and one.outcome != NOT_MEASURED]
    first = {name: str(declared.first_seed) for name, declared in catalogue.declarations.items()}
    found = [_found(one, first) for one in outcomes if complete.issuperset(one.experiments)]
    met = keep_first_outcomes(project, profile, found)
    return OnNewSeeds(met, len(found) - len(met))


def _found(found: ClaimOutcome, first: dict[str, str]) -> ClaimOnNewSeeds:
    claim = found.claim
    return ClaimOnNewSeeds(
        page=found.page,
        kind=claim.kept_as,
        sentence=claim.sentence,
        conditions=claim.condition_texts,
        seeds={name: first[name] for name in found.experiments},
        wanted=HOLDS if claim.kind == "claim" else claim.expected,
        outcome=found.outcome,
        told=found.told,
    )
