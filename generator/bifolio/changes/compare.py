"""Compares the evidence of two states of a report: values, what else was recorded, freshness, and who shows it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bifolio.chapters.claims.elsewhere import outcomes_of
from bifolio.chapters.composed import Composition, claims_of
from bifolio.chapters.context.catalogue import Catalogue, Use, VariantName
from bifolio.chapters.context.page import anchor
from bifolio.results.record import Result
from bifolio.statistics import Estimate

Shown = tuple[VariantName, str]
"""A recorded name, or `config` or `declaration`, of a variant."""


@dataclass(frozen=True)
class ValueChange:
    """A value before and after; None where there was or is none."""

    name: str
    unit: str
    timing: bool
    before: Estimate | None
    after: Estimate | None


@dataclass(frozen=True)
class ClaimChange:
    """A claim or statement as it is written now, and its outcome over the earlier and over the later results."""

    page: str
    kind: str
    sentence: str
    before: str
    after: str


@dataclass(frozen=True)
class Changes:
    """What differs; `others` are choices, divergence, tables, samples, images and configs.

    `pages` maps a page to what it shows of it all; `states` maps experiment and profile to their freshness before and
    after, in words; `verdicts` maps variants to what reproducing them found.
    """

    added: tuple[str, ...]
    removed: tuple[str, ...]
    states: Mapping[str, tuple[str, str]]
    verdicts: Mapping[str, tuple[str, str]]
    values: tuple[ValueChange, ...]
    others: Mapping[str, str]
    claims: tuple[ClaimChange, ...]
    pages: Mapping[str, tuple[str, ...]]
    failing: Mapping[str, str]

    def __bool__(self) -> bool:
        return any(
            (self.added, self.removed, self.states, self.verdicts, self.values, self.others, self.claims, self.failing)
        )


def find_changes(before: Catalogue, after: Catalogue, composition: Composition) -> Changes:
    """Compare two catalogues; `composition` is that of the later state."""
    old, new = ({*catalogue.declarations, *catalogue.broken} for catalogue in (before, after))
    values: list[ValueChange] = []
    others: dict[str, str] = {}
    changed: set[Shown] = set()
    for name in _variants(before, after):
        one, other = (_results(catalogue, name) for catalogue in (before, after))
        for value in sorted({value for result in (*one, *other) for value in result.values}):
            if _numbers(one, value) != _numbers(other, value):
                values.append(_value(before, after, name, value))
                changed.add((name, value))
        for recorded, said in _others(one, other):
            others[f"{_full(name)}.{recorded}"] = said
            changed.add((name, recorded))
    states = dict(_states(before, after))
    both = {name: (_verdict(before, name), _verdict(after, name)) for name in _variants(before, after)}
    verdicts = {name: (one, other) for name, (one, other) in both.items() if one != other}
    return Changes(
        added=tuple(sorted(new - old)),
        removed=tuple(sorted(old - new)),
        states=states,
        verdicts={_full(name): change for name, change in verdicts.items()},
        values=tuple(values),
        others=others,
        claims=_claims(before, after, composition),
        pages=_pages(composition, changed, states, verdicts),
        failing={name: error.problem.split("\n")[0] for name, error in sorted(composition.errors.items())},
    )


def _variants(before: Catalogue, after: Catalogue) -> list[VariantName]:
    """Return everything that was measured in either state, in order of name, profile and declaration."""
    found: dict[VariantName, None] = {}
    broken = {*before.broken, *after.broken}  # their results are what they were
    for catalogue in (after, before):
        for experiment in (name for name in catalogue.declarations if name not in broken):
            for profile in catalogue.profiles(experiment):
                for variant in catalogue.results(experiment, profile):
                    found[VariantName(experiment, profile, variant)] = None
    return sorted(found, key=lambda name: (name.experiment, name.profile))


def _results(catalogue: Catalogue, name: VariantName) -> tuple[Result, ...]:
    if name.experiment not in catalogue.declarations:
        return ()
    return catalogue.results(name.experiment, name.profile).get(name.variant, ())


def _numbers(results: Iterable[Result], value: str) -> list[tuple[int, float, str, int | None]]:
    return [
        (result.name.seed, result.values[value].number, result.values[value].unit, result.values[value].of)
        for result in results
        if value in result.values
    ]


def _value(before: Catalogue, after: Catalogue, name: VariantName, value: str) -> ValueChange:
    sides = [
        catalogue.value(name, value) if _numbers(_results(catalogue, name), value) else None
        for catalogue in (before, after)
    ]
    last = sides[1] or sides[0]
    return ValueChange(
        name=f"{_full(name)}.{value}",
        unit=last.unit if last else "",
        timing=bool(last and last.timing),
        before=sides[0].estimate if sides[0] else None,
        after=sides[1].estimate if sides[1] else None,
    )


def _others(before: tuple[Result, ...], after: tuple[Result, ...]) -> Iterator[tuple[str, str]]:
    """Yield what else changed of a variant, and how, in words."""
    for kind in ("choices", "tables", "samples", "images"):
        sides = [_by_seed(results, kind) for results in (before, after)]
        for name in sorted({name for side in sides for by_name in side.values() for name in by_name}):
            seeds = sorted({*sides[0], *sides[1]})
            differing = [seed for seed in seeds if sides[0].get(seed, {}).get(name) != sides[1].get(seed, {}).get(name)]
            if differing:
                yield name, f"{kind[:-1]} differs in {len(differing)} of {len(seeds)} seeds"
    diverged = [sum(result.diverged is not None for result in results) for results in (before, after)]
    if diverged[0] != diverged[1]:
        yield "diverged", f"diverged in {diverged[0]} of {len(before)} seeds → {diverged[1]} of {len(after)}"
    configs = [results[0].config if results else {} for results in (before, after)]
    fields = sorted({*configs[0], *configs[1]}) if before and after else []
    changed = [field for field in fields if configs[0].get(field) != configs[1].get(field)]
    if changed:
        said = (f"{field} {configs[0].get(field)!r} → {configs[1].get(field)!r}" for field in changed)
        yield "config", "; ".join(said)


def _by_seed(results: Iterable[Result], kind: str) -> dict[int, Mapping[str, Any]]:
    return {result.name.seed: getattr(result, kind) for result in results}


def _states(before: Catalogue, after: Catalogue) -> Iterator[tuple[str, tuple[str, str]]]:
    for key in sorted({*before.states, *after.states}):
        one, other = (_state(catalogue, key) for catalogue in (before, after))
        if one[0] != other[0]:
            yield " ".join(key), (": ".join(filter(None, one)), ": ".join(filter(None, other)))


def _verdict(catalogue: Catalogue, name: VariantName) -> str:
    return (catalogue.verdict(name) if _results(catalogue, name) else None) or "not reproduced"


def _state(catalogue: Catalogue, key: tuple[str, str]) -> tuple[str, str]:
    """Return the state of an experiment at a profile, and why it is not fresh."""
    found = catalogue.states.get(key)
    if found:
        return found.state, "" if found.state == "fresh" else found.reason
    broken = catalogue.broken.get(key[0])
    return ("broken", broken.summary) if broken else ("none", "")


def _claims(before: Catalogue, after: Catalogue, composition: Composition) -> tuple[ClaimChange, ...]:
    claims = claims_of(after.project, composition)
    sides = zip(outcomes_of(before, claims), outcomes_of(after, claims), strict=True)
    return tuple(
        ClaimChange(other.page, other.claim.kind, other.claim.sentence, one.outcome, other.outcome)
        for one, other in sides
        if one.outcome != other.outcome
    )


def _pages(
    composition: Composition,
    changed: set[Shown],
    states: Mapping[str, tuple[str, str]],
    verdicts: Mapping[VariantName, tuple[str, str]],
) -> dict[str, tuple[str, ...]]:
    """Return the chapters that show something that changed, if only on a value's card, which has state and verdict.

    Evidence pages show everything, so they are left out.
    """
    pages: dict[str, tuple[str, ...]] = {}
    uses: dict[str, Iterable[Use]] = {path: record.uses for path, record in composition.records.items()}
    uses |= {path: sorted(page.uses, key=Use.place) for path, page in composition.failed.items()}
    for path, used in sorted(uses.items()):
        shown = [
            f"{_full(use.of)}.{use.name}"
            for use in used
            if (use.of, _name(use)) in changed
            or (use.kind == "value" and use.of in verdicts)
            or f"{use.of.experiment} {use.of.profile}" in states
        ]
        if shown and "/evidence/" not in path:
            pages[path] = tuple(dict.fromkeys(shown))
    return pages


def _name(use: Use) -> str:
    return "config" if use.kind == "config" else use.name


def _full(name: VariantName) -> str:
    """Return a variant as templates write it."""
    return ".".join([name.experiment, *filter(None, [anchor(name, "").replace("-", ".")])])
