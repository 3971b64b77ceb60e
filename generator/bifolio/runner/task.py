"""A task: one run that is to be executed, with everything that its process has to know, and what comes of it.

A task means the same on every machine: files are named from the report's folder, weights by their fingerprint.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bifolio.owner import part_name
from bifolio.project import Project
from bifolio.provenance.code import Source
from bifolio.provenance.declaration import Declaration, RunName
from bifolio.provenance.fingerprint import Fingerprint


@dataclass(frozen=True)
class Task:
    """One run to execute; `needs` maps each needed run to the digest of the fingerprint that names its weights.

    `sources` are the modules of the report that it imports, `libraries` what its witness tells the versions of.
    """

    name: RunName
    declaration: Declaration
    fingerprint: Fingerprint
    threads: int
    device: str
    needs: Mapping[RunName, str]
    sources: tuple[Source, ...]
    libraries: frozenset[str]
    reason: str
    only_weights: bool
    """Its result is fresh; it is run again because a stale run needs its weights."""

    @property
    def inputs(self) -> Mapping[str, str]:
        """Return the files that it declares to read, each with its sha256."""
        return self.fingerprint.parts["inputs"]

    @property
    def readable(self) -> frozenset[str]:
        """Return the files of the report that it may open."""
        return frozenset({*(source.file for source in self.sources), *self.inputs})

    @property
    def exclusive(self) -> bool:
        return self.declaration.exclusive

    @property
    def optional(self) -> bool:
        return self.declaration.variants[self.name.variant].optional

    @property
    def environment(self) -> Mapping[str, str]:
        """Return the libraries that its numbers depend on, with major.minor."""
        return self.fingerprint.parts["environment"]


@dataclass(frozen=True)
class Progress:
    """How far a run is: a fraction from 0 to 1."""

    name: RunName
    fraction: float


@dataclass(frozen=True)
class Printed:
    """A line that a run printed, without its end."""

    name: RunName
    line: str


@dataclass(frozen=True)
class Measured:
    """What a run gave, before anybody keeps it: the bytes of its result's file, images by file name, a weights folder.

    The folder lies beside its final place, on the disk of the machine that is to keep it, so that a rename keeps it.
    """

    name: RunName
    result: bytes
    images: Mapping[str, bytes]
    weights: Path | None
    duration: float


@dataclass(frozen=True)
class Outcome:
    """How a run ended: measured, failed, or skipped because its source is not on this machine.

    `trace` is what of the report led to a failure, `whole` all that Python says of it.
    """

    name: RunName
    kind: str
    message: str = ""
    trace: str = ""
    whole: str = ""
    duration: float = 0.0


Event = Progress | Printed | Measured | Outcome
"""What is heard of a run: how far it is and what it prints, then what it gave, or why it gave nothing."""


def weights_part(project: Project, digest: str, owned_by: str) -> Path:
    """Return where the weights of a run lie, beside their final place, until they are kept."""
    place = weights_folder(project, digest)
    return place.with_name(part_name(place.name, owned_by))


def weights_folder(project: Project, digest: str) -> Path:
    """Return where the weights of a run with this fingerprint are kept."""
    return project.weights / digest
