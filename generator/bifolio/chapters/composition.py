"""Composes editions in memory: every page that changed is rendered, none is written."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cached_property, partial
from typing import TYPE_CHECKING

from bifolio.chapters.assets import assets
from bifolio.chapters.composed import Composition
from bifolio.chapters.context.catalogue import SUMMARY, Catalogue
from bifolio.chapters.context.edition import CLAIMS_PAGE, EVIDENCE_INDEX, REFERENCES, Chapter, Users, check_names
from bifolio.chapters.context.numbering import ChapterNumbers, references_stand
from bifolio.chapters.context.page import Page, evidence_page
from bifolio.chapters.draft import Draft
from bifolio.chapters.memory import (
    Record,
    file_digest,
    is_current,
    read_records,
    record_of,
    shared_digest,
    stands,
)
from bifolio.chapters.templates.plan import Planned, plan, shared_files
from bifolio.errors import BifolioError, BrokenExperiment
from bifolio.formats.language import Language, load_language
from bifolio.project import Project

if TYPE_CHECKING:
    from bifolio.chapters.making import Maker


def compose(
    project: Project,
    languages: Sequence[str],
    *,
    force: bool = False,
    again: Collection[str] = (),
    catalogue: Catalogue | None = None,
    since: Composition | None = None,
) -> Composition:
    """Render what changed of the given editions, and the pages named in `again`, `language/page`, in any case.

    A page that fails becomes an error, and the others go on. Only what the author wrote is looked at where nobody
    changed docs/ or the evidence `since` another composition; what was found out is then kept when `keep` is called.
    """
    records = {} if force else since.records if since else read_records(project)
    known = {name: record for name, record in records.items() if name not in again}
    catalogue = since.catalogue if since else catalogue or Catalogue(project)
    composer = _Composer(project, catalogue, known, anew=force, standing=since is not None)
    for language in languages:
        composer.edition(language)
    composer.composition.keep = composer.keep
    if since is None:
        composer.keep()
    return composer.composition


class _Composer:
    """The state of one composition."""

    def __init__(
        self, project: Project, catalogue: Catalogue, known: Mapping[str, Record], *, anew: bool, standing: bool
    ) -> None:
        """`standing` tells that docs/ and the evidence are as they were when the records that are known were made."""
        self._project = project
        self._catalogue = catalogue
        self._anew = anew
        self._known = known
        self._standing = standing
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
            check_names(self._catalogue)
        except BifolioError as error:
            self.composition.errors[code] = error
            return
        drafts = [self._draft(language, planned) for planned in pages]
        chapters = {draft.planned.name: draft.numbers for draft in drafts}
        for draft in drafts:
            self._finish(draft, chapters)
        if any(f"{code}/{planned.name}" in self.composition.errors for planned in pages):
            return  # pages of the evidence would not know who shows them
        citers = self._pages_by(pages, lambda record: record.cited)
        if citers and REFERENCES not in (planned.name for planned in pages):
            self._page(language, REFERENCES, repr(citers), lambda page: self._maker.references(page, citers))
        users = self._pages_by(pages, _shown_experiments)
        for name in self._catalogue.declarations:
            write = partial(lambda page, experiment: self._maker.experiment(page, experiment, users), experiment=name)
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

    def _draft(self, language: Language, planned: Planned) -> Draft:
        """Begin a chapter: what it numbers is known from then on, to all of them."""
        path = f"{language.code}/{planned.name}"
        key = self._key(path, file_digest(self._project.templates / planned.template))
        draft = Draft(planned, key, Page(self._catalogue, language, planned.name, anew=self._anew))
        draft.record = self._current(path, key)
        if draft.record is None:
            self._write(draft)
        return draft

    def _write(self, draft: Draft) -> None:
        try:
            draft.text = self._maker.draft(draft.page, draft.planned)
        except BifolioError as error:
            draft.error = error
            self._refuse(draft.page, error)
            path = f"{draft.page.language.code}/{draft.page.name}"
            draft.record = None if path in self.composition.left_out else self.composition.records.get(path)

    def _finish(self, draft: Draft, chapters: ChapterNumbers) -> None:
        """End a chapter, in which references get their numbers; one that stands as it is needs none."""
        path = f"{draft.page.language.code}/{draft.page.name}"
        if draft.record and not draft.error:
            if references_stand(draft.record.referred, chapters):
                self._recall(path, draft.record)
                return
            self._write(draft)
        if not draft.error:
            write = partial(self._maker.chapter, planned=draft.planned, draft=draft.text, chapters=chapters)
            self._make(draft.page, draft.key, write)

    def _page(self, language: Language, name: str, source: str, write: Callable[[Page], str]) -> None:
        path = f"{language.code}/{name}"
        key = self._key(path, source)
        record = self._current(path, key)
        if record:
            self._recall(path, record)
        else:
            self._make(Page(self._catalogue, language, name, anew=self._anew), key, write)

    def _key(self, path: str, source: str) -> str:
        return hashlib.sha256(f"{self._shared}\0{path}\0{source}".encode()).hexdigest()

    def _current(self, path: str, key: str) -> Record | None:
        record = self._known.get(path)
        return record if record and is_current(record, key, self._catalogue, standing=self._standing) else None

    def _recall(self, path: str, record: Record) -> None:
        self.composition.records[path] = record
        self.composition.unchanged.append(path)

    def _make(self, page: Page, key: str, write: Callable[[Page], str]) -> None:
        path = f"{page.language.code}/{page.name}"
        try:
            text = write(page)
            made = {f"{page.language.code}/{file}": data for file, data in page.made.items()}
            files = {f"{path}.md": text.encode(), **made}
            self.composition.records[path] = record_of(page, key, text, files)
            self.composition.files.update(files)
        except BifolioError as error:
            self._refuse(page, error)

    def _refuse(self, page: Page, error: BifolioError) -> None:
        """Tell what is wrong with a page; one that names a broken experiment stays as docs/ has it, or is left out."""
        path = f"{page.language.code}/{page.name}"
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
        self.composition.records[path] = record_of(blank, UNKNOWN, text, {})
        self.composition.files[f"{path}.md"] = text.encode()
        return self.composition.left_out

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
        return shared_digest(self._project, self._catalogue.declarations, shared_files(self._project))


def _shown_experiments(record: Record) -> tuple[str, ...]:
    """Return the experiments of which a page shows something; one that is only counted is not shown."""
    return tuple(sorted({use.of.experiment for use in record.uses if use.kind != SUMMARY}))
