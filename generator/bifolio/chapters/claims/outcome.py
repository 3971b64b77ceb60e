"""Claims on a page: what their names stand for, what came of them, and what is wrong with those that fail."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import partial

from bifolio.chapters.context.catalogue import split_ratio
from bifolio.chapters.context.names import (
    ConfigReference,
    ExperimentReference,
    Recorded,
    VariantReference,
    describe,
)
from bifolio.chapters.context.page import Page
from bifolio.chapters.macros.citations import name_citations
from bifolio.claims import (
    CONTRADICTED,
    HOLDS,
    NOT_SUPPORTED,
    Claim,
    Evaluated,
    Exact,
    Name,
    Operand,
    Region,
    Sampled,
    evaluate,
    names_in,
    statement_outcome,
)
from bifolio.errors import (
    ChangedOutcome,
    ClaimError,
    ConditionError,
    ContradictedClaim,
    UnknownNameError,
    UnsupportedClaim,
    unknown,
)
from bifolio.statistics import FEWEST_SEEDS

_LINK = re.compile(
    r"""!?\[((?:[^\[\]\\]|\\.)*)\]          # what is shown
        \((?:[^()\s]|\([^()\s]*\))*        # where it leads
        (?:\s+"[^"]*")?\)                  # its title
        (?:\{[^{}]*\})?""",
    re.VERBOSE,
)


def evaluated(page: Page, claim: Claim) -> tuple[Evaluated, ...]:
    """Return what came of each condition of a claim; the page uses what the conditions name."""
    return tuple(evaluate(condition, partial(quantity, page)) for condition in claim.conditions)


def named(page: Page, name: Name) -> Recorded | float:
    """Return what a name in a condition means: a value, or a number of a config; raise BifolioError."""
    first, *rest = name.parts
    declarations = page.catalogue.declarations
    if first not in declarations:
        raise unknown("experiment", first, declarations)
    found: object = ExperimentReference(page, first)
    for part in rest:
        if not isinstance(found, ExperimentReference | VariantReference | ConfigReference):
            raise UnknownNameError(f"{describe(found)} has no parts", found=name, expected="a value or a number")
        found = found.member(part)
    if isinstance(found, Recorded) and found.kind == "value":
        return found
    if isinstance(found, int | float) and not isinstance(found, bool):
        return found
    what = f"the {found.kind} {found}" if isinstance(found, Recorded) else describe(found)
    raise ConditionError("a condition compares numbers", found=what, expected="a value, or a number of a config")


def quantity(page: Page, name: Name) -> Operand:
    """Return the numbers that a name stands for: a number of a config is exact, and a value that `is_exact`."""
    found = named(page, name)
    if not isinstance(found, Recorded):
        return Exact(found)
    results = found.results()
    if found.measurement.exact:
        return Exact(found.measurement.estimate.mean)
    numbers = {result.name.seed: result.values[found.name].number for result in results}
    return Sampled(found.of.experiment, numbers, max(map(split_ratio, results)))


def is_stale(page: Page, claim: Claim) -> bool:
    """Tell whether something that a claim names was measured by code that has changed."""
    found = (named(page, name) for condition in claim.conditions for name in names_in(condition))
    return any(bool(page.catalogue.stale(one.of)) for one in found if isinstance(one, Recorded))


def failures(page: Page, claim: Claim, found: Sequence[Evaluated]) -> Iterator[ClaimError]:
    """Yield what is wrong with a claim that does not hold, or a statement whose outcome is not the expected one."""
    numbers = "; ".join(told(page, one) for one in found) or claim.because
    if claim.kind == "statement":
        outcome = statement_outcome([one.outcome for one in found])
        if outcome != claim.expected:
            problem = f"the outcome of this statement is “{outcome}”: {claim.sentence}"
            yield ChangedOutcome(
                problem, file=claim.file, line=claim.line, found=numbers, expected=f"“{claim.expected}”"
            )
        return
    kinds = {CONTRADICTED: ContradictedClaim, NOT_SUPPORTED: UnsupportedClaim}
    for one in found:
        if one.outcome != HOLDS:
            yield kinds[one.outcome](
                f"this claim is {one.outcome}: {claim.sentence}",
                file=claim.file,
                line=claim.line,
                found=numbers,
                expected=f"{one.condition}, that is {_wanted(one)}",
            )


def plain_sentence(page: Page, markdown: str) -> str:
    """Return a sentence on one line, with numbers and citations but without their links, so that any page can have it.

    Raises CitationError for a work that is not listed.
    """
    return " ".join(_LINK.sub(r"\1", name_citations(page, markdown)).split())


def told(page: Page, found: Evaluated) -> str:
    """Return the numbers of a condition for a message on the terminal."""
    counts = " and ".join(map(str, found.seeds))
    parts = [f"{name} = {_mean(named(page, name)):.4g}" for name in names_in(found.condition)]
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
        parts.append("paired by seed" if found.method == "student" else "Welch")
    return ", ".join(parts)


def _mean(found: Recorded | float) -> float:
    return found.measurement.estimate.mean if isinstance(found, Recorded) else found


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
