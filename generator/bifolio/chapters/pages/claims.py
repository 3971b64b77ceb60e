"""The page of all claims and statements of an edition: conditions, numbers, outcomes, how many may be false."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bifolio.chapters.claims.block import said_by
from bifolio.chapters.claims.numbers import (
    anchor,
    claim_id,
    numbers,
    outcome_span,
    repeated_words,
)
from bifolio.chapters.claims.outcome import Settled, first_outcomes_on, is_stale, said_by_seeds, settled
from bifolio.chapters.context.edition import Chapter
from bifolio.chapters.context.page import Page
from bifolio.chapters.macros.card import SEPARATOR
from bifolio.chapters.macros.table import span
from bifolio.claims import NOT_SUPPORTED, OUTCOMES, Claim
from bifolio.formats.numbers import format_number
from bifolio.markdown.escaping import escape, fence
from bifolio.results.new_claims import ClaimOnNewSeeds, FirstOutcome
from bifolio.statistics import CLAIM_CONFIDENCE


@dataclass(frozen=True)
class _Made:
    """A claim, where it is made, and what came of it."""

    chapter: Chapter
    claim: Claim
    settled: Settled


def claims_page(page: Page, chapters: Sequence[Chapter]) -> str:
    """Return the page."""
    made = [_Made(chapter, claim, settled(page, claim)) for chapter in chapters for claim in chapter.claims]
    overturned = tuple(_overturned(page, made))
    sections = [f"# {page.say('claims.title')} {{#claims}}", *_summary(page, made)]
    if overturned:
        sections.append(page.say("claims.dropped", count=len(overturned)))
    for chapter in chapters:
        if chapter.claims:
            sections.append(f"## {chapter.title} {{#about-{chapter.name}}}")
            sections += [_block(page, one) for one in made if one.chapter is chapter]
    if overturned:
        sections += [f"## {page.say('claims.overturned')} {{#overturned}}", *overturned]
    return "\n\n".join(sections) + "\n"


def _summary(page: Page, made: Sequence[_Made]) -> Iterator[str]:
    """Yield how much is tested, how often chance would let something false hold, and what unseen seeds said.

    A condition that stands on two pages, in a chapter and in a summary say, is tested once.
    """
    written = len(made)
    made = list({_conditions(one): one for one in reversed(made)}.values())
    tested = sum(one.claim.kind == "claim" and any(found.p is not None for found in one.settled.found) for one in made)
    kinds = [one.claim.kind for one in made]
    statements, questions = kinds.count("statement"), kinds.count("question")
    yield page.say("claims.counts", claims=kinds.count("claim"), tested=tested, statements=statements)
    if questions:
        yield page.say("claims.questions", questions=questions)
    if written > len(made):
        yield page.say("claims.again", again=written - len(made))
    wrong = (1 - CLAIM_CONFIDENCE) / 2
    expected, after = (format_number(page.language, tested * wrong**times, significant=2) for times in (1, 2))
    yield page.say("claims.false", tested=tested, expected=expected, after=after)
    decided = [one.settled for one in made if one.settled.repeated]
    if decided:
        words = [one.repeated for one in decided]
        fresh = sum(one.repeated == "confirmed" and one.fresh for one in decided)
        yield page.say(
            "claims.repeated",
            total=len(decided),
            fresh=fresh,
            splits=words.count("confirmed") - fresh,
            unmet=words.count("unmet"),
            failed=words.count("not repeated"),
        )


def _conditions(made: _Made) -> tuple[str, ...]:
    """Return what tells a claim from another: its kind and conditions, or its sentence where it has none."""
    return (made.claim.kind, *([str(one.condition) for one in made.settled.found] or [made.claim.sentence]))


def _on_new_seeds(page: Page, claim: Claim, first: FirstOutcome) -> str:
    said = page.say("claims.new_seeds", seeds=_seeds(page, first))
    return f"{span('bf-caption', said)} {outcome_span(page, claim.kind, said_by_seeds(page, first))}"


def _seeds(page: Page, first: FirstOutcome) -> str:
    return page.say("literal.separator").join(
        page.say("claims.seeds", experiment=escape(name), first=escape(seed), profile=first.profile)
        for name, seed in sorted(first.found.seeds.items())
    )


def _overturned(page: Page, made: Sequence[_Made]) -> Iterator[str]:
    """Yield the conditions that were decided, that unseen seeds did not repeat, and that no page has any more.

    A report that only dropped them would show a reader nothing but what was confirmed.
    """
    asked = {(one.claim.kept_as, one.claim.condition_texts) for one in made}
    for key, firsts in sorted(first_outcomes_on(page).items()):
        if key not in asked:
            yield from (_dropped(page, first) for first in firsts if _is_overturned(first.found))


def _is_overturned(one: ClaimOnNewSeeds) -> bool:
    return one.wanted in OUTCOMES and one.wanted not in (NOT_SUPPORTED, one.outcome)


def _dropped(page: Page, first: FirstOutcome) -> str:
    """Return a sentence of the first edition, in that edition, with its numbers on new seeds as they were told."""
    one, outcome = first.found, said_by_seeds(page, first)
    wanted = next(word for word in OUTCOMES if word == one.wanted)
    spans = {"wanted": outcome_span(page, one.kind, wanted), "outcome": outcome_span(page, one.kind, outcome)}
    sentence = [escape(one.sentence)] if page.language.code == page.project.languages[0] else []
    pieces = re.split("[:;,] ", one.told)  # a line for a terminal is too wide for a page
    lines = [*sentence, fence("\n".join(pieces)), page.say("claims.written", seeds=_seeds(page, first), **spans)]
    return "\n\n".join([f'<div class="bf-tested bf-{escape(one.kind)}" markdown="1">', *lines, "</div>"])


def _block(page: Page, made: _Made) -> str:
    """Return a claim with all that is known of it."""
    claim, chapter = made.claim, made.chapter
    link = f"[{page.say('claims.back')}]({page.link(chapter.name)}.md#{claim_id(claim)})"
    outcome = outcome_span(page, claim.kind, made.settled.outcome, anchor(chapter.name, claim))
    if is_stale(page, claim):
        outcome += f" {span('bf-stale', page.say('state.stale'))}"
    lines = [] if claim.kind == "claim" else [said_by(page, claim, claim.source)]
    lines.append(f"{outcome} {claim.sentence} {link}")
    if claim.about:
        lines.append(span("bf-caption", page.say("claim.about", about=claim.about)))
    for one in made.settled.found:
        lines += [f"`{one.condition}`", span("bf-caption", SEPARATOR.join(map(escape, numbers(page, one))))]
    if claim.because:
        lines.append(span("bf-caption", escape(claim.because)))
    if made.settled.repeated:
        lines.append(span("bf-caption", repeated_words(page, made.settled)))
    lines += [_on_new_seeds(page, claim, first) for first in made.settled.unseen]
    return "\n\n".join([f'<div class="bf-tested bf-{claim.kind}" markdown="1">', *lines, "</div>"])
