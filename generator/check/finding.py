"""A finding, and the report that rules look at."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from generator.chapters.composition import Composition, compose
from generator.errors import (
    BifolioError,
    ChangedOutcome,
    ContradictedClaim,
    DeclarationError,
    DiagramError,
    FormulaError,
    MissingResultError,
    ResultError,
    UnknownNameError,
    UnsupportedClaim,
)
from generator.project import Project
from generator.provenance.declaration import RunName
from generator.results.freshness import ExperimentState, survey
from generator.results.store import read_result, stored_runs

_RULE_OF = {
    ResultError: "corrupt-result",
    MissingResultError: "missing-result",
    UnknownNameError: "unknown-name",
    FormulaError: "broken-formula",
    DiagramError: "broken-diagram",
    DeclarationError: "broken-experiment",
    ContradictedClaim: "contradicted-claim",
    UnsupportedClaim: "unsupported-claim",
    ChangedOutcome: "changed-outcome",
}


@dataclass(frozen=True)
class Finding:
    """Something that is wrong; `edition` is a language, or empty where it concerns all; line 0 is the whole file."""

    rule: str
    file: str
    line: int
    edition: str
    found: str
    expected: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file or "the report"
        edition = f" ({self.edition})" if self.edition else ""
        expected = f"\n  expected: {self.expected}" if self.expected else ""
        return f"{place}: {self.rule}{edition}\n  found:    {self.found}{expected}"


class Subject:
    """A report under examination; what several rules need is made once."""

    def __init__(self, project: Project) -> None:
        self.project = project

    @cached_property
    def states(self) -> tuple[ExperimentState, ...]:
        return survey(self.project)

    @cached_property
    def corrupt(self) -> dict[RunName, BifolioError]:
        """Return the runs whose result cannot be read, and why."""
        found: dict[RunName, BifolioError] = {}
        for state in self.states:
            for name in stored_runs(self.project, state.experiment, state.profile):
                try:
                    read_result(self.project, name)
                except BifolioError as error:
                    found[name] = error
        return found

    @cached_property
    def composition(self) -> Composition:
        return compose(self.project, self.project.languages)


def finding_of(error: BifolioError, edition: str = "") -> Finding:
    """Return the finding that an error amounts to; a result's fault concerns all editions."""
    rule = next((rule for kind, rule in _RULE_OF.items() if isinstance(error, kind)), "broken-page")
    found = error.problem if error.found is None else f"{error.problem}: {error.found}"
    expected = str(error.expected or "") + (f" (nearest: {error.nearest})" if error.nearest else "")
    shared = isinstance(error, ResultError | DeclarationError)
    return Finding(rule, error.file or "", error.line or 0, "" if shared else edition, found, expected)
