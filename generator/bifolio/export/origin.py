"""Gives what an export refuses the place that its author can mend: exports read docs/, authors write templates."""

from __future__ import annotations

from bifolio.chapters.templates.lines import template_line
from bifolio.chapters.templates.plan import plan
from bifolio.chapters.templates.source import read_template
from bifolio.errors import ChapterError
from bifolio.project import Project


def at_template(project: Project, error: ChapterError) -> ChapterError:
    """Return an error about a page of docs/ with the file and line of its template; pages of the evidence have none."""
    folder = f"{project.relative(project.docs)}/"
    language, _, page = (error.file or "").removeprefix(folder).removesuffix(".md").partition("/")
    if not (error.file or "").startswith(folder) or language not in project.languages:
        return error
    for planned in plan(project, language):
        if planned.name == page:
            template = read_template(project, planned)
            text = (project.root / (error.file or "")).read_text(encoding="utf-8")
            error.line = error.line and template_line(template.text, text, error.line)
            error.file = template.file
    return error
