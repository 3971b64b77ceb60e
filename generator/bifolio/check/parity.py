"""The rule that the editions of a page call up the same results, figures, formulas, code, citations and links."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import zip_longest

from bifolio.chapters.context.page import Section
from bifolio.chapters.templates.source import Template
from bifolio.check.alike import same_form, shown_beside
from bifolio.check.finding import Finding
from bifolio.check.subject import Subject
from bifolio.claims import Claim
from bifolio.markdown.headings import find_headings

_RULE = "reference-parity"


def reference_parity(subject: Subject) -> Iterator[Finding]:
    """Yield, for each section, the first difference between the first edition and each other one.

    Blocks (figures, tables, samples, images, displayed formulas, diagrams, code) are compared in order, what stands in
    sentences in any order, because a translation may turn a sentence round. Formulas that are drawn alike and code that
    does the same are the same.
    """
    records = subject.composition.records
    first = subject.project.languages[0]
    form = partial(same_form, subject.memo)
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
                    for found, wanted in _differences(expected, sections[expected.id], form):
                        yield _finding(template, expected.id, found, wanted, record.claims, first)


def _differences(model: Section, section: Section, form: Callable[[str], str]) -> Iterator[tuple[str, str]]:
    """Yield what a section has and what its model has instead: the first block that differs, and the rest."""
    for expected, found in zip_longest(model.blocks, section.blocks, fillvalue=""):
        if found != expected and form(found) != form(expected):
            yield shown_beside(found, expected)
            break
    missing = Counter(model.inline) - Counter(section.inline)
    added = Counter(section.inline) - Counter(model.inline)
    missing, added = _unlike(missing, added, form), _unlike(added, missing, form)
    if missing or added:
        yield _listed(added), _listed(missing)


def _unlike(entries: Counter[str], others: Counter[str], form: Callable[[str], str]) -> Counter[str]:
    """Return the entries that have no counterpart of the same form among the others."""
    free = Counter(map(form, others.elements()))
    left: Counter[str] = Counter()
    for entry in entries.elements():
        if free[form(entry)] > 0:
            free[form(entry)] -= 1
        else:
            left[entry] += 1
    return left


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
    if entry.startswith("code ") and ": " in entry:
        return [entry.partition(": ")[2]]
    name = entry.split(", ")[0].partition(" ")[2]
    return [word for word in (name, name.removeprefix("formula "), name.rpartition(".")[2]) if word]
