"""The rule that the editions have the same headings: explicit ids, levels and order."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from bifolio.chapters.plan import plan
from bifolio.check.finding import Finding, Subject

_FENCE = re.compile(r"\s*(?P<marks>`{3,}|~{3,})")
_HEADING = re.compile(r"(?P<marks>#{1,6})\s+(?P<title>.*?)\s*(?:\{:?\s*#(?P<id>[^\s}]+)[^}]*\})?\s*")
_COMMENT = re.compile(r"<#--.*?--#>", re.DOTALL)
_RULE = "heading-parity"


@dataclass(frozen=True)
class Heading:
    """A heading as the template's author wrote it."""

    level: int
    id: str
    title: str
    line: int

    def __str__(self) -> str:
        return f"{'#' * self.level} {self.title} {{#{self.id}}}"


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
            headings = list(find_headings(template.read_text(encoding="utf-8")))
            yield from _ids(headings, file, language)
            if language == first:
                models = headings
            else:
                yield from _parity(models, headings, file, language, first)


def find_headings(text: str) -> Iterator[Heading]:
    """Yield the headings of a template; what stands in code or in a comment is none."""
    fence = ""
    text = _COMMENT.sub(lambda match: "\n" * match[0].count("\n"), text)
    for number, line in enumerate(text.splitlines(), start=1):
        marks = _FENCE.match(line)
        if marks and not fence:
            fence = marks["marks"]
        elif fence:
            fence = "" if marks and marks["marks"].startswith(fence) and line.strip() == marks["marks"] else fence
        elif match := _HEADING.fullmatch(line):
            yield Heading(len(match["marks"]), match["id"] or "", match["title"], number)


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
