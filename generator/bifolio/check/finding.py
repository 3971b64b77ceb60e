"""A finding: something that a rule holds to be wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bifolio.errors import (
    BifolioError,
    BrokenExperiment,
    ChangedOutcome,
    CitationError,
    ContradictedClaim,
    DeclarationError,
    DiagramError,
    FormulaError,
    MissingResultError,
    ProjectError,
    ResultError,
    UnknownNameError,
    UnreadableError,
    UnsupportedClaim,
)

RULE_OF: Mapping[type[BifolioError], str] = {
    UnreadableError: "unreadable-file",
    ResultError: "corrupt-result",
    MissingResultError: "missing-result",
    UnknownNameError: "unknown-name",
    FormulaError: "broken-formula",
    DiagramError: "broken-diagram",
    CitationError: "unknown-citation",
    DeclarationError: "broken-experiment",
    BrokenExperiment: "broken-experiment",
    ContradictedClaim: "contradicted-claim",
    UnsupportedClaim: "unsupported-claim",
    ChangedOutcome: "changed-outcome",
}
"""The rule that an error breaks; any other error breaks `broken-page`."""


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


def finding_of(error: BifolioError, edition: str = "") -> Finding:
    """Return the finding that an error amounts to; a fault of the report, or of a result, concerns all editions."""
    rule = next((rule for kind, rule in RULE_OF.items() if isinstance(error, kind)), "broken-page")
    found = error.problem if error.found is None else f"{error.problem}: {error.found}"
    expected = str(error.expected or "") + (f" (nearest: {error.nearest})" if error.nearest else "")
    shared = isinstance(error, ProjectError | ResultError | DeclarationError | UnreadableError)
    return Finding(rule, error.file or "", error.line or 0, "" if shared else edition, found, expected)
