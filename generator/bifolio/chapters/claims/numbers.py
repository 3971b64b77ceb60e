"""The numbers behind a claim, in rows, under the mark that ends its sentence."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from bifolio.chapters.claims.declared import declared_late
from bifolio.chapters.claims.outcome import Settled, is_stale
from bifolio.chapters.context.edition import CLAIMS_PAGE
from bifolio.chapters.context.names import RecordedReference
from bifolio.chapters.context.operands import named
from bifolio.chapters.context.page import Page
from bifolio.chapters.macros.card import in_rows, machine
from bifolio.chapters.macros.values import lost_words
from bifolio.claims import (
    CONTRADICTED,
    FAILS,
    HOLDS,
    HOLDS_ONLY_IF,
    NOT_SUPPORTED,
    UNTESTED,
    WRONG,
    Claim,
    Evaluated,
    Name,
    Outcome,
    names_in,
)
from bifolio.formats.numbers import format_alike, format_mean, format_number, interval_decimals
from bifolio.statistics import FEWEST_SEEDS

_WORDS = {
    HOLDS: "holds",
    HOLDS_ONLY_IF: "only-if",
    FAILS: "fails",
    CONTRADICTED: "contradicted",
    NOT_SUPPORTED: "unsupported",
    UNTESTED: "untested",
    WRONG: "wrong",
}
"""An outcome -> its key among the words, and its class."""


def mark(page: Page, claim: Claim, settled: Settled) -> str:
    """Return the link that ends a claim's sentence: ✓, or the outcome of a statement as a word."""
    target = f"{page.link(CLAIMS_PAGE)}.md#{anchor(page.name, claim)}"
    title = in_rows(_rows(page, claim, settled))
    stale = " .bf-stale" if is_stale(page, claim) else ""
    if claim.kind == "claim":
        return f'[✓]({target} "{title}"){{#{claim_id(claim)} .bf-claim{stale}}}'
    classes = f".bf-outcome .bf-{_WORDS[settled.outcome]}{stale}"
    word = outcome_word(page, claim.kind, settled.outcome)
    return f'[{word}]({target} "{title}"){{#{claim_id(claim)} {classes}}}'


def anchor(page: str, claim: Claim) -> str:
    """Return a claim's id on the page of all claims."""
    return f"{page}-{claim.number}"


def claim_id(claim: Claim) -> str:
    """Return a claim's id on the page that makes it."""
    return f"{claim.kind}-{claim.number}"


def outcome_word(page: Page, kind: str, outcome: Outcome) -> str:
    """Return an outcome as a word; a question is answered."""
    return page.say(f"{'answer' if kind == 'question' else 'outcome'}.{_WORDS[outcome]}")


def outcome_span(page: Page, kind: str, outcome: Outcome, identifier: str = "") -> str:
    """Return an outcome as a word in its colour, with an id of its own where one is given."""
    own = f'id="{identifier}" ' if identifier else ""
    return f'<span {own}class="bf-outcome bf-{_WORDS[outcome]}">{outcome_word(page, kind, outcome)}</span>'


def numbers(page: Page, found: Evaluated) -> Iterator[str]:
    """Yield rows of what a condition's numbers are: each name's mean, what is compared with its interval, n and p."""
    for name in names_in(found.condition):
        yield _named(page, name)
    yield from effect(page, found)
    yield from tried(page, found)
    if found.p is not None:
        yield page.say("claim.p", p=format_number(page.language, found.p, significant=2))
    elif not found.reason and found.method not in ("exact", "count"):
        yield page.say("claim.agree")
    yield from shown_power(page, found)


def effect(page: Page, found: Evaluated) -> Iterator[str]:
    """Yield what is compared, with its interval, and what it is held against where that is not just zero or one."""
    if found.center is None or found.method == "exact":
        return
    center, low, high = _ends(page, found.center, found)
    compared = page.say(f"claim.{found.scale}", number=center)
    yield page.say("claim.interval", number=compared, low=low, high=high) if low else compared
    yield from _held_against(page, found)


def _held_against(page: Page, found: Evaluated) -> Iterator[str]:
    region, neutral = found.region, {"difference": 0.0, "ratio": 1.0}.get(found.scale)
    has_low = region.low > (0.0 if found.scale == "ratio" else -math.inf)
    if has_low and math.isfinite(region.high):
        low, high = (format_number(page.language, end) for end in (region.low, region.high))
        yield page.say("claim.held_within", low=low, high=high)
    elif (end := region.low if has_low else region.high) != neutral:
        number = format_number(page.language, end)
        yield page.say("claim.held_above" if has_low else "claim.held_below", number=number)


