"""What the author of a claim that fails is told."""

from __future__ import annotations

from collections.abc import Iterator

from bifolio.chapters.claims.outcome import Settled
from bifolio.chapters.context.names import RecordedReference
from bifolio.chapters.context.operands import named
from bifolio.chapters.context.page import Page
from bifolio.claims import (
    CONTRADICTED,
    HOLDS,
    NOT_SUPPORTED,
    Claim,
    Evaluated,
    Region,
    names_in,
)
from bifolio.errors import ChangedOutcome, ClaimError, ContradictedClaim, UnsupportedClaim
from bifolio.statistics import FEWEST_SEEDS


def failures(page: Page, claim: Claim, settled: Settled) -> Iterator[ClaimError]:
    """Yield what is wrong with a claim that does not hold, or a statement whose outcome is not the expected one."""
    numbers = "; ".join(told(page, one) for one in settled.found) or claim.because
    again = f"; {on_new_seeds(settled)}" if settled.repeated == "not repeated" else ""
    if claim.kind != "claim":
        if settled.outcome != claim.expected:
            problem = f"the outcome of this {claim.kind} is “{settled.outcome}”: {claim.sentence}"
            found, expected = f"{numbers}{again}", f"“{claim.expected}”"
            yield ChangedOutcome(problem, file=claim.file, line=claim.line, found=found, expected=expected)
        return
    kinds = {CONTRADICTED: ContradictedClaim, NOT_SUPPORTED: UnsupportedClaim}
    if settled.outcome != HOLDS:
        (condition,) = settled.found
        yield kinds[settled.outcome](
            f"this claim is {settled.repeated if again else settled.outcome}: {claim.sentence}",
            file=claim.file,
            line=claim.line,
            found=f"{numbers}{again}",
            expected=f"{condition.condition}, that is {_wanted(condition)}",
        )


def on_new_seeds(settled: Settled) -> str:
    """Return what new seeds said, for a message on the terminal."""
    said = ((first.profile, first.found) for first in settled.unseen)
    return "; ".join(f"on new seeds ({profile}): {one.outcome}, {one.told}" for profile, one in said)


def told(page: Page, found: Evaluated) -> str:
    """Return the numbers of a condition for a message on the terminal."""
    counts = " and ".join(map(str, found.seeds))
    parts = [f"{name} {_told(page, named(page, name))}" for name in names_in(found.condition)]
    if found.center is not None:
        parts.append(f"{found.scale} {found.center:.4g}")
    if found.low is not None and found.high is not None:
        parts.append(f"99 % interval {found.low:.4g} to {found.high:.4g}")
    parts.append("exact" if found.method == "exact" else f"n = {counts}")
    if found.reason == "seeds":
        parts.append(f"fewer than {FEWEST_SEEDS} seeds in common")
    elif found.reason == "number":
        parts.append("no finite number for some seed")
    elif found.method != "exact":
        parts.append({"student": "paired by seed", "welch": "Welch"}.get(found.method, "Clopper-Pearson"))
    if found.outcome == NOT_SUPPORTED and (size := found.detectable) is not None:
        what = "a margin" if found.is_equivalence else "a distance from the boundary"
        what = f"{what}, as a factor," if found.scale == "ratio" else what
        parts.append(f"80 % power for {what} of {size:.3g}")
    return ", ".join(parts)


def _told(page: Page, found: RecordedReference | float) -> str:
    if not isinstance(found, RecordedReference):
        return f"= {found:.4g}"
    diverged, runs = page.catalogue.diverged(found.of)
    some = f" ({diverged} of {runs} runs diverged)" if diverged else ""
    return f"is missing{some}" if found.lost else f"= {found.measurement.estimate.mean:.4g}{some}"


def _wanted(found: Evaluated) -> str:
    subject = found.scale if found.method == "exact" else f"the whole interval of the {found.scale}"
    return f"{subject} {_range(found.region)}"


def _range(region: Region) -> str:
    also = " or equal to" if region.closed else ""
    if region.low in (float("-inf"), 0.0) and region.high < float("inf"):
        return f"below{also} {region.high:g}"
    if region.high == float("inf"):
        return f"above{also} {region.low:g}"
    return f"from {region.low:g} to {region.high:g}"
