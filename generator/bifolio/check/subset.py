"""The rule that templates keep to the permitted Markdown, which `bifolio.markdown.subset` describes."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from bifolio.chapters.templates.source import Template
from bifolio.check.finding import Finding
from bifolio.check.subject import Subject
from bifolio.markdown.subset import find_forbidden


def forbidden_markdown(subject: Subject) -> Iterator[Finding]:
    """Yield what stands outside the permitted subset of Markdown."""
    for template in subject.templates:
        for line, found, expected in subject.memo.recall("subset", template.text, partial(_look, template)):
            yield Finding("forbidden-markdown", template.file, line, template.language, found, expected)


def _look(template: Template) -> list[tuple[int, str, str]]:
    return list(find_forbidden(template.literal))
