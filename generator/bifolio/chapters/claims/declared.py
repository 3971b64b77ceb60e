"""Whether what decides a condition was declared before its seeds were run."""

from __future__ import annotations

from bifolio.chapters.context.names import RecordedReference
from bifolio.chapters.context.operands import named
from bifolio.chapters.context.page import Page
from bifolio.claims import NOT_SUPPORTED, Evaluated, names_in
from bifolio.claims.condition import Approximately
from bifolio.provenance.quantities import quantity_of
from bifolio.results.ledger import declared_afterwards, ledger_path, read_ledger


def declared_late(page: Page, found: Evaluated) -> bool:
    """Tell whether a condition hangs on what is said to matter, and that was said when its seeds had been run.

    It does where `≈` names no margin, and where what could have been shown is held against what matters. Seeds that
    were first run later lift it. The page is made anew when the ledger changes; raises ResultError for a damaged one.
    """
    unnamed = isinstance(found.condition, Approximately) and found.condition.margin is None
    if not unnamed and (found.matters is None or found.outcome != NOT_SUPPORTED):
        return False
    return any(_is_late(page, named(page, name)) for name in names_in(found.condition))


def _is_late(page: Page, value: object) -> bool:
    if not isinstance(value, RecordedReference):
        return False
    declaration = page.catalogue.declarations[value.of.experiment]
    quantity = quantity_of(declaration, value.declared_as)
    if quantity is None or quantity.matters is None:
        return False
    pattern = next(key for key, one in declaration.quantities.items() if one is quantity)
    page.read(page.project.relative(ledger_path(page.project, declaration.name)))
    waiting = declared_afterwards(read_ledger(page.project, declaration.name), pattern)
    return value.of.variant in waiting.get(value.of.profile, {})
