"""The rule that nothing but Markdown and the elements of bifolio's own macros gets into docs/."""

from __future__ import annotations

from collections.abc import Iterator

from bifolio.check.finding import Finding
from bifolio.check.rendered import place_of, rendered_pages
from bifolio.check.subject import Subject


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
