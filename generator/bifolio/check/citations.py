"""The rule that every work in references.bib is cited."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from bifolio.bibliography import FILE, read_works
from bifolio.chapters.memory import file_digest
from bifolio.check.finding import Finding
from bifolio.check.subject import Subject


def unused_citations(subject: Subject) -> Iterator[Finding]:
    """Yield the works that no page of any edition cites."""
    composition = subject.composition
    works = subject.memo.recall("works", file_digest(subject.project.root / FILE), partial(_lines, subject))
    if composition.errors or composition.left_out:
        return  # what the failed pages cite is not known
    cited = {key for record in composition.records.values() for key in record.cited}
    for key, line in works.items():
        if key not in cited:
            expected = f"[@{key}] on some page, or no such entry"
            yield Finding("unused-citation", FILE, line, "", f"no page cites {key}", expected)


def _lines(subject: Subject) -> dict[str, int]:
    return {key: work.line for key, work in read_works(subject.project).items()}
