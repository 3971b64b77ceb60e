"""Composes editions in memory: every page that changed is rendered, none is written."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from bifolio.bibliography import FILE
from bifolio.chapters.assets import assets
from bifolio.chapters.context.catalogue import SUMMARY, Catalogue, Use
from bifolio.chapters.context.edition import CLAIMS_PAGE, EVIDENCE_INDEX, REFERENCES, Chapter, Users
from bifolio.chapters.context.page import Page, evidence_page
from bifolio.chapters.memory import Record, file_digest, is_current, read_records, stands
from bifolio.chapters.templates.plan import Planned, plan, shared_files
from bifolio.claims import Claim
from bifolio.errors import BifolioError, BrokenExperiment, ChapterError
from bifolio.formats.language import Language, load_language
from bifolio.markdown.headings import title_of
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
    left_out: dict[str, BifolioError] = field(default_factory=dict)
    """The pages that name one, and of which docs/ has nothing that could stay."""


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
            self._keep(Page(self._catalogue, language, evidence_page(name)))
        claims = self._claims(language, pages)
        broken = {name: error.summary for name, error in self._catalogue.broken.items()}
        index, about = EVIDENCE_INDEX, repr((users, claims, broken))
        self._page(language, index, about, lambda page: self._maker.index(page, users, claims))
        self.composition.files.update(assets(code))

    def _claims(self, language: Language, pages: Sequence[Planned]) -> int:
        """Compose the page of all claims; return how many there are."""
        records = [self.composition.records[f"{language.code}/{planned.name}"] for planned in pages]
        page = Page(self._catalogue, language, CLAIMS_PAGE)
        if any(record.made and not record.key for record in records) and self._keep(page):  # not all of them are known
            from bifolio.chapters.broken import claims_in_docs

            return claims_in_docs(page)
        chapters = self._claiming(pages)
        if claims := sum(len(chapter.claims) for chapter in chapters):
            self._page(language, CLAIMS_PAGE, repr(chapters), lambda page: self._maker.claims(page, chapters))
        return claims

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
            if not isinstance(error, BrokenExperiment):
                told = self.composition.errors
            else:
                told = self.composition.kept if self._keep(page) else self._leave_out(page, error)
            if error.file or told is self.composition.errors:  # a chapter tells why the page of all claims stays
                told[path] = error
            if told is not self.composition.kept:
                self.composition.failed[path] = page

    def _keep(self, page: Page) -> bool:
        """Leave a page as docs/ has it, if it was rendered there; where no memory tells of it, docs/ itself does."""
        from bifolio.chapters.broken import record_in_docs  # what is read is paid for where something is broken

        path = f"{page.language.code}/{page.name}"
        known = self._known.get(path)
        record = known if known and known.made and stands(known, self._project) else record_in_docs(page)
        if record:
            self.composition.records[path] = record
        return record is not None

    def _leave_out(self, page: Page, error: BifolioError) -> dict[str, BifolioError]:
        """Let a page say that it is left out; nobody remembers that it shows or claims something."""
        from bifolio.chapters.broken import UNKNOWN, left_out

        path, text = f"{page.language.code}/{page.name}", left_out(page, error)
        blank = Page(page.catalogue, page.language, page.name)
        self.composition.records[path] = self._record(UNKNOWN, blank, text, {})
        self.composition.files[f"{path}.md"] = text.encode()
        return self.composition.left_out

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


def _check_names(catalogue: Catalogue) -> None:
    """Raise ChapterError where an experiment's evidence page would lie on another page."""
    for name, declaration in catalogue.declarations.items():
        if evidence_page(name) in (EVIDENCE_INDEX, CLAIMS_PAGE):
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
