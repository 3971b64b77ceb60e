"""The rule that the editions have the same headings: explicit ids, levels and order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import Any

from bifolio.chapters.templates.plan import plan
from bifolio.check.finding import Finding
from bifolio.check.subject import Subject
from bifolio.markdown.headings import find_headings
from bifolio.markdown.tree import Heading
from bifolio.storage import read_source

_RULE = "heading-parity"


def heading_parity(subject: Subject) -> Iterator[Finding]:
    """Yield headings without an id, ids given twice, and the first heading in which an edition differs."""
    project = subject.project
    if any(language in subject.composition.errors for language in project.languages):
        return  # an edition lacks a page, which is told already
    editions = {language: {page.name: page for page in plan(project, language)} for language in project.languages}
    first = project.languages[0]
    for name in editions[first]:
        models: list[Heading] = []
        for language in project.languages:
            template = project.templates / editions[language][name].template
            file = project.relative(template)
            headings = _headings(subject, read_source(template, file))
            yield from _ids(headings, file, language)
            if language == first:
                models = headings
            else:
                yield from _parity(models, headings, file, language, first)


def _headings(subject: Subject, text: str) -> list[Heading]:
    def look() -> Any:
        return [[one.level, one.id, one.title, one.line] for one in find_headings(text)]

    return [Heading(*fields) for fields in subject.memo.recall("headings", text, look)]


def _ids(headings: Sequence[Heading], file: str, language: str) -> Iterator[Finding]:
    seen: dict[str, Heading] = {}
    for heading in headings:
        if not heading.id:
            found = f"{'#' * heading.level} {heading.title}"
            yield Finding(_RULE, file, heading.line, language, found, f"{found} {{#an-id}}, the same in all editions")
        elif heading.id in seen:
            expected = f"another id than that of line {seen[heading.id].line}"
            yield Finding(_RULE, file, heading.line, language, str(heading), expected)
        seen.setdefault(heading.id, heading)


def _parity(
    models: Sequence[Heading], headings: Sequence[Heading], file: str, language: str, first: str
) -> Iterator[Finding]:
    for model, heading in zip_longest(models, headings):
        if model is None:
            yield Finding(_RULE, file, heading.line, language, str(heading), f"no heading here, as in {first}")
            return
        if heading is None:
            yield Finding(_RULE, file, 0, language, "no more headings", f"{model}, as in {first}")
            return
        if (model.level, model.id) != (heading.level, heading.id or model.id):  # one without an id is told already
            yield Finding(_RULE, file, heading.line, language, str(heading), f"{model}, as in {first}")
            return
