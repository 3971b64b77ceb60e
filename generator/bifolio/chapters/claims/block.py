"""What others say, or we ask, as a block of its own: who, the sentence, and what came of it."""

from __future__ import annotations

from bifolio.chapters.claims.numbers import confirmed_words, effect, mark, shown_power, tried
from bifolio.chapters.claims.outcome import Settled
from bifolio.chapters.context.page import Page
from bifolio.chapters.context.written import Written, by_expression, joined
from bifolio.chapters.macros.card import SEPARATOR
from bifolio.chapters.macros.table import span
from bifolio.claims import Claim
from bifolio.markdown.escaping import escape


def said_block(page: Page, claim: Claim, settled: Settled, sentence: Written, source: str, about: str) -> Written:
    """Return the block of a statement or a question, with the Markdown of its source and of what it was tested on."""
    opening = f'<div class="bf-tested bf-{claim.kind}" markdown="1">\n\n{said_by(page, claim, source)}\n\n'
    found = f"\n\n{_found(page, claim, settled, about)}\n\n</div>"
    return joined([by_expression(opening), sentence, by_expression(found)])


def said_by(page: Page, claim: Claim, source: str) -> str:
    """Return the line that says whose sentence it is."""
    if claim.kind == "question":
        return span("bf-caption", page.say("claim.asked"))
    return span("bf-caption", source or page.say("claim.unsourced"))


def _found(page: Page, claim: Claim, settled: Settled, about: str) -> str:
    """Return what came of it: the outcome with the effect; below, what it was tested on and what could be shown."""
    quiet = [page.say("claim.about", about=about)] if about else []
    for one in settled.found:
        quiet += [escape(words) for words in (*tried(page, one), *shown_power(page, one))]
    if claim.because:
        quiet.append(escape(claim.because))
    parts = [escape(words) for one in settled.found for words in effect(page, one)]
    if settled.repeated in ("confirmed", "not repeated"):
        parts.append(escape(confirmed_words(page, settled)))
    line = f"{mark(page, claim, settled)} {SEPARATOR.join(parts)}".rstrip()
    below = span("bf-caption", SEPARATOR.join(dict.fromkeys(quiet))) if quiet else ""
    return "\n\n".join(filter(None, (line, below)))