def tried(page: Page, found: Evaluated) -> Iterator[str]:
    """Yield how many seeds a condition was tested on and how they were compared."""
    counts = page.say("claim.and").join(map(str, found.seeds))
    if found.reason == "number":
        yield page.say("claim.no_number")
    elif found.reason == "seeds":
        yield page.say("claim.few_seeds", counts=counts, needed=FEWEST_SEEDS)
    else:
        yield page.say(f"claim.{found.method}", counts=counts)


def shown_power(page: Page, found: Evaluated) -> Iterator[str]:
    """Yield that what matters was declared late, and for what was not decided what could have been shown."""
    if declared_late(page, found):
        yield page.say("claim.afterwards")
    if found.outcome != NOT_SUPPORTED or found.reason == "number":
        return
    size = found.detectable
    if size is not None:
        word = "margin" if found.is_equivalence else "distance"
        word += "_ratio" if found.scale == "ratio" else ""
        yield page.say(f"claim.detectable_{word}", size=format_number(page.language, size, significant=2))
    if found.underpowered:
        yield page.say("claim.underpowered")


def repeated_words(page: Page, settled: Settled) -> str:
    """Return what unseen seeds said to what was decided; a confirmation says on what."""
    if settled.repeated == "confirmed":
        return page.say("claim.confirmed_fresh" if settled.fresh else "claim.confirmed_splits")
    return page.say("claim.not_repeated" if settled.repeated == "not repeated" else "claim.unmet")


def confirmed_words(page: Page, settled: Settled) -> str:
    """Return the same in a few words, for the block of a statement."""
    if settled.repeated == "confirmed":
        return page.say("claim.on_fresh" if settled.fresh else "claim.on_splits")
    return page.say("claim.overturned")


def _rows(page: Page, claim: Claim, settled: Settled) -> Iterator[str]:
    for one in settled.found:
        yield str(one.condition)
        yield from numbers(page, one)
    if claim.because:
        yield claim.because
    if settled.repeated:
        yield repeated_words(page, settled)
    if settled.found:
        state = page.say("state.stale" if is_stale(page, claim) else "state.fresh")
        yield page.say("claim.evidence", state=state)


def _named(page: Page, name: Name) -> str:
    found = named(page, name)
    if not isinstance(found, RecordedReference):
        return page.say("claim.mean", name=name, mean=format_number(page.language, found))
    if found.lost:
        return page.say("claim.mean", name=name, mean=lost_words(page, found))
    measurement = found.measurement
    mean = format_mean(page.language, measurement.estimate, measurement.unit)
    if measurement.timing:  # a timing is always shown with its machine
        mean += page.say("literal.separator") + machine(page, measurement.result.witness)
    if measurement.diverged:
        some = page.say("claim.diverged", count=measurement.diverged, total=measurement.runs)
        mean += page.say("literal.separator") + some
    return page.say("claim.mean", name=name, mean=mean)


def _ends(page: Page, center: float, found: Evaluated) -> tuple[str, str, str]:
    """Return what is compared and its interval, with a digit more than the interval asks for; it may be missing."""
    if found.low is None or found.high is None:
        return format_number(page.language, center), "", ""
    numbers = (center, found.low, found.high)
    if found.scale == "ratio":  # its ends lie powers apart, so each keeps its own digits
        digits = next((some for some in range(3, 9) if _agree(found, [float(f"{end:.{some}g}") for end in numbers])), 9)
        told = [format_number(page.language, float(f"{end:.{digits}g}"), significant=digits) for end in numbers]
    else:
        half_width = (found.high - found.low) / 2
        more = next((some for some in range(1, 6) if _agree(found, _rounded(numbers, half_width, some))), 6)
        told = format_alike(page.language, numbers, half_width, digits=more)
    return told[0], told[1], told[2]


def _rounded(numbers: tuple[float, ...], half_width: float, digits: int) -> list[float]:
    usable = 0.0 < half_width < math.inf
    return [round(end, interval_decimals(half_width) + digits) for end in numbers] if usable else list(numbers)


def _agree(found: Evaluated, rounded: Sequence[float]) -> bool:
    """Tell whether rounded ends lie on the same sides of the region's ends, and do not contradict the outcome."""
    bounds = [end for end in (found.region.low, found.region.high) if math.isfinite(end)]
    ends = (found.low or 0.0, found.high or 0.0)
    return all(
        (one < bound, one > bound) == (other < bound, other > bound)
        for one, other in zip(ends, rounded[1:], strict=True)
        for bound in bounds
    )
