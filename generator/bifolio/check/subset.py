"""The rules that keep templates and docs/ to the permitted Markdown, which `bifolio.markdown.subset` describes."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from bifolio.chapters.templates.source import Template
from bifolio.check.finding import Finding
from bifolio.check.rendered import place_of, rendered_pages
from bifolio.check.subject import Subject
from bifolio.markdown.subset import find_forbidden


def forbidden_markdown(subject: Subject) -> Iterator[Finding]:
    """Yield what stands outside the permitted subset of Markdown."""
    for template in subject.templates:
        for line, found, expected in subject.memo.recall("subset", template.text, partial(_look, template)):
            yield Finding("forbidden-markdown", template.file, line, template.language, found, expected)


def foreign_html(subject: Subject) -> Iterator[Finding]:
    """Yield the HTML that macros and results brought into a page, and elements that are not closed.

    What stands in the template itself is told by forbidden-markdown.
    """
    for path, text, known in rendered_pages(subject):
        language, _, page = path.partition("/")
        template = subject.editions(page).get(language)
        for line, found, expected in known["foreign"]:
            if template is None or found not in template.literal:
                file, place = place_of(subject, path, text, line)
                yield Finding("foreign-html", file, place, language, found, expected)


def _look(template: Template) -> list[tuple[int, str, str]]:
    return list(find_forbidden(template.literal))
