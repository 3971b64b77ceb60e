"""Claims on new seeds: when each condition was written down, and its first outcome on seeds that were run later."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from bifolio.project import SMOKE_PROFILE, Name, Project
from bifolio.provenance.forms import Date, Line
from bifolio.results.ledger import read_ledger, seeds_stored
from bifolio.results.new_seeds import on_new_seeds
from bifolio.results.store import encode_data, read_checked
from bifolio.storage import write_file


@dataclass(frozen=True)
class ClaimOnNewSeeds:
    """`seeds` maps each experiment to the first of its new seeds; `told` are the numbers in words."""

    page: Line
    kind: Line
    sentence: str
    conditions: tuple[Line, ...]
    seeds: Mapping[Name, Line]
    wanted: Line
    outcome: Line
    told: Line

    @property
    def key(self) -> tuple[str, tuple[str, ...], tuple[tuple[str, str], ...]]:
        """Return what makes it another question: who says it, its conditions, and the seeds that answer."""
        return (self.kind, self.conditions, tuple(sorted(self.seeds.items())))


@dataclass(frozen=True)
class Written:
    """What a claim or statement asks, and when the report was first found to ask it.

    `seen` maps each experiment that it names to the highest seed that had been run by then: only seeds above it were
    unseen when the condition was written.
    """

    kind: Line
    conditions: tuple[Line, ...]
    date: Date
    seen: Mapping[Name, int]


Asked = tuple[str, tuple[str, ...]]
"""The kind and the conditions of a claim: what makes it the same question."""


@dataclass(frozen=True)
class Kept:
    """What the file of a profile holds; of what is not in `written`, nobody knows when it was written."""

    claims: tuple[ClaimOnNewSeeds, ...]
    written: tuple[Written, ...] = ()


def claims_path(project: Project, profile: str) -> Path:
    return on_new_seeds(project).results(profile) / f"claims-{profile}.json"


def read_claims(project: Project, profile: str) -> Kept:
    """Return what was written down and found so far; raise ResultError for a damaged file."""
    from bifolio.results.reading import read_record

    path = claims_path(project, profile)
    if not path.exists():
        return Kept(())
    file = project.relative(path)
    return read_record(read_checked(path, file, "take the committed file back"), Kept, file, path)


@dataclass(frozen=True)
class FirstOutcome:
    """What new seeds said first; `unseen` tells that all of them were first run after the condition was written."""

    profile: str
    found: ClaimOnNewSeeds
    unseen: bool


FirstOutcomes = Mapping[Asked, tuple[FirstOutcome, ...]]
"""What new seeds said, by what was asked."""


def first_outcomes(project: Project) -> FirstOutcomes:
    """Return what was found at all profiles; raise ResultError for a damaged file."""
    found: dict[Asked, tuple[FirstOutcome, ...]] = {}
    for profile in (profile for profile in project.profiles if profile != SMOKE_PROFILE):
        kept = read_claims(project, profile)
        written = _by_question(kept)
        for one in kept.claims:
            key = (one.kind, one.conditions)
            found[key] = (*found.get(key, ()), FirstOutcome(profile, one, _is_unseen(one, written)))
    return found


def write_down(project: Project, profile: str, asked: Iterable[tuple[Asked, Iterable[str]]]) -> None:
    """Write down what is asked of which experiments and was not asked before, and which seeds have been run by now.

    Whatever is asked later of the same experiments has seen them. Raises ResultError for a damaged file.
    """
    kept = read_claims(project, profile)
    written = _by_question(kept)
    date = datetime.now(UTC).isoformat(timespec="seconds")
    for (kind, conditions), experiments in asked:
        if (kind, conditions) not in written:
            seen = {name: _highest_seed(project, profile, name) for name in sorted(set(experiments))}
            written[kind, conditions] = Written(kind, conditions, date, seen)
    _keep(project, profile, Kept(kept.claims, tuple(written.values())), kept)


def keep_first_outcomes(
    project: Project, profile: str, found: Iterable[ClaimOnNewSeeds]
) -> tuple[ClaimOnNewSeeds, ...]:
    """Write down what is new, and return everything asked for as it was found first.

    Left out is what seeds say that had been run when the condition was written: that confirms nothing.
    """
    before = read_claims(project, profile)
    written = _by_question(before)
    kept = {claim.key: claim for claim in before.claims}
    asked = [kept.setdefault(claim.key, claim) for claim in found if claim.key in kept or _is_unseen(claim, written)]
    _keep(project, profile, Kept(tuple(kept.values()), before.written), before)
    return tuple(asked)


def _is_unseen(found: ClaimOnNewSeeds, written: Mapping[Asked, Written]) -> bool:
    """Tell whether a condition was written down before any of the seeds that answered it were run."""
    when = written.get((found.kind, found.conditions))
    if when is None:
        return False
    return all(first.isdecimal() and int(first) > when.seen.get(name, -1) for name, first in found.seeds.items())


def _highest_seed(project: Project, profile: str, experiment: str) -> int:
    """Return the highest seed of an experiment that was ever run and kept, -1 for none."""
    known = (read_ledger(project, experiment).seeds, seeds_stored(project, experiment))
    return max((max(seeds) for one in known for seeds in one.get(profile, {}).values() if seeds), default=-1)


def _by_question(kept: Kept) -> dict[Asked, Written]:
    return {(one.kind, one.conditions): one for one in kept.written}


def _keep(project: Project, profile: str, kept: Kept, before: Kept) -> None:
    """Write the file of a profile, in order, if it holds anything new."""
    ordered = Kept(
        tuple(sorted(kept.claims, key=lambda claim: claim.key)),
        tuple(sorted(kept.written, key=lambda one: (one.kind, one.conditions))),
    )
    if ordered != before:
        write_file(claims_path(project, profile), encode_data(asdict(ordered)))
