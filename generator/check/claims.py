"""The rule that the editions make the same claims: the same conditions in the same order, of the same kind."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest

from generator.chapters.plan import plan
from generator.check.finding import Finding, Subject
from generator.claims import Claim

_RULE = "reference-parity"


def claim_parity(subject: Subject) -> Iterator[Finding]:
    """Yield, for each page, the first claim in which an edition differs from the first edition."""
    project, composition = subject.project, subject.composition
    if any(language in composition.errors for language in project.languages):
        return  # an edition lacks a page, which is told already
    first, *others = project.languages
    for language in others:
        for page in plan(project, language):
            model, own = (composition.records.get(f"{edition}/{page.name}") for edition in (first, language))
            if model and own:  # what is wrong with a page that failed is told already
                file = project.relative(project.templates / page.template)
                yield from _first_difference(model.claims, own.claims, file, language, first)


def _first_difference(
    models: tuple[Claim, ...], claims: tuple[Claim, ...], file: str, language: str, first: str
) -> Iterator[Finding]:
    for model, claim in zip_longest(models, claims):
        expected = "no claim here" if model is None else _said(model)
        if claim is None:
            yield Finding(_RULE, file, 0, language, "no more claims", f"{expected}, as in {first}")
            return
        if _said(claim) != expected:
            yield Finding(_RULE, claim.file, claim.line, language, _said(claim), f"{expected}, as in {first}")
            return


def _said(claim: Claim) -> str:
    """Return what editions have in common: all but the words."""
    conditions = " only ".join(claim.conditions)
    return f"claim {conditions}" if claim.kind == "claim" else f"statement “{claim.expected}” {conditions}".rstrip()
