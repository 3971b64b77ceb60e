"""What was declared of an experiment's quantities, with the time of it, as a part of its evidence page."""

from __future__ import annotations

from collections.abc import Iterator

from bifolio.chapters.context.page import Page
from bifolio.formats.numbers import format_number
from bifolio.markdown.escaping import escape
from bifolio.provenance.declaration import Declaration, QuantityDeclaration, Range
from bifolio.results.ledger import (
    Ledger,
    Seeds,
    declared_afterwards,
    last_declared,
    ledger_path,
    read_ledger,
    seeds_since,
)


def quantity_list(page: Page, declaration: Declaration) -> str:
    """Return an item for each name or pattern; the page is made anew when the ledger changes."""
    page.read(page.project.relative(ledger_path(page.project, declaration.name)))
    ledger = read_ledger(page.project, declaration.name)
    return "\n".join(
        f"- {' · '.join([f'`{pattern}`', *_parts(page, declaration, pattern, quantity, ledger)])}"
        for pattern, quantity in declaration.quantities.items()
    )


def _parts(
    page: Page, declaration: Declaration, pattern: str, quantity: QuantityDeclaration, ledger: Ledger
) -> Iterator[str]:
    if quantity.range is not None:
        yield _range(page, quantity.range)
    if quantity.exact:
        yield page.say("quantity.exact")
    if quantity.matters is not None:
        reason = page.language.words.get(f"reason.{declaration.name}.{pattern}", quantity.reason)
        yield page.say("quantity.matters", size=format_number(page.language, quantity.matters), reason=escape(reason))
        yield _declared(page, pattern, quantity, ledger)


def _range(page: Page, limits: Range) -> str:
    ends = {
        end: format_number(page.language, at) for end, at in zip(("low", "high"), limits, strict=True) if at is not None
    }
    return page.say("quantity.between" if len(ends) == 2 else f"quantity.{next(iter(ends))}", **ends)


def _declared(page: Page, pattern: str, quantity: QuantityDeclaration, ledger: Ledger) -> str:
    """Say whether what matters was declared before anything was measured."""
    declared = last_declared(ledger, pattern)
    if declared is None or declared.matters != quantity.matters:
        return page.say("quantity.unnoted")
    if not declared.seeds:
        return page.say("quantity.before")
    if declared_afterwards(ledger, pattern):
        return page.say("quantity.afterwards", seeds=_numbers(page, declared.seeds))
    return page.say(
        "quantity.answered", seeds=_numbers(page, declared.seeds), later=_numbers(page, seeds_since(ledger, declared))
    )


def _numbers(page: Page, seeds: Seeds) -> str:
    """Return the seeds of all variants, those that follow each other as `first–last`."""
    numbers = sorted({seed for variants in seeds.values() for of in variants.values() for seed in of})
    firsts = [seed for seed in numbers if seed - 1 not in numbers]
    lasts = [seed for seed in numbers if seed + 1 not in numbers]
    return page.say("literal.separator").join(
        str(low) if low == high else f"{low}–{high}" for low, high in zip(firsts, lasts, strict=True)
    )
