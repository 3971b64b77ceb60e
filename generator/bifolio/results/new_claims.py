"""Claims on new seeds: the first outcome of each condition on seeds that the report had not seen, which is kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from bifolio.project import SMOKE_PROFILE, Name, Project
from bifolio.provenance.forms import Line
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
class Kept:
    """What the file of a profile holds."""

    claims: tuple[ClaimOnNewSeeds, ...]


def claims_path(project: Project, profile: str) -> Path:
    return on_new_seeds(project).results(profile) / f"claims-{profile}.json"


def read_claims(project: Project, profile: str) -> tuple[ClaimOnNewSeeds, ...]:
    """Return what was found so far; raise ResultError for a damaged file."""
    from bifolio.results.reading import read_record

    path = claims_path(project, profile)
    if not path.exists():
        return ()
    file = project.relative(path)
    return read_record(read_checked(path, file, "take the committed file back"), Kept, file).claims


FirstOutcomes = Mapping[tuple[str, tuple[str, ...]], tuple[tuple[str, ClaimOnNewSeeds], ...]]
"""What new seeds said, each with the profile, by the kind and the conditions of a claim."""


def first_outcomes(project: Project) -> FirstOutcomes:
    """Return what was found at all profiles; raise ResultError for a damaged file."""
    found: dict[tuple[str, tuple[str, ...]], tuple[tuple[str, ClaimOnNewSeeds], ...]] = {}
    for profile in (profile for profile in project.profiles if profile != SMOKE_PROFILE):
        for one in read_claims(project, profile):
            key = (one.kind, one.conditions)
            found[key] = (*found.get(key, ()), (profile, one))
    return found


def keep_first_outcomes(
    project: Project, profile: str, found: Iterable[ClaimOnNewSeeds]
) -> tuple[ClaimOnNewSeeds, ...]:
    """Write down what is new, and return everything asked for as it was found first."""
    kept = {claim.key: claim for claim in read_claims(project, profile)}
    asked = [kept.setdefault(claim.key, claim) for claim in found]
    if kept:
        ordered = tuple(sorted(kept.values(), key=lambda claim: claim.key))
        write_file(claims_path(project, profile), encode_data(asdict(Kept(ordered))))
    return tuple(asked)
