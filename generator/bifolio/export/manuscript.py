"""What an export contains, in reading order: the pages of an edition as docs/ holds them."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from bifolio.chapters.context.catalogue import Catalogue
from bifolio.chapters.context.edition import CLAIMS_PAGE, EVIDENCE_INDEX, REFERENCES
from bifolio.chapters.context.page import evidence_page
from bifolio.formats.language import Language, load_language
from bifolio.markdown.headings import title_of
from bifolio.project import Project
from bifolio.provenance.forms import moment
from bifolio.provenance.witness import commits_of
from bifolio.results.record import Result
from bifolio.storage import read_text

Part = Literal["summary", "chapter", "appendix", "references", "evidence"]
Volume = Literal["report", "evidence", "both"]
"""What a book holds: all but the pages of the evidence, of which only the index; these pages; all."""
VOLUMES: tuple[Volume, ...] = get_args(Volume)

_FRONT = re.compile(r"---[ \t]*\n.*?^---[ \t]*\n\s*", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True)
class ManuscriptPage:
    """A page of docs/: `name` is its path in its edition without `.md`, `file` its path in the project.

    `text` is Markdown without front matter and begins on `first_line` of the file, `title` that of its `# ` heading.
    """

    name: str
    part: Part
    file: str
    first_line: int
    text: str
    title: str


@dataclass(frozen=True)
class Manuscript:
    """An edition as an export holds it; `folder` is where its pages and figures lie.

    `evidence_date` is the day, in ISO form, on which the newest result was measured, `commits` all at which some was,
    the latest first and "" last for those not recorded; both are empty where nothing is known. `url` is the edition's
    address if the report is published. `apart` are the pages that the other volume holds.
    """

    language: Language
    title: str
    description: str
    version: str
    commits: tuple[str, ...]
    evidence_date: str
    url: str
    folder: Path
    pages: tuple[ManuscriptPage, ...]
    volume: Volume = "both"
    apart: frozenset[str] = frozenset()

    def part(self, part: Part) -> tuple[ManuscriptPage, ...]:
        """Return the pages of a part."""
        return tuple(page for page in self.pages if page.part == part)

    def page(self, name: str) -> ManuscriptPage | None:
        """Return a page by its name."""
        return next((page for page in self.pages if page.name == name), None)


def read_manuscript(project: Project, language: str, volume: Volume = "both") -> Manuscript:
    """Return an edition from docs/, as rendering left it; raise UnreadableError for a page that lacks."""
    catalogue = Catalogue(project)
    contents = list(_contents(project, language, catalogue))
    within = [entry for entry in contents if volume == "both" or _is_of(volume, *entry)]
    results = _results(catalogue)
    newest = max((result.witness.date for result in results), key=moment, default="")
    commits = commits_of(result.witness for result in results)
    return Manuscript(
        language=load_language(language, project.templates),
        title=project.title[language],
        description=project.description[language],
        version=project.version,
        commits=commits if any(commits) else (),
        evidence_date=newest[:10],
        url=f"{project.site_url.rstrip('/')}/{language}/" if project.site_url else "",
        folder=project.docs / language,
        pages=tuple(_page(project, language, part, name) for part, name in within),
        volume=volume,
        apart=frozenset(name for part, name in contents if (part, name) not in within),
    )


def _is_of(volume: Volume, part: Part, name: str) -> bool:
    """Tell whether a volume holds a page; the index of the evidence stands in each, and is where their links meet."""
    return name == EVIDENCE_INDEX or (part == "evidence") == (volume == "evidence")


def _contents(project: Project, language: str, catalogue: Catalogue) -> Iterator[tuple[Part, str]]:
    """Yield part and name of each page, once; references and claims only where the edition has them."""
    summary = project.export.summary
    if summary:
        yield "summary", summary
    for name in project.chapters:
        yield "chapter", name
    for name in project.export.appendices:
        if name not in (*project.chapters, REFERENCES, summary):
            yield "appendix", name
    made = ((REFERENCES, "references"), (EVIDENCE_INDEX, "evidence"), (CLAIMS_PAGE, "evidence"))
    for name, part in made:
        if (project.docs / language / f"{name}.md").is_file() and name not in project.chapters:
            yield "references" if part == "references" else "evidence", name
    for experiment in catalogue.declarations:
        yield "evidence", evidence_page(experiment)


def _page(project: Project, language: str, part: Part, name: str) -> ManuscriptPage:
    path = project.docs / language / f"{name}.md"
    file = project.relative(path)
    whole = read_text(path, file, "`bifolio build` first")
    front = _FRONT.match(whole)
    above = front[0] if front else ""
    text = whole[len(above) :]
    title = title_of(text) or posixpath.basename(name)
    return ManuscriptPage(name, part, file, above.count("\n") + 1, text, title)


def _results(catalogue: Catalogue) -> list[Result]:
    return [
        result
        for experiment in catalogue.declarations
        for profile in catalogue.profiles(experiment)
        for variant in catalogue.results(experiment, profile).values()
        for result in variant
    ]
