"""Composes editions in memory: every page that changed is rendered, none is written."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from bifolio.bibliography import FILE
from bifolio.chapters.context.catalogue import SUMMARY, Catalogue, Use
from bifolio.chapters.context.edition import CLAIMS_PAGE, REFERENCES, Chapter, Users
from bifolio.chapters.context.page import Page, evidence_page
from bifolio.chapters.memory import Record, file_digest, is_current, read_records, stands
from bifolio.chapters.templates.plan import Planned, plan, shared_files
from bifolio.claims import Claim
from bifolio.errors import BifolioError, BrokenExperiment, ChapterError
from bifolio.formats.language import Language, load_language
from bifolio.markdown.headings import title_of
from bifolio.programs import package_file
from bifolio.project import Project

if TYPE_CHECKING:
    from bifolio.chapters.making import Maker


@dataclass
class Composition:
    """The editions as they ought to be: `files` holds what was made anew, by path under docs/."""

    project: Project
    catalogue: Catalogue
    files: dict[str, bytes] = field(default_factory=dict)
    records: dict[str, Record] = field(default_factory=dict)
    errors: dict[str, BifolioError] = field(default_factory=dict)
    failed: dict[str, Page] = field(default_factory=dict)
    """The pages that could not be rendered, as far as they came."""
    unchanged: list[str] = field(default_factory=list)
    kept: dict[str, BifolioError] = field(default_factory=dict)
    """The pages that name a broken experiment, and stay as docs/ has them until it is mended."""


def compose(
    project: Project,
    languages: Sequence[str],
    *,
    force: bool = False,
    again: Collection[str] = (),
    catalogue: Catalogue | None = None,
) -> Composition:
    """Render what changed of the given editions, and the pages named in `again`, `language/page`, in any case.

    A page that fails becomes an error, and the others go on.
    """
    composer = _Composer(project, force, again, catalogue or Catalogue(project))
    for language in languages:
        composer.edition(language)
    composer.keep()
    return composer.composition


class _Composer:
    """The state of one composition."""

    def __init__(self, project: Project, force: bool, again: Collection[str], catalogue: Catalogue) -> None:
        self._project = project
        self._catalogue = catalogue
        self._anew = force
        records = {} if force else read_records(project)
        self._known = {name: record for name, record in records.items() if name not in again}
        self.composition = Composition(project, self._catalogue)

    def keep(self) -> None:
        """Write down what making pages found out, if any was made."""
        if "_maker" in vars(self):
            self._maker.keep()

    def edition(self, code: str) -> None:
        """Compose one edition: chapters first, because evidence pages tell who shows them."""
        try:
            language = load_language(code, self._project.templates)
            pages = list(plan(self._project, code))
            _check_names(self._catalogue)
        except BifolioError as error:
            self.composition.errors[code] = error
            return
        for planned in pages:
            source = file_digest(self._project.templates / planned.template)
            self._page(language, planned.name, source, partial(self._chapter, planned))
        if any(f"{code}/{planned.name}" in self.composition.errors for planned in pages):
            return  # pages of the evidence would not know who shows them
        citers = self._pages_by(pages, lambda record: record.cited)
        if citers and REFERENCES not in (planned.name for planned in pages):
            self._page(language, REFERENCES, repr(citers), lambda page: self._maker.references(page, citers))
        users = self._pages_by(pages, _shown_experiments)
        for name in self._catalogue.declarations:
            write = partial(self._experiment, name, users)
            self._page(language, evidence_page(name), repr(users.get(name)), write)
        for name in self._catalogue.broken:
            self._keep(f"{code}/{evidence_page(name)}")
        chapters = self._claiming(pages)
        claims = sum(len(chapter.claims) for chapter in chapters)
        index, about = evidence_page("index"), repr((users, claims))
        self._page(language, index, about, lambda page: self._maker.index(page, users, claims))
        if claims:
            self._page(language, CLAIMS_PAGE, repr(chapters), lambda page: self._maker.claims(page, chapters))
        self.composition.files.update(assets(code))

    def _page(self, language: Language, name: str, source: str, write: Callable[[Page], str]) -> None:
        path = f"{language.code}/{name}"
        key = hashlib.sha256(f"{self._shared}\0{path}\0{source}".encode()).hexdigest()
        record = self._known.get(path)
        if record and is_current(record, key, self._catalogue):
            self.composition.records[path] = record
            self.composition.unchanged.append(path)
            return
        page = Page(self._catalogue, language, name, anew=self._anew)
        try:
            text = write(page)
            files = {
                f"{path}.md": text.encode(),
                **{f"{language.code}/{file}": data for file, data in page.made.items()},
            }
            self.composition.records[path] = self._record(key, page, text, files)
            self.composition.files.update(files)
        except BifolioError as error:
            if isinstance(error, BrokenExperiment) and self._keep(path):
                if error.file:  # the page of all claims stays because of a chapter, which tells it
                    self.composition.kept[path] = error
            else:
                self.composition.errors[path] = error
                self.composition.failed[path] = page

    def _keep(self, path: str) -> bool:
        """Leave a page as docs/ has it, if it was rendered there."""
        record = self._known.get(path)
        if record is None or not stands(record, self._project):
            return False
        self.composition.records[path] = record
        return True

    def _record(self, key: str, page: Page, text: str, files: Mapping[str, bytes]) -> Record:
        return Record(
            key=key,
            title=title_of(text) or page.name,
            uses=tuple(sorted(page.uses, key=Use.place)),
            experiments={
                name: self._catalogue.digest(name) for name in sorted({use.of.experiment for use in page.uses})
            },
            read={file: file_digest(self._project.root / file) for file in sorted(page.reads)},
            made={path: hashlib.sha256(data).hexdigest() for path, data in sorted(files.items())},
            claims=tuple(page.claims),
            sections=page.sections,
            cited=tuple(dict.fromkeys(mention.name for mention in page.mentions if mention.kind == "citation")),
        )

    def _chapter(self, planned: Planned, page: Page) -> str:
        return self._maker.chapter(page, planned)

    def _experiment(self, name: str, users: Users, page: Page) -> str:
        return self._maker.experiment(page, name, users)

    def _pages_by(self, pages: Sequence[Planned], names: Callable[[Record], tuple[str, ...]]) -> Users:
        """Return, for each name that the chapters' records have, name and title of the pages that have it."""
        found: dict[str, list[tuple[str, str]]] = {}
        for planned in pages:
            record = self.composition.records[f"{planned.language}/{planned.name}"]
            for name in names(record):
                found.setdefault(name, []).append((planned.name, record.title))
        return found

    def _claiming(self, pages: Sequence[Planned]) -> tuple[Chapter, ...]:
        """Return the pages of an edition with their claims, in reading order."""
        records = ((planned.name, self.composition.records[f"{planned.language}/{planned.name}"]) for planned in pages)
        return tuple(Chapter(name, record.title, record.claims) for name, record in records)

    @cached_property
    def _maker(self) -> Maker:
        from bifolio.chapters.making import Maker  # Jinja and all macros are paid for where a page is made

        return Maker(self._catalogue)

    @cached_property
    def _shared(self) -> str:
        """Return the digest of what every page depends on: the settings, the experiments, what templates include."""
        project = self._project
        settings = replace(project, root=Path())  # wherever the report lies
        shared = [*shared_files(project), project.root / FILE]
        files = [(project.relative(path), file_digest(path)) for path in shared]
        return hashlib.sha256(repr((settings, sorted(self._catalogue.declarations), files)).encode()).hexdigest()


