"""What is said of the report's claims on new seeds."""

from __future__ import annotations

from bifolio.chapters.claims.elsewhere import NOT_MEASURED, ClaimOutcome, catalogue_on_new_seeds, outcomes_of
from bifolio.chapters.composition import claims_of, compose
from bifolio.claims import HOLDS
from bifolio.project import Project
from bifolio.results.new_claims import ClaimOnNewSeeds, keep_first_outcomes


def claims_on_new_seeds(project: Project, profile: str) -> tuple[ClaimOnNewSeeds, ...]:
    """Hold every claim against the new seeds, as far as these are there; the first outcome of each is kept."""
    claims = claims_of(project, compose(project, project.languages[:1]))
    catalogue = catalogue_on_new_seeds(project, profile)
    complete = {
        name
        for name in catalogue.declarations
        if all(run.state == "fresh" or run.optional for run in catalogue.states[name, profile].runs)
    }
    measured = outcomes_of(catalogue, claims, unseen=True)
    outcomes = [one for one in measured if one.experiments and one.outcome != NOT_MEASURED]
    first = {name: str(declared.first_seed) for name, declared in catalogue.declarations.items()}
    found = [_found(one, first) for one in outcomes if complete.issuperset(one.experiments)]
    return keep_first_outcomes(project, profile, found)


def _found(found: ClaimOutcome, first: dict[str, str]) -> ClaimOnNewSeeds:
    claim = found.claim
    return ClaimOnNewSeeds(
        page=found.page,
        kind=claim.kind,
        sentence=claim.sentence,
        conditions=claim.condition_texts,
        seeds={name: first[name] for name in found.experiments},
        wanted=HOLDS if claim.kind == "claim" else claim.expected,
        outcome=found.outcome,
        told=found.told,
    )
