"""Rules that hold for a release alone: unseen seeds have met what is claimed, and nothing that is shown was skipped."""

from __future__ import annotations

from collections.abc import Iterator

from bifolio.chapters.claims.failures import on_new_seeds
from bifolio.chapters.claims.outcome import settled
from bifolio.chapters.composed import claims_of
from bifolio.chapters.context.catalogue import VariantName
from bifolio.chapters.context.page import Page
from bifolio.check.finding import Finding
from bifolio.check.subject import Subject
from bifolio.claims import names_in
from bifolio.errors import BifolioError
from bifolio.formats.language import load_language
from bifolio.project import DEFAULT_PROFILE


def unconfirmed_claims(subject: Subject) -> Iterator[Finding]:
    """Yield the claims and statements that were decided over seeds and that unseen seeds have not given again.

    Each is named once, at its place in the first edition.
    """
    project = subject.project
    language = load_language(project.languages[0], project.templates)
    for name, claim in claims_of(project, subject.composition):
        try:
            found = settled(Page(subject.catalogue, language, name), claim)
        except BifolioError:
            continue  # a name or a result that is not there, which another rule tells
        asked = f"{claim.sentence} ({' only '.join(claim.condition_texts)})"
        if found.repeated == "unmet":
            experiments = dict.fromkeys(name.parts[0] for one in claim.conditions for name in names_in(one))
            verb = f"`bifolio reproduce --new-seeds {' '.join(experiments)}`"
            expected = f"{verb}, with `--later` where its new seeds had been run before this was written"
            yield Finding("unconfirmed-claim", claim.file, claim.line, "", f"not confirmed yet: {asked}", expected)
        elif found.repeated == "not repeated":
            told = f"not repeated: {asked}; {on_new_seeds(found)}"
            expected = "another sentence, or none: running again what overturned it confirms nothing"
            yield Finding("unconfirmed-claim", claim.file, claim.line, "", told, expected)


def skipped_experiments(subject: Subject) -> Iterator[Finding]:
    """Yield the optional variants that a page shows and that were not measured on all their seeds."""
    told: set[tuple[str, VariantName]] = set()
    for template in subject.templates:
        record = subject.composition.records.get(f"{template.language}/{template.page}")
        for of in [use.of for use in record.uses] if record else ():
            state = subject.catalogue.states.get((of.experiment, of.profile))
            runs = [run for run in state.runs if run.name.variant == of.variant] if state else []
            skipped = sum(run.optional and run.state == "missing" for run in runs)
            if skipped and (template.file, of) not in told:
                told.add((template.file, of))
                found = f"{of.experiment} ({of.variant}, {of.profile}): {skipped} of {len(runs)} runs were skipped"
                profile = "" if of.profile == DEFAULT_PROFILE else f" --profile {of.profile}"
                expected = f"`bifolio run {of.experiment}{profile}` where its source is, or a page without it"
                yield Finding("skipped-experiment", template.file, 0, template.language, found, expected)
