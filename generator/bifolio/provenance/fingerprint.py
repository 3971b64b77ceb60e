"""The fingerprint: the hash of what a run depends on; it decides fresh or stale."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass

from bifolio.errors import DeclarationError, nearest_name
from bifolio.project import Profile, Project
from bifolio.provenance.declaration import DEFAULT_VARIANT, Declaration, RunName
from bifolio.provenance.forms import Digest, Key, Line
from bifolio.provenance.libraries import imported_libraries
from bifolio.provenance.sources import Sources

TOLD = "modules"
"""The part of a fingerprint that is not hashed."""
RUN_PROTOCOL = 1
"""Raise it by hand when `bifolio` changes what a run computes (seeding, splitting, determinism)."""


@dataclass(frozen=True)
class Fingerprint:
    """What a run depends on: `digest` decides fresh or stale, `parts` say in words what changed.

    All parts are hashed but `modules`, which tells from which modules the digest of the code was made.
    """

    digest: Digest
    parts: Mapping[Key, Mapping[Line, Line]]


class Fingerprints:
    """The fingerprints of a report's runs, each computed once."""

    def __init__(self, project: Project, sources: Sources) -> None:
        self._project = project
        self._sources = sources
        self._declarations = sources.declarations
        self._known: dict[RunName, Fingerprint] = {}
        self._shared: dict[tuple[str, str], dict[str, dict[str, str]]] = {}
        self._open: list[RunName] = []

    def of(self, name: RunName) -> Fingerprint:
        """Return a run's fingerprint; raise DeclarationError for needs or inputs that do not exist or form a circle."""
        if name not in self._known:
            if name in self._open:
                circle = " -> ".join(run.experiment for run in [*self._open, name])
                raise DeclarationError("experiments need each other in a circle", found=circle)
            self._open.append(name)
            try:
                self._known[name] = self._compute(name)
            finally:
                self._open.pop()
        return self._known[name]

    def needs(self, name: RunName) -> tuple[RunName, ...]:
        """Return the runs that a run needs: same profile, same seed, the variant named after a dot or `default`."""
        declaration = self._declarations[name.experiment]
        return tuple(self._needed(declaration, need, name) for need in declaration.needs_of(name.variant))

    def _compute(self, name: RunName) -> Fingerprint:
        declaration = self._declarations[name.experiment]
        profile = self._project.profile(name.profile)
        config = declaration.config(name.variant, name.profile)
        parts = {
            **self._of_experiment(declaration, profile),
            "config": {field: repr(value) for field, value in sorted(config.items())},
            "needs": {f"{need.experiment}.{need.variant}": self.of(need).digest for need in self.needs(name)},
            "run": {
                "seed": str(name.seed),
                "threads": str(declaration.threads or profile.threads),
                "device": profile.device,
                "protocol": str(RUN_PROTOCOL),
            },
        }
        hashed = {part: entries for part, entries in parts.items() if part != TOLD}
        text = json.dumps(hashed, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
        return Fingerprint(hashlib.sha256(text.encode()).hexdigest(), parts)

    def _of_experiment(self, declaration: Declaration, profile: Profile) -> dict[str, dict[str, str]]:
        """Return the parts that all runs of an experiment at a profile share."""
        key = (declaration.name, profile.name)
        if key not in self._shared:
            closure = self._sources.closure(declaration.module)
            libraries = imported_libraries(self._sources, declaration.module, profile.environment)
            parts = {
                "code": {"digest": self._sources.code_digest(declaration.module)},
                TOLD: {source.module: source.form for source in closure},
                "datasets": {
                    dataset.name: " ".join([dataset.version, *sorted(dataset.files.values())])
                    for source in closure
                    for dataset in source.datasets
                },
                "environment": {library: profile.environment[library] for library in libraries},
                "inputs": self._inputs(declaration),
            }
            # They count only where something is declared, so that what says nothing of them did not become stale.
            declared = {"variables": dict(declaration.variables), "uses": dict.fromkeys(declaration.uses, "yes")}
            self._shared[key] = parts | {part: entries for part, entries in declared.items() if entries}
        return self._shared[key]

    def _inputs(self, declaration: Declaration) -> dict[str, str]:
        found: dict[str, str] = {}
        for pattern in declaration.inputs:
            outside = not pattern or pattern.startswith("/") or ".." in pattern
            files = [] if outside else sorted(path for path in self._project.root.glob(pattern) if path.is_file())
            if not files:
                raise DeclarationError(
                    "a declared input matches no file of the project",
                    file=declaration.file,
                    line=declaration.line,
                    found=pattern,
                    expected="a path or pattern from the project's root",
                )
            for file in files:
                found[self._project.relative(file)] = hashlib.sha256(file.read_bytes()).hexdigest()
        return found

    def _needed(self, declaration: Declaration, need: str, name: RunName) -> RunName:
        experiment, _, variant = need.partition(".")
        if experiment in self._sources.broken_experiments:
            raise self._sources.broken_experiments[experiment]
        upstream = self._declarations.get(experiment)
        wanted = RunName(experiment, name.profile, variant or DEFAULT_VARIANT, name.seed)
        if upstream is None:
            found, valid = experiment, list(self._declarations)
        elif wanted.variant not in upstream.variants:
            found, valid = need, [f"{experiment}.{known}" for known in upstream.variants]
        elif not 0 <= name.seed - declaration.first_seed < upstream.repetitions(wanted.variant, name.profile):
            found, valid = f"seed {name.seed} of {need}", [f"{upstream.seeds_of(wanted.variant)} seeds"]
        elif upstream.draft and not declaration.draft:
            raise DeclarationError(
                "an experiment that is published needs one that is a draft",
                file=declaration.file,
                line=declaration.line,
                found=need,
                expected=f"draft=True here too, or {upstream.file} without it",
            )
        else:
            return wanted
        raise DeclarationError(
            "a declared need does not exist",
            file=declaration.file,
            line=declaration.line,
            found=found,
            expected=", ".join(valid),
            nearest=nearest_name(found, valid),
        )
