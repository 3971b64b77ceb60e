"""The page of all claims and statements of an edition: conditions, numbers, outcomes, how many may be false."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bifolio.chapters.claims.numbers import (
    anchor,
    claim_id,
    numbers,
    outcome_span,
    p_text,
)
from bifolio.chapters.claims.outcome import evaluated, is_stale
from bifolio.chapters.context.edition import Chapter
from bifolio.chapters.context.page import Page
from bifolio.chapters.macros.card import SEPARATOR
from bifolio.chapters.macros.table import pipe_table, span
from bifolio.claims import NOT_SUPPORTED, OUTCOMES, Claim, Evaluated, Outcome, statement_outcome
from bifolio.errors import ResultError
from bifolio.formats.numbers import format_number
from bifolio.markdown.escaping import escape
from bifolio.project import SMOKE_PROFILE
from bifolio.results.new_claims import ClaimOnNewSeeds, claims_path, read_claims
from bifolio.statistics import CLAIM_CONFIDENCE, benjamini_hochberg

_BAR = r"\|"
"""A bar that ends no cell of a table."""


@dataclass(frozen=True)
class _Made:
    """A claim, where it is made, and what came of it."""

    chapter: Chapter
    claim: Claim
    found: tuple[Evaluated, ...]
    on_new_seeds: tuple[tuple[str, ClaimOnNewSeeds], ...]
    """What came of it first on new seeds, with the profile."""

    @property
    def outcome(self) -> Outcome:
        outcomes = [one.outcome for one in self.found]
        return outcomes[0] if self.claim.kind == "claim" else statement_outcome(outcomes)


def claims_page(page: Page, chapters: Sequence[Chapter]) -> str:
    """Return the page."""
    on_new_seeds = _outcomes_on_new_seeds(page)
    made = [
        _Made(chapter, claim, evaluated(page, claim), on_new_seeds.get((claim.kind, claim.condition_texts), ()))
        for chapter in chapters
        for claim in chapter.claims
    ]
    statements = [one for one in made if one.claim.kind == "statement"]
    sections = [f"# {page.say('claims.title')} {{#claims}}", *_summary(page, made, statements)]
    for chapter in chapters:
        if chapter.claims:
            sections.append(f"## {chapter.title} {{#about-{chapter.name}}}")
            sections += [_block(page, one) for one in made if one.chapter is chapter]
    if statements:
        sections += [f"## {page.say('claims.adjusted')} {{#adjusted}}", page.say("claims.adjusted_lead")]
        sections.append(_adjusted(page, statements))
    return "\n\n".join(sections) + "\n"


def _summary(page: Page, made: Sequence[_Made], statements: Sequence[_Made]) -> Iterator[str]:
    """Yield how much is tested, and how often chance would let something false hold."""
    tested = [one for one in made if one.claim.kind == "claim" and any(found.p is not None for found in one.found)]
    yield page.say("claims.counts", claims=len(made) - len(statements), tested=len(tested), statements=len(statements))
    wrong = (1 - CLAIM_CONFIDENCE) / 2
    yield page.say("claims.false", tested=len(tested), expected=format_number(page.language, len(tested) * wrong, 2))
    first = [one for found in made for _, one in found.on_new_seeds]
    if first:
        agreeing = sum(one.outcome == one.wanted for one in first)
        yield page.say("claims.unseen", total=len(first), agreeing=agreeing)


def _outcomes_on_new_seeds(page: Page) -> dict[tuple[str, tuple[str, ...]], tuple[tuple[str, ClaimOnNewSeeds], ...]]:
    """Return what was found on new seeds, by kind and conditions; the page is made anew when there is more."""
    found: dict[tuple[str, tuple[str, ...]], tuple[tuple[str, ClaimOnNewSeeds], ...]] = {}
    for profile in (profile for profile in page.project.profiles if profile != SMOKE_PROFILE):
        page.read(page.project.relative(claims_path(page.project, profile)))
        for one in read_claims(page.project, profile):
            key = (one.kind, one.conditions)
            found[key] = (*found.get(key, ()), (profile, one))
    return found


def _on_new_seeds(page: Page, profile: str, one: ClaimOnNewSeeds) -> str:
    seeds = (
        page.say("claims.seeds", experiment=escape(name), first=escape(first), profile=profile)
        for name, first in sorted(one.seeds.items())
    )
    outcome = next((word for word in OUTCOMES if word == one.outcome), None)
    if outcome is None:
        file = page.project.relative(claims_path(page.project, profile))
        raise ResultError("there is no such outcome", file=file, found=one.outcome, expected=", ".join(OUTCOMES))
    said = page.say("claims.new_seeds", seeds=page.say("literal.separator").join(seeds))
    return f"{span('bf-caption', said)} {outcome_span(page, outcome)}"


def _block(page: Page, made: _Made) -> str:
    """Return a claim with all that is known of it."""
    claim, chapter = made.claim, made.chapter
    link = f"[{page.say('claims.back')}]({page.link(chapter.name)}.md#{claim_id(claim)})"
    outcome = outcome_span(page, made.outcome, anchor(chapter.name, claim))
    if is_stale(page, claim):
        outcome += f" {span('bf-stale', page.say('state.stale'))}"
    lines = [f"{outcome} {claim.sentence} {link}"]
    for one in made.found:
        lines += [f"`{one.condition}`", span("bf-caption", SEPARATOR.join(map(escape, numbers(page, one))))]
    if claim.because:
        lines.append(span("bf-caption", escape(claim.because)))
    lines += [_on_new_seeds(page, profile, one) for profile, one in made.on_new_seeds]
    return "\n\n".join([f'<div class="bf-tested bf-{claim.kind}" markdown="1">', *lines, "</div>"])


def _adjusted(page: Page, statements: Sequence[_Made]) -> str:
    """Return the tests of the statements with their p-values adjusted for there being so many.

    What the adjustment leaves above 1 - CLAIM_CONFIDENCE is no longer decided; exact numbers stay as they are.
    """
    tested = [found for made in statements for found in made.found if found.p is not None]
    adjusted = dict(zip(map(id, tested), benjamini_hochberg([found.p or 0.0 for found in tested]), strict=True))
    empty, rows = page.say("table.empty"), []
    for made in statements:
        after: list[Outcome] = [
            NOT_SUPPORTED if adjusted.get(id(one), 0.0) >= 1 - CLAIM_CONFIDENCE else one.outcome for one in made.found
        ]
        rows.append(
            [
                f"[{made.claim.sentence.replace('|', _BAR)}](#{anchor(made.chapter.name, made.claim)})",
                SEPARATOR.join(p_text(page, one.p) if one.p is not None else empty for one in made.found) or empty,
                SEPARATOR.join(p_text(page, adjusted[id(one)]) if id(one) in adjusted else empty for one in made.found)
                or empty,
                outcome_span(page, made.outcome),
                outcome_span(page, statement_outcome(after)),
            ]
        )
    labels = [page.say(f"claims.{word}") for word in ("statement", "p", "adjusted_p", "outcome", "adjusted_outcome")]
    return pipe_table(labels, rows, [False, True, True, False, False])
