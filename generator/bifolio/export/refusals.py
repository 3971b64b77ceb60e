"""What an export refuses before it begins, so that nothing is dropped in silence."""

from __future__ import annotations

from collections.abc import Iterator

from bifolio.chapters.templates.plan import plan
from bifolio.chapters.templates.source import read_template
from bifolio.chapters.writing import joined
from bifolio.errors import ChapterError
from bifolio.export.manuscript import Manuscript
from bifolio.export.origin import at_template
from bifolio.markdown.reading import read
from bifolio.markdown.subset import find_forbidden
from bifolio.markdown.undescribed import find_undescribed
from bifolio.project import Project


def refuse(project: Project, manuscript: Manuscript) -> None:
    """Raise ChapterError for Markdown that the sites and the exports read differently, and for pictures without words.

    Templates are looked at for the first, because what macros write is ours; the pages for the second.
    """
    found = [*_forbidden(project, manuscript), *_undescribed(manuscript)]
    if found:
        raise joined(at_template(project, error) for error in found)


def _forbidden(project: Project, manuscript: Manuscript) -> Iterator[ChapterError]:
    for planned in plan(project, manuscript.language.code):
        if manuscript.page(planned.name):
            template = read_template(project, planned)
            for line, found, expected in find_forbidden(template.literal):
                problem = f"an export cannot hold this ({template.language})"
                yield ChapterError(problem, file=template.file, line=line, found=found, expected=expected)


def _undescribed(manuscript: Manuscript) -> Iterator[ChapterError]:
    for page in manuscript.pages:
        for line, found, expected in find_undescribed(read(page.text)):
            problem = f"a picture says nothing to those who do not see it ({manuscript.language.code})"
            yield ChapterError(problem, file=page.file, line=page.first_line + line - 1, found=found, expected=expected)
