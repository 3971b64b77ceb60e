"""A task: one run that is to be executed, with everything its process has to know."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bifolio.project import Project
from bifolio.provenance.declaration import Declaration, RunName
from bifolio.provenance.fingerprint import Fingerprint


@dataclass(frozen=True)
class Task:
    """One run to execute; `needs` maps each needed run to the folder of its weights."""

    project: Project
    name: RunName
    declaration: Declaration
    fingerprint: Fingerprint
    needs: Mapping[RunName, Path]
    readable: frozenset[str]
    libraries: frozenset[str]
    reason: str
    only_weights: bool
    """Its result is fresh; it is run again because a stale run needs its weights."""

    @property
    def threads(self) -> int:
        return self.declaration.threads or self.project.profile(self.name.profile).threads

    @property
    def device(self) -> str:
        return self.project.profile(self.name.profile).device

    @property
    def optional(self) -> bool:
        return self.declaration.variants[self.name.variant].optional

    @property
    def weights(self) -> Path:
        """Return the folder that its weights are kept in."""
        return weights_folder(self.project, self.fingerprint)


@dataclass(frozen=True)
class Outcome:
    """How a run ended: measured, failed, or skipped because its source is not on this machine."""

    name: RunName
    kind: str
    message: str = ""
    trace: str = ""
    duration: float = 0.0


def weights_folder(project: Project, fingerprint: Fingerprint) -> Path:
    """Return where the weights of a run with this fingerprint are kept."""
    return project.weights / fingerprint.digest
