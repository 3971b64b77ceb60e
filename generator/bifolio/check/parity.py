"""The rule that the editions of a page call up the same results, figures, formulas, code, citations and links."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import zip_longest

from bifolio.chapters.context.page import Section
from bifolio.chapters.templates.source import Template
from bifolio.check.finding import Finding
from bifolio.check.subject import Subject
from bifolio.claims import Claim
from bifolio.markdown.headings import find_headings

_RULE = "reference-parity"


def reference_parity(subject: Subject) -> Iterator[Finding]:
    """Yield, for each section, the first difference between the first edition and each other one.

    Blocks (figures, tables, samples, images, displayed formulas, diagrams, code) are compared in order, what stands in
    sentences in any order, because a translation may turn a sentence round.
    """
    records = subject.composition.records
    first = subject.project.languages[0]
    for page in subject.pages:
        templates = subject.editions(page)
        model = records.get(f"{first}/{page}")
        for language, template in templates.items():
            record = records.get(f"{language}/{page}")
            if model is None or record is None or language == first:
                continue  # a page that failed is told already
            sections = {section.id: section for section in record.sections}
            for expected in model.sections:
                if expected.id in sections:  # a heading that is missing is told by heading-parity
                    yield from _compared(expected, sections[expected.id], template, record.claims, first)


def _compared(
    model: Section, section: Section, template: Template, claims: Sequence[Claim], first: str
) -> Iterator[Finding]:
    for expected, found in zip_longest(model.blocks, section.blocks, fillvalue=""):
        if found != expected:
            yield _finding(template, section.id, found, expected, claims, first)
            break
    missing = Counter(model.inline) - Counter(section.inline)
    added = Counter(section.inline) - Counter(model.inline)
    if missing or added:
        yield _finding(template, section.id, _listed(added), _listed(missing), claims, first)


def _finding(
    template: Template, section: str, found: str, expected: str, claims: Sequence[Claim], first: str
) -> Finding:
    place = f"in the section {section}" if section else "before the first heading"
    lines = (claim.line for claim in claims if f"{claim.kind} {claim.asked}" == found.split(", ")[0])
    return Finding(
        _RULE,
        template.file,
        next(lines, 0) or _line(template, section, found or expected),
        template.language,
        f"{place}: {found or 'nothing'}",
        f"{expected or 'nothing'}, as in {first}",
    )


def _listed(entries: Counter[str]) -> str:
    return ", ".join(f"{entry} ({count} times)" if count > 1 else entry for entry, count in sorted(entries.items()))


def _line(template: Template, section: str, entry: str) -> int:
    """Return the line in the section that names the entry, else that of the section's heading."""
    lines = template.text.splitlines()
    headings = list(find_headings(template.text))
    starts = [heading.line for heading in headings if heading.id == section] or [1]
    ends = [heading.line for heading in headings if heading.line > starts[0]] or [len(lines) + 1]
    for word in _words(entry):
        for number in range(starts[0], ends[0]):
            if word in lines[number - 1]:
                return number
    return starts[0]


def _words(entry: str) -> Sequence[str]:
    """Return what may stand in the template for an entry, the most telling first."""
    name = entry.split(", ")[0].partition(" ")[2]
    return [word for word in (name, name.removeprefix("formula "), name.rpartition(".")[2]) if word]
