"""Rules about what is declared of quantities: it is about something, about one thing, true, and in the ledger."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from functools import partial
from typing import Any

from bifolio.chapters.memory import file_digest
from bifolio.check.finding import Finding, finding_of
from bifolio.check.subject import Stored, Subject
from bifolio.errors import DeclarationError, ResultError, nearest_name
from bifolio.project import Project
from bifolio.provenance.declaration import Declaration, Range, RunName
from bifolio.provenance.quantities import is_within, matching_patterns, quantity_of, range_text
from bifolio.results.ledger import Seeds, extended, ledger_path, read_ledger, seeds_stored


def numbers_out_of_range(subject: Subject) -> Iterator[Finding]:
    """Yield the first stored number of each value and column of a variant that lies outside its declared range."""
    for declaration in subject.declarations.values():
        told: set[tuple[str, str, str]] = set()
        ranges: dict[str, Range | None] = {}  # once for a name: hundreds of runs recorded it
        for run, stored in _runs(subject, declaration):
            for name, ends in _recorded(stored).items():
                limits = ranges[name] if name in ranges else ranges.setdefault(name, _range(declaration, name))
                number = next((end for end in ends if limits and not is_within(end, limits)), None)
                key = (run.profile, run.variant, name)
                if limits and number is not None and key not in told:
                    told.add(key)
                    expected = f"{range_text(limits)}, as {declaration.file} declares, or another range there"
                    yield _finding("out-of-range", declaration, f"{run}: {name} is {number}", expected)


def _range(declaration: Declaration, name: str) -> Range | None:
    try:
        quantity = quantity_of(declaration, name)
    except DeclarationError:
        return None  # another rule tells it
    return quantity.range if quantity else None


def ambiguous_quantities(subject: Subject) -> Iterator[Finding]:
    """Yield the recorded names that more than one pattern matches."""
    for declaration in subject.declarations.values():
        for name in _names(subject, declaration):
            try:
                quantity_of(declaration, name)
            except DeclarationError as error:
                found = f"{error.problem}: {error.found}"
                yield _finding("ambiguous-quantity", declaration, found, str(error.expected))


def unmatched_quantities(subject: Subject) -> Iterator[Finding]:
    """Yield the names and patterns that match nothing recorded, once something is stored."""
    for declaration in subject.declarations.values():
        names = _names(subject, declaration)
        matching = {pattern for name in names for pattern in matching_patterns(declaration, name)}
        for pattern in declaration.quantities if names else ():
            if pattern not in matching:
                near = nearest_name(pattern, names)
                expected = f"one of {', '.join(names)}" + (f" (nearest: {near})" if near else "")
                yield _finding("unmatched-quantity", declaration, f"nothing recorded matches {pattern}", expected)


def outdated_ledgers(subject: Subject) -> Iterator[Finding]:
    """Yield the ledgers that lag behind what is declared or stored, and those that are damaged.

    Before the first `bifolio run` there is none, and none is missed as long as nothing is declared to matter.
    """
    for declaration in subject.declarations.values():
        digest = file_digest(ledger_path(subject.project, declaration.name))
        stored = seeds_stored(subject.project, declaration.name)
        decides = f"{declaration.name} {digest} {declaration.quantities} {stored}"
        look = partial(_look_at_ledger, subject.project, declaration, stored)
        yield from (Finding(**found) for found in subject.memo.recall("ledger", decides, look))


def _look_at_ledger(project: Project, declaration: Declaration, stored: Seeds) -> list[dict[str, Any]]:
    """Return, as plain data, what is wrong with an experiment's ledger: at most one finding."""
    path = ledger_path(project, declaration.name)
    try:
        ledger = read_ledger(project, declaration.name)
    except ResultError as error:
        return [asdict(finding_of(error))]
    after = extended(ledger, declaration, stored, "")
    changed = [name for name, history in after.quantities.items() if history != ledger.quantities.get(name)]
    found = f"what matters is declared otherwise now: {', '.join(changed)}" if changed else ""
    if not changed and path.exists() and after != ledger:
        found = "seeds are stored that it does not have"
    expected = f"`bifolio run {declaration.name}`, which writes it"
    return [asdict(Finding("outdated-ledger", project.relative(path), 0, "", found, expected))] if found else []


def _runs(subject: Subject, declaration: Declaration) -> Iterator[tuple[RunName, Stored]]:
    return ((run, stored) for run, stored in subject.stored.items() if run.experiment == declaration.name)


def _recorded(stored: Stored) -> dict[str, tuple[float, float]]:
    """Return the lowest and the highest number of every value and column."""
    return {**{name: (value.number, value.number) for name, value in stored.values.items()}, **stored.columns}


def _names(subject: Subject, declaration: Declaration) -> list[str]:
    if not declaration.quantities:
        return []
    return sorted({name for _, stored in _runs(subject, declaration) for name in _recorded(stored)})


def _finding(rule: str, declaration: Declaration, found: str, expected: str) -> Finding:
    return Finding(rule, declaration.file, declaration.line, "", found, expected)
