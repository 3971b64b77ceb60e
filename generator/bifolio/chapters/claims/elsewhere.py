"""Claims held against other results than those of the page that makes them: new seeds, another commit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bifolio.chapters.claims.failures import told
from bifolio.chapters.claims.outcome import evaluated, outcome_of, settled
from bifolio.chapters.context.catalogue import Catalogue
from bifolio.chapters.context.names import RecordedReference
from bifolio.chapters.context.operands import named
from bifolio.chapters.context.page import Page
from bifolio.claims import HOLDS, Claim, names_in
from bifolio.errors import BifolioError
from bifolio.formats.language import load_language
from bifolio.project import Project
from bifolio.provenance.sources import read_sources
from bifolio.results.new_seeds import first_seeds, on_new_seeds

NOT_MEASURED = "not measured"


@dataclass(frozen=True)
class ClaimOutcome:
    """A claim or statement of a page (its path without the language), and what came of it.

    `outcome` is `not measured` where something that it names has no result; `told` are its numbers in words;
    `experiments` are those it names.
    """

    page: str
    claim: Claim
    outcome: str
    told: str
    experiments: tuple[str, ...]

    @property
    def as_wanted(self) -> bool:
        """Tell whether a claim holds, or a statement has the outcome that its author expects."""
        return self.outcome == (HOLDS if self.claim.kind == "claim" else self.claim.expected)


def catalogue_on_new_seeds(project: Project, profile: str, first: Mapping[str, int] | None = None) -> Catalogue:
    """Return a catalogue whose results at a profile are those of the new seeds; `first` tells where they begin."""
    sources = read_sources(project)
    first = first_seeds(project, sources, profile) if first is None else first
    return Catalogue(on_new_seeds(project), sources.beginning(dict(first)))


def outcomes_of(
    catalogue: Catalogue, claims: Sequence[tuple[str, Claim]], *, unseen: bool = False
) -> tuple[ClaimOutcome, ...]:
    """Hold claims against a catalogue's results, and against what new seeds said unless these are the new seeds."""
    language = load_language(catalogue.project.languages[0], catalogue.project.templates)
    return tuple(_outcome(Page(catalogue, language, page), page, claim, unseen) for page, claim in claims)


def _outcome(page: Page, name: str, claim: Claim, unseen: bool) -> ClaimOutcome:
    experiments = tuple(dict.fromkeys(_experiments(page, claim)))
    try:
        found = evaluated(page, claim)
        outcome = outcome_of(claim, found) if unseen else settled(page, claim).outcome
    except BifolioError:  # a name or a result that is not there
        return ClaimOutcome(name, claim, NOT_MEASURED, "", experiments)
    numbers = "; ".join(f"{one.condition}: {told(page, one)}" for one in found)
    return ClaimOutcome(name, claim, outcome, numbers, experiments)


def _experiments(page: Page, claim: Claim) -> Iterator[str]:
    """Yield the experiments of which a claim names something measured."""
    for condition in claim.conditions:
        for name in names_in(condition):
            try:
                found = named(page, name)
            except BifolioError:
                continue
            if isinstance(found, RecordedReference):
                yield found.of.experiment
