"""Which pages an edition has, and which template each comes from."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bifolio.errors import ChapterError, nearest_name
from bifolio.project import Project

_TEMPLATE = re.compile(r"(?:\d+-)?(?P<page>.+)\.(?P<language>[^.]+)\.md")


@dataclass(frozen=True)
class Planned:
    """A page that comes from a template; the template's name is its path under templates/."""

    language: str
    name: str
    template: str


def plan(project: Project, language: str) -> Iterator[Planned]:
    """Yield an edition's pages in reading order; raise ChapterError for one without a template."""
    templates = _templates(project, language)
    for name in dict.fromkeys((*project.pages, *project.chapters)):
        found = templates.get(name, [])
        if len(found) != 1:
            raise ChapterError(
                f"the page {name!r} has {len(found) or 'no'} templates in the language {language!r}",
                file=project.relative(project.templates),
                found=", ".join(found) or "none",
                expected=f"{name}.{language}.md, with or without a number before it",
                nearest=nearest_name(name, templates),
            )
        yield Planned(language, name, found[0])


def shared_files(project: Project) -> list[Path]:
    """Return what any page may include: what is under templates/ but pages' own templates, locks, exports' styles."""
    own = {
        template
        for language in project.languages
        for name, templates in _templates(project, language).items()
        if name in {*project.pages, *project.chapters}
        for template in templates
    }
    files = (path for path in project.templates.rglob("*") if path.is_file() and not path.name.startswith("."))
    files = (path for path in files if path.suffix != ".lock" and path.parent != project.templates / "export")
    return sorted(path for path in files if path.relative_to(project.templates).as_posix() not in own)


def _templates(project: Project, language: str) -> dict[str, list[str]]:
    """Return the templates of a language by the page's name."""
    found: dict[str, list[str]] = {}
    for path in sorted(project.templates.glob("*.md")):
        match = _TEMPLATE.fullmatch(path.name)
        if match and match["language"] == language:
            found.setdefault(match["page"], []).append(path.name)
    return found
