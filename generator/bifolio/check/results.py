"""Rules about stored results: whole, fresh, there."""

from __future__ import annotations

from collections.abc import Iterator

from bifolio.check.finding import Finding, finding_of
from bifolio.check.subject import Subject
from bifolio.project import DEFAULT_PROFILE
from bifolio.provenance.declaration import RunName
from bifolio.results.freshness import ExperimentState


def broken_experiments(subject: Subject) -> Iterator[Finding]:
    """Yield a finding for every file under experiments/ that cannot be read, and every experiment that it harms."""
    catalogue = subject.catalogue
    yield from (finding_of(error) for error in (*catalogue.sources.broken.values(), *catalogue.broken.values()))


def corrupt_results(subject: Subject) -> Iterator[Finding]:
    """Yield a finding for every result file that cannot be trusted as it is."""
    yield from (stored.fault for stored in subject.stored.values() if stored.fault)


def stale_results(subject: Subject) -> Iterator[Finding]:
    """Yield a finding for every experiment and profile whose results were measured by something else."""
    for state in subject.states:
        if any(run.state == "stale" and not _is_corrupt(subject, run.name) for run in state.runs):
            yield _finding("stale-result", subject, state)


def missing_results(subject: Subject) -> Iterator[Finding]:
    """Yield a finding for what was never measured; another profile counts once something of it was."""
    for state in subject.states:
        started = any(run.state != "missing" for run in state.runs)
        if state.state == "missing" and (state.profile == DEFAULT_PROFILE or started):
            yield _finding("missing-result", subject, state)


def _is_corrupt(subject: Subject, name: RunName) -> bool:
    return name in subject.stored and subject.stored[name].fault is not None


def _finding(rule: str, subject: Subject, state: ExperimentState) -> Finding:
    declaration = subject.declarations[state.experiment]
    profile = "" if state.profile == DEFAULT_PROFILE else f" --profile {state.profile}"
    found = f"{state.experiment} ({state.profile}): {state.reason}"
    return Finding(rule, declaration.file, declaration.line, "", found, f"`bifolio run {state.experiment}{profile}`")
