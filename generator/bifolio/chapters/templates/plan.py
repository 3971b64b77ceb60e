"""The pages of an edition, each with its template: `templates/pages/<page>/<language>.md`."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bifolio.chapters.templates.pictures import PICTURES
from bifolio.errors import ChapterError, ProjectError, nearest_name
from bifolio.project import Project

PAGES = "pages"
"""The folder, under templates/, that has a folder for each page."""
_OLD = re.compile(r"(?:\d+-)?(?P<page>.+)\.(?P<language>[^.]+)\.md")


@dataclass(frozen=True)
class Planned:
    """A page that comes from a template; the template's name is its path under templates/."""

    language: str
    name: str
    template: str


def plan(project: Project, language: str) -> Iterator[Planned]:
    """Yield an edition's pages in reading order.

    Raises ChapterError for one without a template, ProjectError for a report in which pages are no folders yet.
    """
    _refuse_old_layout(project)
    folder = project.templates / PAGES
    there_are = {path.parent.name for path in folder.glob(f"*/{language}.md")}
    for name in _names(project):
        if name not in there_are:
            held = sorted(path.name for path in folder.glob("*/*.md") if path.parent.name == name)
            raise ChapterError(
                f"the page {name!r} has no template in the language {language!r}",
                file=project.relative(folder / name if held else folder),
                found=", ".join(held) or "none",
                expected=project.relative(folder / name / f"{language}.md"),
                nearest=None if held else nearest_name(name, there_are),
            )
        yield Planned(language, name, f"{PAGES}/{name}/{language}.md")


def shared_files(project: Project) -> list[Path]:
    """Return what any page may include: what is under templates/ but pages' own files, locks, exports' styles."""
    own = {f"{PAGES}/{name}/{language}.md" for name in _names(project) for language in project.languages}
    top = os.fspath(project.templates)
    names: list[str] = []
    for folder, _, files in os.walk(top):
        within = folder[len(top) + 1 :].replace(os.sep, "/")
        if within != "export":
            names += [f"{within}/{file}".lstrip("/") for file in files if not file.startswith(".")]
    shared = (name for name in names if name not in own and not name.endswith(".lock") and not _is_picture(name))
    return [project.templates / name for name in sorted(shared)]


def _is_picture(name: str) -> bool:
    """Tell whether a file is shown and not read: the pages that show it depend on it, and no other."""
    return name.startswith(f"{PAGES}/") and name.lower().endswith(tuple(PICTURES))


def _names(project: Project) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*project.pages, *project.chapters)))


def _refuse_old_layout(project: Project) -> None:
    """Raise one ProjectError for all templates that lie where they once did, with what moves them."""
    moves: dict[str, str] = {}
    for path in sorted(project.templates.glob("*.md")):
        match = _OLD.fullmatch(path.name)
        if match and match["page"] in _names(project) and match["language"] in project.languages:
            new = project.templates / PAGES / match["page"] / f"{match['language']}.md"
            moves[project.relative(path)] = project.relative(new)
    if moves:
        folders = dict.fromkeys(new.rpartition("/")[0] for new in moves.values())
        commands = [["mkdir", "-p", *folders], *(["mv", "-n", old, new] for old, new in moves.items())]
        raise ProjectError(
            "a page is a folder; the order of pages stands in pyproject.toml alone",
            file=project.relative(project.templates),
            found=", ".join(Path(old).name for old in moves),
            expected="\n    ".join([f"{PAGES}/<page>/<language>.md:", *map(shlex.join, commands)]),
        )
