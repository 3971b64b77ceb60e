"""How many seeds each variant of a report has: its own number, its experiment's, or the smallest of what it needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bifolio.provenance.declaration import DEFAULT_SEEDS, DEFAULT_VARIANT, Declaration


def resolve_seeds(declarations: Mapping[str, Declaration]) -> dict[str, Declaration]:
    """Return the declarations (by name) with every variant's number of seeds.

    Needs that do not exist or form a circle are passed over: the error that tells them comes with the fingerprints.
    """
    return {
        name: replace(
            declared,
            variants={
                variant: replace(one, seeds=_seeds(declarations, name, variant, ()))
                for variant, one in declared.variants.items()
            },
        )
        for name, declared in declarations.items()
    }


def _seeds(
    declarations: Mapping[str, Declaration], name: str, variant: str, dependents: tuple[tuple[str, str], ...]
) -> int:
    declared = declarations[name]
    own = declared.variants[variant].seeds or declared.seeds
    if own:
        return own
    open_now = (*dependents, (name, variant))
    needed = (need.partition(".") for need in declared.needs_of(variant))
    known = ((of, one or DEFAULT_VARIANT) for of, _, one in needed if of in declarations)
    counts = [
        _seeds(declarations, of, one, open_now)
        for of, one in known
        if one in declarations[of].variants and (of, one) not in open_now
    ]
    return min(counts, default=DEFAULT_SEEDS)
