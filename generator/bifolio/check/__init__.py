"""Check: truths about the whole report that no single page can see, each rule by its name in one table."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from bifolio.check.citations import unused_citations
from bifolio.check.drift import drift
from bifolio.check.evidence import dirty_witnesses, orphan_results, single_seeds, unsaid_data, unused_experiments
from bifolio.check.finding import RULE_OF, Finding, finding_of
from bifolio.check.headings import heading_parity
from bifolio.check.links import dead_links, missing_alternatives
from bifolio.check.marks import unclosed_marks
from bifolio.check.naming import unnamed_figures
from bifolio.check.pages import failed_pages, outdated_docs
from bifolio.check.parity import reference_parity
from bifolio.check.quantities import (
    ambiguous_quantities,
    numbers_out_of_range,
    outdated_ledgers,
    unmatched_quantities,
)
from bifolio.check.release import skipped_experiments, unconfirmed_claims
from bifolio.check.results import broken_experiments, corrupt_results, missing_results, stale_results
from bifolio.check.statements import unsourced_statements, wide_margins
from bifolio.check.subject import Subject
from bifolio.check.subset import forbidden_markdown, foreign_html
from bifolio.check.wording.prose import punctuation, typed_numbers
from bifolio.check.wording.vague import vague_numbers
from bifolio.errors import BifolioError
from bifolio.project import Project

__all__ = ["RULES", "WARNINGS", "Finding", "check", "rule_names"]

RULES: Mapping[str, Callable[[Subject], Iterable[Finding]]] = {
    "broken-experiment": broken_experiments,
    "corrupt-result": corrupt_results,
    "stale-result": stale_results,
    "missing-result": missing_results,
    "orphan-result": orphan_results,
    "out-of-range": numbers_out_of_range,
    "ambiguous-quantity": ambiguous_quantities,
    "unmatched-quantity": unmatched_quantities,
    "outdated-ledger": outdated_ledgers,
    "broken-page": failed_pages,  # and what finding.RULE_OF names: unknown-name, broken-formula, ...
    "outdated-docs": outdated_docs,
    "heading-parity": heading_parity,
    "reference-parity": reference_parity,
    "forbidden-markdown": forbidden_markdown,
    "foreign-html": foreign_html,
    "unclosed-mark": unclosed_marks,
    "dead-link": dead_links,
    "unused-experiment": unused_experiments,
    "drift": drift,
    "typed-number": typed_numbers,
    "vague-number": vague_numbers,
    "unnamed-figure": unnamed_figures,
    "unused-citation": unused_citations,
    "missing-alt": missing_alternatives,
    "single-seed": single_seeds,
    "unsaid-data": unsaid_data,
    "unsourced-statement": unsourced_statements,
    "wide-margin": wide_margins,
    "punctuation": punctuation,
    "dirty-witness": dirty_witnesses,
}
RELEASE_RULES: Mapping[str, Callable[[Subject], Iterable[Finding]]] = {
    "unconfirmed-claim": unconfirmed_claims,
    "skipped-experiment": skipped_experiments,
}
"""What only a release has to have done."""
WARNINGS = frozenset(
    {
        *("orphan-result", "unused-experiment", "drift", "typed-number", "vague-number", "unused-citation"),
        *("single-seed", "punctuation", "dirty-witness", "unmatched-quantity"),
        *("unsaid-data", "unsourced-statement", "wide-margin", "unnamed-figure"),
    }
)
"""The rules that fail only a strict check; every other one fails each check."""


def rule_names() -> tuple[str, ...]:
    """Return the names that findings can have, those of the rules and those that errors stand for."""
    return tuple(dict.fromkeys([*RULES, *RELEASE_RULES, *RULE_OF.values()]))


def check(
    project: Project, tell: Callable[[str], None] = lambda _: None, *, release: bool = False
) -> tuple[Finding, ...]:
    """Return what is wrong with a report, in the order of the rules; nothing in docs/ is written.

    `tell` hears the name of each rule before it is looked into; `release` looks for what a release has to have, too.
    """
    subject = Subject(project)
    found: list[Finding] = []
    for name, rule in {**RULES, **(RELEASE_RULES if release else {})}.items():
        tell(name)
        try:
            found += rule(subject)
        except BifolioError as error:  # what stops a rule is a finding too
            found.append(finding_of(error))
    subject.keep()
    return tuple(dict.fromkeys(found))
