"""The rule that a sentence names every figure and table that has a number."""

from __future__ import annotations

from collections.abc import Iterator

from bifolio.chapters.templates.source import Template
from bifolio.check.finding import Finding
from bifolio.check.subject import Subject
from bifolio.markdown.prose import line_of

_REFERENCE = "reference "
"""How a section says that a sentence of it names a figure or table."""


def unnamed_figures(subject: Subject) -> Iterator[Finding]:
    """Yield, for each edition, the figures and tables of a chapter that no sentence of it names."""
    for template in subject.templates:
        record = subject.composition.records.get(f"{template.language}/{template.page}")
        if record is None or not record.sections:
            continue  # a page that failed, or was kept, is told already
        entries = (entry for section in record.sections for entry in section.inline)
        named = {entry.removeprefix(_REFERENCE) for entry in entries if entry.startswith(_REFERENCE)}
        for one in record.numbered:
            if not named & {one.name, f"{template.page}/{one.name}"}:
                found, expected = f"the {one.sort} {one.name}", f'{{{{ ref("{one.name}") }}}} in a sentence about it'
                yield Finding(
                    "unnamed-figure", template.file, _line(template, one.name), template.language, found, expected
                )


def _line(template: Template, name: str) -> int:
    """Return the line on which an author named it, 0 where the name was derived."""
    place = template.text.find(f'name="{name}"')
    return line_of(template.text, place) if place >= 0 else 0
