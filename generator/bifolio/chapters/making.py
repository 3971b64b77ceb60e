"""Makes the text of a page: a chapter from its template, a page of the evidence from results; all pass the gate."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path

from jinja2 import Environment

from bifolio.chapters.context.catalogue import Catalogue
from bifolio.chapters.context.edition import Chapter, Users
from bifolio.chapters.context.numbering import ChapterNumbers
from bifolio.chapters.context.page import Page
from bifolio.chapters.front_matter import is_empty, with_front_matter
from bifolio.chapters.gate import Gate
from bifolio.chapters.macros.citations import resolve_citations
from bifolio.chapters.macros.reference import resolve_references
from bifolio.chapters.pages.claims import claims_page
from bifolio.chapters.pages.experiment import experiment_page
from bifolio.chapters.pages.index import index_page
from bifolio.chapters.pages.references import references_page
from bifolio.chapters.templates.compiled import CompiledTemplates
from bifolio.chapters.templates.environment import open_templates, render_template
from bifolio.chapters.templates.pictures import place_pictures
from bifolio.chapters.templates.plan import Planned
from bifolio.chapters.templates.sections import find_sections
from bifolio.errors import BifolioError, ChapterError, FailedClaims
from bifolio.markdown.bars import with_named_bars
from bifolio.markdown.reading import read
from bifolio.storage import read_source


class Maker:
    """Makes pages of one project; what was compiled and what could be drawn is shared by all of them."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._project = catalogue.project
        self._gate = Gate(self._project.cache)
        self._compiled = CompiledTemplates(self._project.cache)

    def keep(self) -> None:
        """Write down what was compiled, and what could be drawn."""
        self._gate.keep()
        self._compiled.keep()

    def draft(self, page: Page, planned: Planned) -> str:
        """Return a chapter in which references have no number yet; raise BifolioError with the template's place."""
        text = render_template(self._templates, planned.template, page)
        template = self._project.templates / planned.template
        file = self._project.relative(template)
        if is_empty(text):
            raise ChapterError("the page is empty", file=file, line=1, found="no text", expected="# A heading {#id}")
        resolved = resolve_citations(page, text, read_source(template), file)
        page.divide(find_sections(read(text), page.mentions, text.parts, self._project.languages))
        return resolved

    def chapter(self, page: Page, planned: Planned, draft: str, chapters: ChapterNumbers) -> str:
        """Return a drafted chapter with its numbers; raise BifolioError, and FailedClaims for claims that fail."""
        template = self._project.templates / planned.template
        written = read_source(template)
        text = resolve_references(page, draft, chapters, written, self._project.relative(template))
        checked = self._checked(page, place_pictures(page, text, template), template)
        if page.failures:
            raise FailedClaims(page.failures)
        return checked

    def references(self, page: Page, citers: Users) -> str:
        return self._evidence(page, lambda: references_page(page, citers))

    def experiment(self, page: Page, experiment: str, users: Users) -> str:
        return self._evidence(page, lambda: experiment_page(page, experiment, users))

    def index(self, page: Page, users: Users, claims: int) -> str:
        return self._evidence(page, lambda: index_page(page, users, claims))

    def claims(self, page: Page, chapters: Sequence[Chapter]) -> str:
        return self._evidence(page, lambda: claims_page(page, chapters))

    def _evidence(self, page: Page, write: Callable[[], str]) -> str:
        return self._checked(page, write(), None)

    def _checked(self, page: Page, text: str, template: Path | None) -> str:
        """Return the page with its front matter, once all that it draws could be drawn; errors name the template."""
        shown = self._project.relative(template or self._project.docs / page.language.code / f"{page.name}.md")
        try:
            front, body = with_front_matter(page, with_named_bars(text))
        except BifolioError as error:
            raise error.at(shown, error.line) from None
        self._gate.check(body, template, shown, above=front.count("\n"))
        return front + body

    @cached_property
    def _templates(self) -> Environment:
        return open_templates(self._catalogue, self._compiled)