def _shown_experiments(record: Record) -> tuple[str, ...]:
    """Return the experiments of which a page shows something; one that is only counted is not shown."""
    return tuple(sorted({use.of.experiment for use in record.uses if use.kind != SUMMARY}))


def assets(language: str) -> dict[str, bytes]:
    """Return the files that every edition carries: styles and fonts, without what only the generator reads."""
    folder = package_file("assets")
    files = {file.relative_to(folder).as_posix(): file for file in sorted(folder.rglob("*")) if file.is_file()}
    return {
        f"{language}/assets/bifolio/{path}": file.read_bytes()
        for path, file in files.items()
        if not path.endswith((".md", "katex.min.js")) and not path.startswith("export/")
    }


def _check_names(catalogue: Catalogue) -> None:
    """Raise ChapterError where an experiment's evidence page would lie on another page."""
    for name, declaration in catalogue.declarations.items():
        if evidence_page(name) in (evidence_page("index"), CLAIMS_PAGE):
            raise ChapterError(
                "a page of the evidence has this name already",
                file=declaration.file,
                found=name,
                expected="another",
            )


def claims_of(project: Project, composition: Composition) -> tuple[tuple[str, Claim], ...]:
    """Return the claims of the first edition with their pages, those of pages that fail included."""
    found = {path: record.claims for path, record in composition.records.items()}
    found |= {path: tuple(page.claims) for path, page in composition.failed.items()}
    first = f"{project.languages[0]}/"
    order = [f"{first}{name}" for name in (*project.pages, *project.chapters)]
    return tuple((path.removeprefix(first), claim) for path in order for claim in found.get(path, ()))
