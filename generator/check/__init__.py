"""Check: truths about the whole report that no single page can see, each rule by its name in one table."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from generator.check.claims import claim_parity
from generator.check.finding import Finding, Subject, finding_of
from generator.check.headings import heading_parity
from generator.check.pages import failed_pages, outdated_docs
from generator.check.results import corrupt_results, missing_results, stale_results
from generator.errors import BifolioError
from generator.project import Project

__all__ = ["RULES", "Finding", "check"]

RULES: Mapping[str, Callable[[Subject], Iterable[Finding]]] = {
    "corrupt-result": corrupt_results,
    "stale-result": stale_results,
    "missing-result": missing_results,
    "broken-page": failed_pages,  # and by their own names: unknown-name, broken-formula, contradicted-claim and so on
    "outdated-docs": outdated_docs,
    "heading-parity": heading_parity,
    "reference-parity": claim_parity,
}


def check(project: Project) -> tuple[Finding, ...]:
    """Return what is wrong with a report, in the order of the rules; nothing in docs/ is written."""
    subject = Subject(project)
    found: list[Finding] = []
    for rule in RULES.values():
        try:
            found += rule(subject)
        except BifolioError as error:  # what stops a rule is a finding too
            found.append(finding_of(error))
    return tuple(dict.fromkeys(found))
