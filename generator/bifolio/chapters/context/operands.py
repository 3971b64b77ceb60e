"""What the names of a condition or a computation stand for on a page: values of experiments, numbers of configs."""

from __future__ import annotations

from bifolio.chapters.context.absent import absent
from bifolio.chapters.context.cells import RowReference, where
from bifolio.chapters.context.names import (
    ConfigReference,
    ExperimentReference,
    RecordedReference,
    VariantReference,
    describe,
)
from bifolio.chapters.context.page import Page
from bifolio.claims import Exact, Name, Operand, Sampled
from bifolio.errors import ConditionError, UnknownNameError
from bifolio.provenance.quantities import quantity_of
from bifolio.results.measurement import split_ratio


def named(page: Page, name: Name) -> RecordedReference | float:
    """Return what a name in a condition means: a value, or a number of a config; raise BifolioError."""
    first, *rest = name.parts
    declarations = page.catalogue.declarations
    if first not in declarations:
        raise absent(page.catalogue, "experiment", first, declarations)
    found: object = ExperimentReference(page, first)
    for place, part in enumerate(rest, start=1):
        if name.row and place == len(rest) and isinstance(found, RecordedReference) and found.kind == "table":
            found = where(found, **dict(name.row))
        if not isinstance(found, ExperimentReference | VariantReference | ConfigReference | RowReference):
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
    declared = quantity_of(page.catalogue.declarations[found.of.experiment], found.declared_as)
    results = found.results()
    if found.measurement.exact:
        return Exact(found.measurement.estimate.mean)
    return Sampled(
        found.of.experiment,
        found.numbers(),
        max(map(split_ratio, results)),
        declared.range if declared else None,
        declared.matters if declared else None,
        found.measurement.of[0] if len(found.measurement.of) == 1 else None,
    )
