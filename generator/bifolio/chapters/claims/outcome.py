"""What came of a claim on a page, from what its names stand for there."""

from __future__ import annotations

from functools import partial

from bifolio.chapters.context.absent import absent
from bifolio.chapters.context.catalogue import split_ratio
from bifolio.chapters.context.names import (
    ConfigReference,
    ExperimentReference,
    RecordedReference,
    VariantReference,
    describe,
)
from bifolio.chapters.context.page import Page
from bifolio.claims import (
    Claim,
    Evaluated,
    Exact,
    Name,
    Operand,
    Sampled,
    evaluate,
    names_in,
)
from bifolio.errors import ConditionError, UnknownNameError


def evaluated(page: Page, claim: Claim) -> tuple[Evaluated, ...]:
    """Return what came of each condition of a claim; the page uses what the conditions name."""
    return tuple(evaluate(condition, partial(quantity, page)) for condition in claim.conditions)


def named(page: Page, name: Name) -> RecordedReference | float:
    """Return what a name in a condition means: a value, or a number of a config; raise BifolioError."""
    first, *rest = name.parts
    declarations = page.catalogue.declarations
    if first not in declarations:
        raise absent(page.catalogue, "experiment", first, declarations)
    found: object = ExperimentReference(page, first)
    for part in rest:
        if not isinstance(found, ExperimentReference | VariantReference | ConfigReference):
            raise UnknownNameError(f"{describe(found)} has no parts", found=name, expected="a value or a number")
        found = found.member(part)
    if isinstance(found, RecordedReference) and found.kind == "value":
        return found
    if isinstance(found, int | float) and not isinstance(found, bool):
        return found
    what = f"the {found.kind} {found}" if isinstance(found, RecordedReference) else describe(found)
    raise ConditionError("a condition compares numbers", found=what, expected="a value, or a number of a config")


def quantity(page: Page, name: Name) -> Operand:
    """Return the numbers that a name stands for: a number of a config is exact, and a value that `is_exact`."""
    found = named(page, name)
    if not isinstance(found, RecordedReference):
        return Exact(found)
    if found.lost:
        return Sampled(found.of.experiment, {})
    results = found.results()
    if found.measurement.exact:
        return Exact(found.measurement.estimate.mean)
    numbers = {result.name.seed: result.values[found.name].number for result in results}
    return Sampled(found.of.experiment, numbers, max(map(split_ratio, results)))


def is_stale(page: Page, claim: Claim) -> bool:
    """Tell whether something that a claim names was measured by code that has changed."""
    found = (named(page, name) for condition in claim.conditions for name in names_in(condition))
    return any(bool(page.catalogue.stale(one.of)) for one in found if isinstance(one, RecordedReference))
